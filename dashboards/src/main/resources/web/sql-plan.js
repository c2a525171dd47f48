// A plan drawn as a graph from the sources to the result: who is asked what, how many rows were expected and came,
// bytes and time.

import {rem} from './chart.js';
import {element, replace, svg} from './dom.js';
import {number, t} from './i18n.js';

const PALETTE = ['#4da3ff', '#35d0ba', '#c99be8', '#ff9a3d', '#7ce07c', '#ff8f9d', '#5fc9e8', '#e0b07a'];
const OWN = 'DuckDB';
/** No step has this name. */
const ANSWER = '';

function colour(name) {
  if (name === OWN) return '#ffd84d';
  const hash = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 100_003, 7);
  return PALETTE[hash % PALETTE.length];
}

/** Gives a node the colour of a library, the same wherever it is shown. */
export function coloured(node, name) {
  node.style.setProperty('--source', colour(name));
  return node;
}

export function bytes(count) {
  if (count < 1000) return `${count} B`;
  return count < 1e6 ? `${number(count / 1e3, 1)} KB` : count < 1e9 ? `${number(count / 1e6, 1)} MB` : `${number(count / 1e9, 2)} GB`;
}

export const millis = (time) => time < 1000 ? `${number(time, time < 10 ? 1 : 0)} ms` : `${number(time / 1000, 2)} s`;

/** How far the expected rows were off: {factor, isUnder}; null where that says nothing. */
export function misjudged(step) {
  if (step.rows === undefined || step.keys >= 0 && step.bind_join) return null;
  const [expected, came] = [Math.max(1, step.estimated_rows), Math.max(1, step.rows)];
  const factor = Math.max(expected / came, came / expected);
  return factor >= 2 ? {factor, isUnder: came > expected} : null;
}

export function planGraph() {
  const summary = element('div.planSummary');
  const lines = svg('svg.edges', {'aria-hidden': 'true'});
  const graph = element('div.planGraph');
  const detail = element('div.planDetail');
  const node = element('div.planPart', {hidden: true}, summary, element('div.planHolder', {tabindex: 0}, graph), detail);
  let plan = null;
  let edges = [];
  let cards = new Map();
  let chosen = null;

  new ResizeObserver(connect).observe(graph);

  /** @param answer what EXPLAIN (FORMAT JSON) told, or lines of text where it has no steps */
  function show(answer) {
    plan = answer;
    chosen = null;
    redraw();
  }

  function redraw() {
    cards = new Map();
    edges = [];
    if (!plan?.steps) {
      replace(summary);
      replace(graph);
      replace(detail, plan ? element('pre', {}, plan.text) : element('p.empty', {}, t('noPlan')));
      return;
    }
    const {steps} = plan;
    const level = new Map();
    steps.forEach((step) => {
      const from = steps.filter((one) => step.reads_steps.includes(one.step));
      level.set(step.step, Math.max(-1, ...from.map((one) => level.get(one.step))) + 1);
      from.forEach((one) => edges.push({from: one.step, to: step.step, isFar: level.get(step.step) > level.get(one.step) + 1, rows: one.rows ?? one.estimated_rows, isKeys: one.step === step.bind_join?.step}));
    });
    const most = Math.max(...steps.map((step) => Math.max(step.estimated_rows, step.rows ?? 0)), 1);
    const slowest = Math.max(...steps.map((step) => step.ms ?? 0));
    const last = Math.max(...level.values());
    replace(graph, lines, Array.from({length: last + 1}, (_, column) => element('div.planLevel', {},
        steps.filter((step) => level.get(step.step) === column).map((step) => card(step, most, slowest)))),
    element('div.planLevel', {}, resultCard(steps.at(-1))));
    edges.push({from: steps.at(-1).step, to: ANSWER, rows: steps.at(-1).rows ?? steps.at(-1).estimated_rows});
    drawSummary(steps);
    choose(chosen ?? steps.at(-1).step);
    connect();
  }

  function drawSummary(steps) {
    const isRun = steps.some((step) => step.rows !== undefined);
    const asked = steps.filter((step) => step.source !== OWN);
    const sum = (key) => asked.reduce((total, step) => total + (step[key] ?? 0), 0);
    replace(summary,
        [...new Set(asked.map((step) => step.source))].map((name) => coloured(element('span.source', {}, name), name)),
        element('span', {}, `${t('planned')} ${millis(plan.planning_ms)}`),
        isRun ? element('span', {}, `${t('fromSources')} ${number(sum('rows'))} ${t('rows')} · ${bytes(sum('bytes'))}`)
          : element('span', {}, t('notRun')));
  }

  /** Rows on a scale of powers, expected above what came. */
  function amount(kind, rows, most) {
    const fill = element('i');
    fill.style.width = `${Math.max(2, 100 * Math.log10(1 + rows) / Math.log10(1 + most))}%`;
    return element(`div.amount.${kind}`, {}, element('span', {}, t(kind)), element('div.track', {}, fill), element('b', {}, number(rows)));
  }

  function card(step, most, slowest) {
    const off = misjudged(step);
    const isRun = step.rows !== undefined;
    const made = coloured(element('button.planCard', {'aria-label': `${step.step} ${step.source}`, onclick: () => choose(step.step)},
        element('div.cardHead', {}, element('b.source', {}, step.source), element('code', {}, step.step),
            off ? element(`span.off.${off.factor >= 10 ? 'far' : 'near'}`, {title: t('offHint')},
                `${t(off.isUnder ? 'underestimated' : 'overestimated')} ×${number(off.factor, off.factor < 10 ? 1 : 0)}`) : null),
        step.snapshot || step.reads_tables.length ? element('small', {}, step.snapshot ?? step.reads_tables.join(', ')) : null,
        amount('estimated', step.estimated_rows, most),
        isRun ? amount('actual', step.rows, most) : null,
        element('div.cardFoot', {},
            step.connections > 1 ? element('span', {}, `${step.connections} ${t('connections')}`) : null,
            step.bind_join ? element('span.keys', {}, step.keys >= 0 ? `${number(step.keys)} ${t('keysOf')} ${step.bind_join.step}` : `${t('keysOf')} ${step.bind_join.step}`) : null,
            isRun && step.source !== OWN ? element('span', {}, bytes(step.bytes)) : null,
            isRun ? element(`span${step.ms === slowest && slowest > 0 ? '.slowest' : ''}`, {}, millis(step.ms)) : null)), step.source);
    cards.set(step.step, made);
    return made;
  }

  function resultCard(step) {
    const made = element('div.planCard.planResult', {}, element('b', {}, t('result')), element('span', {}, `${step.rows === undefined ? '≈ ' : ''}${number(step.rows ?? step.estimated_rows)} ${t('rows')}`));
    cards.set(ANSWER, made);
    return made;
  }

  function choose(name) {
    chosen = name;
    const step = plan.steps.find((one) => one.step === name);
    for (const [key, made] of cards) made.classList.toggle('current', key === name);
    replace(detail, element('h3', {}, coloured(element('span.source', {}, step.source), step.source), ` ${step.step} · ${t(step.source === OWN ? 'computedHere' : 'askedSql')}`),
        step.bind_join ? element('p.note', {}, `${t('bindJoin')} ${step.bind_join.step} (${step.bind_join.columns.join(', ')}), ≈ ${number(step.bind_join.estimated_keys)}, ≤ ${number(step.bind_join.max_keys)}`) : null,
        element('pre', {}, step.sql));
  }

  /** A curve for each edge, the wider the more rows go along it. */
  function connect() {
    if (!graph.isConnected || !cards.size) return;
    const origin = graph.getBoundingClientRect();
    lines.setAttribute('width', graph.scrollWidth);
    lines.setAttribute('height', graph.scrollHeight);
    const size = rem();
    replace(lines, edges.map(({from, to, rows, isKeys, isFar}) => {
      const a = cards.get(from).getBoundingClientRect();
      const b = cards.get(to).getBoundingClientRect();
      const [x1, y1] = [a.right - origin.left, a.top + a.height / 2 - origin.top];
      const [x2, y2] = [b.left - origin.left, b.top + b.height / 2 - origin.top];
      // an edge over a level goes beneath its cards
      const bend = isFar ? 4 * size : (x2 - x1) / 2;
      const drop = isFar ? 8 * size : 0;
      return svg(`path${isKeys ? '.keys' : ''}`, {
        d: `M${x1} ${y1}C${x1 + bend} ${y1 + drop} ${x2 - bend} ${y2 + drop} ${x2} ${y2}`, 'stroke-width': (1.5 + 1.1 * Math.log10(1 + rows)).toFixed(1),
      }, svg('title', {}, `${number(rows)} ${t('rows')}`));
    }));
  }

  return {node, show, redraw};
}
