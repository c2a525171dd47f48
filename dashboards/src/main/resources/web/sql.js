// The SQL page: catalogue, query, result.

import * as api from './api.js';
import {element, replace, setText} from './dom.js';
import {download} from './download.js';
import {pageHeader} from './header.js';
import {number, t} from './i18n.js';

const MOST_ROWS = 1_000;
const EXAMPLES = [
  ['newest', `SELECT code, region, MAX(ts) AS newest, COUNT(*) AS points
FROM indicators.vital_signs
GROUP BY code, region
ORDER BY code, region
LIMIT 100`],
  ['observations', `SELECT ts, series, measure, region, val
FROM indicators.observations
WHERE ts >= CURRENT_TIMESTAMP - INTERVAL '1' HOUR
ORDER BY ts DESC
LIMIT 100`],
  ['perDay', `SELECT TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai') AS local_day, code, AVG(val) AS mean, COUNT(*) AS periods
FROM indicators.vital_signs
WHERE trust = 'complete'
GROUP BY TIME_FLOOR(ts, 'P1D', 'Asia/Shanghai'), code
ORDER BY local_day DESC, code
LIMIT 200`],
];

const text = element('textarea', {spellcheck: 'false', 'aria-label': 'SQL', autofocus: true});
const status = element('span.status', {role: 'status'});
const result = element('div.result');
const runButton = element('button.primary.run', {onclick: run});
const stopButton = element('button.stop', {onclick: stop, disabled: true});
const csvButton = element('button.csv', {onclick: downloadCsv});
const examples = element('div.examples');
const filter = element('input', {type: 'search', oninput: showCatalog});
const tree = element('div.tree');
let catalogue = [];
let running = null;
let ticking = null;

text.value = sessionStorage.getItem('chengmai.sql') ?? EXAMPLES[0][1];
document.getElementById('catalog').append(filter, tree);
document.getElementById('query').append(text,
    element('div.bar', {}, runButton, stopButton, csvButton, examples, status), result);
words();
pageHeader('sql', words);
loadCatalog();

addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
});

function words() {
  setText(runButton, t('run'));
  setText(stopButton, t('stop'));
  setText(csvButton, t('csv'));
  filter.placeholder = t('filter');
  replace(examples, element('span', {}, t('examples')), EXAMPLES.map(([name, sql]) =>
    element('button.example', {onclick: () => {
      text.value = sql;
      text.focus();
    }}, t(name))));
}

async function loadCatalog() {
  try {
    catalogue = await api.catalog();
    showCatalog();
  } catch (error) {
    replace(tree, element('p.error', {}, error.message));
  }
}

function showCatalog() {
  const wanted = filter.value.trim().toLowerCase();
  const fits = (library, table) => !wanted || `${library.name}.${table.name}`.toLowerCase().includes(wanted)
    || table.columns.some((column) => column.name.toLowerCase().includes(wanted));
  replace(tree, catalogue.map((library) => {
    const tables = library.tables.filter((table) => fits(library, table));
    return tables.length ? element('details.schema', {open: true}, element('summary', {}, library.name),
        tables.map((table) => element('details.table', {open: Boolean(wanted)},
            element('summary', {ondblclick: (event) => {
              event.preventDefault();
              insert(`${library.name}.${table.name}`);
            }}, table.name, element('small', {}, table.rows === undefined ? '' : `≈ ${number(table.rows)} ${t('rows')}`)),
            element('ul', {}, table.columns.map((column) => element('li', {onclick: () => insert(column.name), title: figures(column)},
                element('span', {}, column.name), element('small', {}, column.type))))))) : null;
  }));
}

/** What the library's own catalogue tells of a column, by which queries are planned. */
function figures(column) {
  return column.distinct === undefined ? ''
    : `≈ ${number(column.distinct)} ${t('distinct')}, ${number(column.nullFraction * 100)} % NULL`;
}

function insert(word) {
  text.setRangeText(word, text.selectionStart, text.selectionEnd, 'end');
  text.focus();
}

/** The selected part where there is one, otherwise all. */
function query() {
  const selected = text.value.slice(text.selectionStart, text.selectionEnd).trim();
  return {sql: selected || text.value, offset: selected ? text.selectionStart : 0};
}

async function withClock(work) {
  stop();
  const controller = new AbortController();
  const started = performance.now();
  running = controller;
  sessionStorage.setItem('chengmai.sql', text.value);
  stopButton.disabled = false;
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(2)} s`;
  setText(status, t('running'));
  ticking = setInterval(() => setText(status, `${t('running')} ${seconds()}`), 100);
  try {
    const outcome = await work(controller.signal);
    finish(controller);
    setText(status, `${outcome} · ${seconds()}`);
  } catch (error) {
    if (running !== controller && error.name !== 'AbortError') return;
    finish(controller);
    if (error.name === 'AbortError') setText(status, `${t('cancelled')} · ${seconds()}`);
    else showError(error, seconds());
  }
}

function finish(controller) {
  if (running !== controller) return;
  clearInterval(ticking);
  running = null;
  stopButton.disabled = true;
}

function stop() {
  if (!running) return;
  clearInterval(ticking);
  const controller = running;
  running = null;
  stopButton.disabled = true;
  // The server cancels the query when the connection closes.
  controller.abort();
}

function run() {
  const {sql} = query();
  return withClock(async (signal) => {
    const response = await api.request('/api/v1/sql', {method: 'POST', body: {sql}, headers: {Accept: 'application/json'}, signal});
    const table = await response.json();
    show(table);
    const rows = table.rows.length;
    return `${number(rows)} ${t('rows')}${rows > MOST_ROWS ? ` (${t('shown')} ${number(MOST_ROWS)})` : ''}`;
  });
}

function downloadCsv() {
  const {sql} = query();
  return withClock(async (signal) => {
    const response = await api.request('/api/v1/sql', {method: 'POST', body: {sql}, headers: {Accept: 'text/csv'}, signal});
    download('chengmai.csv', await response.blob());
    return 'CSV';
  });
}

const NUMERIC = /INT|DOUBLE|FLOAT|REAL|DECIMAL|NUMERIC/i;

function show(table) {
  const numeric = table.columns.map((column) => NUMERIC.test(column.type));
  replace(result, element('table', {},
      element('thead', {}, element('tr', {}, table.columns.map((column, index) =>
        element(`th${numeric[index] ? '.numeric' : ''}`, {title: column.type}, column.name, element('small', {}, column.type))))),
      element('tbody', {}, table.rows.slice(0, MOST_ROWS).map((row) => element('tr', {}, row.map((cell, index) =>
        element(`td${cell === null ? '.null' : numeric[index] ? '.numeric' : ''}`, {}, cell === null ? 'NULL' : String(cell))))))));
}

/** The server's words, and the cursor put where it points: "line 2, column 8". */
function showError(error, seconds) {
  setText(status, seconds);
  const [, line, column] = /line (\d+), column (\d+)/i.exec(error.message) ?? [];
  replace(result, element('pre.error', {}, error.message));
  if (!line) return;
  const {offset} = query();
  const before = text.value.slice(offset).split('\n').slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
  const at = Math.min(text.value.length, offset + before + Number(column) - 1);
  text.focus();
  text.setSelectionRange(at, at);
}
