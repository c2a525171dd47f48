// A result as a table of any length: only the rows in sight are in the page. Sorted by a click on a heading, walked through
// with the arrow keys, copied as a cell, a column, or whole.

import {copy} from './copy.js';
import {rem} from './chart.js';
import {element, replace, setText, svg} from './dom.js';
import {number, t} from './i18n.js';

const MEASURED_ROWS = 200;
const BEYOND = 8;
const NUMERIC = /^(?:TINYINT|SMALLINT|INT|BIGINT|DOUBLE|FLOAT|REAL|DECIMAL|NUMERIC)/i;

export const isNumeric = (column) => NUMERIC.test(column.type);

/** A value as text. */
export function shown(value) {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** @param said is told what was copied */
export function resultGrid(said) {
  const head = element('div.gridHead', {role: 'row'});
  const body = element('div.gridBody', {role: 'rowgroup'});
  const hint = element('p.empty');
  const node = element('div.grid', {role: 'grid', tabindex: 0, onscroll: () => draw(), onkeydown: keys}, head, body, hint);
  let columns = [];
  let rows = [];
  let order = [];
  let sorted = null;
  let active = null;
  let height = 24;
  let isMeasured = false;
  let planned = 0;
  let arranged = 0;

  new ResizeObserver(later).observe(node);

  function begin(found) {
    columns = found;
    rows = [];
    order = [];
    sorted = null;
    active = null;
    isMeasured = false;
    node.scrollTo(0, 0);
    drawHead();
    later();
  }

  function add(more) {
    for (const row of more) {
      order.push(rows.length);
      rows.push(row);
    }
    later();
  }

  /** Rows come faster than the page is painted. */
  function later() {
    planned ||= requestAnimationFrame(() => {
      planned = 0;
      if (sorted && order.length > arranged) arrange();
      measure();
      draw();
    });
  }

  function measure() {
    height = Math.round(1.75 * rem());
    body.style.height = `${rows.length * height}px`;
    node.setAttribute('aria-rowcount', rows.length + 1);
    if (isMeasured && rows.length > MEASURED_ROWS) return;
    const pen = document.createElement('canvas').getContext('2d');
    pen.font = `${rem()}px ${getComputedStyle(node).fontFamily}`;
    const sample = rows.slice(0, MEASURED_ROWS);
    const widths = columns.map((column, index) => {
      const widest = sample.reduce((most, row) => Math.max(most, pen.measureText(shown(row[index]).slice(0, 120)).width), 0);
      return Math.ceil(Math.min(28 * rem(), Math.max(widest, pen.measureText(column.name).width * 1.05 + 3.2 * rem(), pen.measureText(column.type).width * 0.85 + rem())) + 1.9 * rem());
    });
    const first = Math.ceil(pen.measureText(number(Math.max(rows.length, 100))).width + 1.6 * rem());
    node.style.setProperty('--columns', `${first}px ${widths.map((width) => `${width}px`).join(' ')}`);
    isMeasured = sample.length > 0;
  }

  function drawHead() {
    head.hidden = !columns.length;
    hint.hidden = columns.length > 0;
    setText(hint, t('runHint'));
    replace(head, element('span.gridCell.rowNumber', {role: 'columnheader'}, '#'), columns.map((column, index) => {
      const isSorted = sorted?.column === index;
      return element(`span.gridCell${isNumeric(column) ? '.numeric' : ''}`, {
        role: 'columnheader', 'aria-sort': isSorted ? sorted.isDescending ? 'descending' : 'ascending' : 'none',
      },
      element('button.plain.sort', {title: t('sortBy'), onclick: () => sort(index)},
          element('b', {}, column.name, isSorted ? sorted.isDescending ? ' ▼' : ' ▲' : ''), element('small', {}, column.type)),
      element('button.small.copyColumn', {title: t('copyColumn'), 'aria-label': `${t('copyColumn')} ${column.name}`, onclick: () => copyColumn(index)},
          svg('svg', {viewBox: '0 0 16 16', 'aria-hidden': 'true'}, svg('path', {d: 'M5 5h9v9H5zM11 5V2H2v9h3'}))));
    }));
  }

  function draw() {
    const first = Math.max(0, Math.floor(node.scrollTop / height) - BEYOND);
    const last = Math.min(rows.length, Math.ceil((node.scrollTop + node.clientHeight) / height) + BEYOND);
    const made = [];
    for (let place = first; place < last; place++) made.push(line(place));
    replace(body, made);
  }

  function line(place) {
    const row = rows[order[place]];
    const made = element('div.gridRow', {role: 'row', 'aria-rowindex': place + 2},
        element('span.gridCell.rowNumber', {role: 'rowheader'}, number(place + 1)),
        columns.map((column, index) => {
          const value = row[index];
          const isActive = active?.place === place && active.column === index;
          const text = shown(value);
          return element(`span.gridCell${value === null ? '.null' : ''}${isNumeric(column) ? '.numeric' : ''}${isActive ? '.active' : ''}`, {
            role: 'gridcell', title: text.length > 24 ? text : null, onclick: () => choose(place, index),
          }, text);
        }));
    made.style.transform = `translateY(${place * height}px)`;
    made.style.height = `${height}px`;
    return made;
  }

  function choose(place, column) {
    active = {place: Math.max(0, Math.min(rows.length - 1, place)), column: Math.max(0, Math.min(columns.length - 1, column))};
    const top = active.place * height;
    const room = node.clientHeight - head.offsetHeight - height;
    if (top < node.scrollTop) node.scrollTop = top;
    else if (top > node.scrollTop + room) node.scrollTop = top - room;
    draw();
    body.querySelector('.active')?.scrollIntoView({block: 'nearest', inline: 'nearest'});
  }

  function keys(event) {
    if (event.target !== node || !rows.length) return;
    const page = Math.max(1, Math.floor(node.clientHeight / height) - 2);
    const at = active ?? {place: 0, column: 0};
    const moves = {
      ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1], PageDown: [page, 0], PageUp: [-page, 0],
      Home: [0, -at.column], End: [0, columns.length],
    };
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c' && active && !String(getSelection())) {
      event.preventDefault();
      hand(shown(rows[order[active.place]][active.column]), t('cell'));
    } else if (moves[event.key]) {
      event.preventDefault();
      const [down, right] = active ? moves[event.key] : [0, 0];
      choose(at.place + down, at.column + right);
    }
  }

  /** Ascending, descending, as it came. Nulls are larger than everything, as in the engine. */
  function sort(index) {
    if (sorted?.column !== index) sorted = {column: index, isDescending: false};
    else if (sorted.isDescending) sorted = null;
    else sorted.isDescending = true;
    active = null;
    arrange();
    drawHead();
    draw();
  }

  function arrange() {
    order = rows.map((_, place) => place);
    arranged = order.length;
    if (sorted) {
      const {column: index, isDescending} = sorted;
      const way = isDescending ? -1 : 1;
      const compare = isNumeric(columns[index]) ? (a, b) => Number(a) - Number(b) : (a, b) => a < b ? -1 : a > b ? 1 : 0;
      order.sort((one, other) => {
        const [a, b] = [rows[one][index], rows[other][index]];
        return way * (a === null || b === null ? Number(a === null) - Number(b === null) : compare(a, b)) || one - other;
      });
    }
  }

  async function hand(text, what) {
    try {
      await copy(text);
      said(`${t('copied')}: ${what}`);
    } catch (error) {
      said(error.message);
    }
  }

  const all = () => order.map((place) => rows[place]);
  const rowsOf = () => `${number(rows.length)} ${t('rows')}`;

  function copyColumn(index) {
    return hand(all().map((row) => row[index] === null ? '' : shown(row[index])).join('\n'), `${columns[index].name}, ${rowsOf()}`);
  }

  /** As RFC 4180: null is empty, the empty text is "". */
  function copyCsv() {
    const field = (text) => text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    const lines = [columns.map((column) => field(column.name)), ...all().map((row) => row.map((value) => value === null ? '' : field(shown(value))))];
    return hand(lines.map((line) => line.join(',')).join('\r\n'), `CSV, ${rowsOf()}`);
  }

  function copyMarkdown() {
    const field = (text) => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replace(/\r?\n/g, '<br>');
    const line = (fields) => `| ${fields.join(' | ')} |`;
    return hand([line(columns.map((column) => field(column.name))), line(columns.map((column) => isNumeric(column) ? '---:' : '---')),
      ...all().map((row) => line(row.map((value) => field(shown(value)))))].join('\n'), `Markdown, ${rowsOf()}`);
  }

  return {
    node, begin, add, copyCsv, copyMarkdown,
    redraw: drawHead,
    table: () => ({columns, rows}),
    size: () => rows.length,
  };
}
