// Small helpers for building the page without inline HTML or styles.

const SVG = 'http://www.w3.org/2000/svg';

/** element('div.tile.red', {title: 'x', onclick: f}, child, 'text', …) */
export function element(selector, properties = {}, ...children) {
  return fill(document.createElement(selector.split('.')[0]), selector, properties, children);
}

export function svg(selector, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, selector.split('.')[0]), selector, attributes, children);
}

function fill(node, selector, properties, children) {
  const classes = selector.split('.').slice(1);
  if (classes.length) node.setAttribute('class', classes.join(' '));
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
}

export function replace(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/** Sets text only where it changed, so that a quiet wall repaints nothing. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function setClass(node, name) {
  if (node.getAttribute('class') !== name) node.setAttribute('class', name);
}

// Each grade has its own shape as well as its own colour: circle, diamond, triangle, octagon.
export const SHAPES = {
  blue: 'M12 2a10 10 0 1 0 .01 0z',
  yellow: 'M12 .8 23.2 12 12 23.2.8 12z',
  orange: 'M12 1.5 23.4 22.4H.6z',
  red: 'M7.4 1h9.2L23 7.4v9.2L16.6 23H7.4L1 16.6V7.4z',
  ok: 'M4 12.5l5.2 5.2L20 6.5',
};
const MARKS = {blue: '蓝', yellow: '黄', orange: '橙', red: '红'};
const NUMERALS = {blue: 'IV', yellow: 'III', orange: 'II', red: 'I'};

/** The sign of a grade, with its Chinese colour word or its Roman numeral inside. */
export function sign(grade, language = 'zh') {
  const path = svg('path', {d: SHAPES[grade] ?? SHAPES.ok});
  if (!MARKS[grade]) return svg('svg.sign.ok', {viewBox: '0 0 24 24', 'aria-hidden': 'true'}, path);
  const text = svg('text', {x: 12, y: grade === 'orange' ? 20 : 16.4, 'text-anchor': 'middle'},
      language === 'zh' ? MARKS[grade] : NUMERALS[grade]);
  return svg(`svg.sign.${grade}`, {viewBox: '0 0 24 24', role: 'img', 'aria-label': grade}, path, text);
}
