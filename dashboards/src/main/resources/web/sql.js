// The SQL page: catalogue, history and saved queries beside an editor; below it the result as a table, a chart, a plan.

import * as api from './api.js';
import {copy} from './copy.js';
import {element, replace, setText} from './dom.js';
import {download} from './download.js';
import {pageHeader} from './header.js';
import {number, t} from './i18n.js';
import {catalogPanel} from './sql-catalog.js';
import {resultChart} from './sql-chart.js';
import {sqlEditor} from './sql-editor.js';
import {resultGrid} from './sql-grid.js';
import {historyPanel, savedPanel} from './sql-history.js';
import {bytes, coloured, millis, planGraph} from './sql-plan.js';
import {progressPanel} from './sql-progress.js';
import {readRows} from './sql-rows.js';
import {parameters} from './sql-text.js';

/** More are not kept in the page; a download has them all. */
const MOST_ROWS = 100_000;
const KEPT = 'chengmai.sql';
const FORMATS = [['csv', 'csv&bom=true', 'CSV'], ['ndjson', 'ndjson', 'NDJSON'], ['arrow', 'arrow', 'Arrow']];
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

const labels = [];
const button = (selector, key, act, more = {}) => {
  const made = element(`button.${selector}`, {onclick: act, ...more});
  labels.push([made, key]);
  return made;
};

const status = element('span.status', {role: 'status'});
const figures = element('div.figuresLine');
const trouble = element('pre.error', {hidden: true, role: 'alert'});
const runButton = button('primary.run', 'run', () => run());
const stopButton = button('stop', 'stop', () => running?.abort(), {disabled: true});
const examples = element('select.examples', {onchange: () => {
  if (examples.value) open(EXAMPLES.find(([name]) => name === examples.value)[1]);
  examples.value = '';
}});
const fields = element('div.fields', {hidden: true});
const values = new Map();
const downloads = element('div.group', {}, FORMATS.map(([name, format, title]) => element(`button.download.${name}`, {onclick: () => save(name, format, title)}, title)));
const downloadWord = element('span.word');
const copyWord = element('span.word');
labels.push([downloadWord, 'download'], [copyWord, 'copy']);

const holder = element('div.code');
const editor = sqlEditor(holder, {run: () => run(), changed: (text) => {
  sessionStorage.setItem(KEPT, text);
  showFields();
}});
const grid = resultGrid(say);
const chart = resultChart();
const plan = planGraph();
const progress = progressPanel();
const catalog = catalogPanel({insert: editor.insert, look: (sql) => {
  open(sql);
  run();
}});
const past = historyPanel(open);
const saved = savedPanel({open, text: () => editor.query().sql});
const side = tabs([['catalog', catalog.node], ['history', past.node, past.load], ['savedQueries', saved.node, saved.load]]);
const views = tabs([['table', grid.node], ['chart', chart.node, () => chart.show(grid.table())], ['plan', plan.node, plan.redraw]]);
const copies = element('div.group.copies', {}, copyWord, element('button.copyCsv', {onclick: grid.copyCsv}, 'CSV'), element('button.copyMarkdown', {onclick: grid.copyMarkdown}, 'Markdown'));
let running = null;
/** Whether the answer ended without the reason, which the log then tells. */
let isBrokenOff = false;

document.getElementById('side').append(side.bar, catalog.node, past.node, saved.node);
document.getElementById('query').append(holder, fields, element('div.bar', {}, runButton, stopButton,
    button('explain', 'explain', () => explain(false)), button('analyze', 'analyze', () => explain(true), {title: 'EXPLAIN ANALYZE'}),
    element('span.gap'), button('format', 'format', editor.format, {title: 'Shift+Alt+F'}), button('save', 'saveQuery', () => saved.save(() => {
      side.show('savedQueries');
      say(t('isSaved'));
    })), button('share', 'share', share), examples));
document.getElementById('outcome').append(element('div.outcomeHead', {}, views.bar, status, copies, element('div.group', {}, downloadWord, downloads)),
    figures, progress.node, trouble, grid.node, chart.node, plan.node);

/** Parts of which one is seen: [key, node, shown(): called when it comes into sight]. */
function tabs(parts) {
  const bar = element('div.tabs', {role: 'tablist'});
  const buttons = parts.map(([key], index) => {
    const made = button('tab', key, () => show(key), {role: 'tab', 'aria-selected': String(index === 0)});
    bar.append(made);
    return made;
  });
  function show(key) {
    parts.forEach(([name, node], index) => {
      node.hidden = name !== key;
      buttons[index].setAttribute('aria-selected', String(name === key));
    });
    parts.find(([name]) => name === key)[2]?.();
  }
  return {bar, show, isShown: (key) => !parts.find(([name]) => name === key)[1].hidden};
}

function say(text) {
  setText(status, text);
}

function open(text) {
  editor.setText(text);
  editor.focus();
}

function words() {
  for (const [node, key] of labels) setText(node, t(key));
  examples.setAttribute('aria-label', t('examples'));
  replace(examples, element('option', {value: ''}, `${t('examples')}…`), EXAMPLES.map(([name]) => element('option', {value: name}, t(name))));
  for (const part of [catalog, past, saved, grid, chart]) part.redraw();
  plan.redraw();
  showFields();
}

/** A field for each parameter of the statement; what was typed stays with its name. */
function showFields() {
  const {names} = parameters(editor.query().sql);
  if (fields.dataset.names === names.join() && fields.lang === document.documentElement.lang) return;
  fields.dataset.names = names.join();
  fields.lang = document.documentElement.lang;
  fields.hidden = !names.length;
  replace(fields, names.map((name) => {
    const input = element('input', {placeholder: 'NULL', oninput: () => values.set(name, input.value)});
    input.value = values.get(name) ?? '';
    return element('label', {}, element('code', {}, name), input);
  }), names.length ? element('small', {}, t('emptyIsNull')) : null);
}

/** What is to run: {sql, parameters, from, id}; from is where it stands in the editor. */
function query() {
  const {sql, from} = editor.query();
  const asked = parameters(sql);
  return {sql: asked.sql, from, id: newId(), parameters: asked.names.map((name) => values.get(name) || null)};
}

/** A random UUID, also on a page that came without encryption, where browsers have no function for it. */
function newId() {
  const digits = [...crypto.getRandomValues(new Uint8Array(16))].map((byte, index) =>
    (index === 6 ? byte & 0x0f | 0x40 : index === 8 ? byte & 0x3f | 0x80 : byte).toString(16).padStart(2, '0')).join('');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Runs something that asks the engine, with clock, progress and cancelling around it; work answers what there is to say; ended is called with the query's id when the engine is done. */
async function watched(asked, work, ended = showFigures) {
  if (!asked.sql.trim()) return;
  running?.abort();
  const mine = new AbortController();
  running = mine;
  const started = performance.now();
  const time = () => millis(performance.now() - started);
  editor.clearError();
  trouble.hidden = true;
  isBrokenOff = false;
  replace(figures);
  stopButton.disabled = false;
  const tell = () => say(`${t('running')} ${grid.size() ? `${number(grid.size())} ${t('rows')} · ` : ''}${time()}`);
  say(t('running'));
  const clock = setInterval(tell, 100);
  progress.follow(asked.id);
  let outcome = '';
  try {
    outcome = `${await work(mine.signal)} · ${time()}`;
  } catch (error) {
    outcome = mine.signal.aborted ? `${t('cancelled')} · ${time()}` : time();
    if (!mine.signal.aborted && running === mine) fail(error, asked);
  } finally {
    clearInterval(clock);
    if (running === mine) {
      running = null;
      stopButton.disabled = true;
      progress.stop();
      say(outcome);
      ended(asked.id);
    }
  }
}

function fail(error, asked) {
  trouble.hidden = false;
  isBrokenOff = error.name === 'TypeError';
  setText(trouble, isBrokenOff ? t('brokenOff') : error.message);
  editor.showError(error.message, asked.from);
}

function run() {
  const asked = query();
  if (/^\s*explain\b/i.test(asked.sql)) return explain(/^\s*explain\s*(?:\([^)]*)?\banalyze\b/i.test(asked.sql));
  if (views.isShown('plan')) views.show('table');
  return watched(asked, async (signal) => {
    grid.begin([]);
    const {error, isCut} = await readRows(asked, {columns: grid.begin, rows: (rows) => {
      grid.add(rows.slice(0, MOST_ROWS - grid.size()));
      return grid.size() < MOST_ROWS;
    }}, signal);
    if (error) throw new Error(error.message);
    if (views.isShown('chart')) chart.show(grid.table());
    return `${isCut ? `${t('shown')} ` : ''}${number(grid.size())} ${t('rows')}${isCut ? ` · ${t('downloadHasAll')}` : ''}`;
  });
}

function explain(isAnalyze) {
  const asked = query();
  const bare = asked.sql.replace(/^(\s*explain\b\s*(?:\([^)]*\)\s*)?(?:analyze\b\s*)?(?:plan\s+for\b)?)/i, (text) => text.replace(/[^\n]/g, ' '));
  // in one line with the query, so that its line numbers stay; where in the line, is put right below
  const head = isAnalyze ? 'EXPLAIN (ANALYZE, FORMAT JSON) ' : 'EXPLAIN (FORMAT JSON) ';
  return watched({...asked, sql: bare, from: asked.from}, async (signal) => {
    const lines = [];
    const {error} = await readRows({...asked, sql: head + bare}, {columns: () => {}, rows: (rows) => {
      lines.push(...rows.map(([line]) => line));
      return true;
    }}, signal).catch((problem) => {
      problem.message = problem.message.replace(/line 1, column (\d+)/gi, (_, column) => `line 1, column ${Math.max(1, column - head.length)}`);
      throw problem;
    });
    if (error) throw new Error(error.message);
    plan.show(lines[0]?.startsWith('{') ? JSON.parse(lines[0]) : {text: lines.join('\n')});
    views.show('plan');
    return t('plan');
  }, () => {});
}

function save(name, format, title) {
  const asked = query();
  return watched(asked, async (signal) => {
    const response = await api.request(`/api/v1/sql?format=${format}`, {
      method: 'POST', body: {sql: asked.sql, ...(asked.parameters.length ? {parameters: asked.parameters} : {})}, headers: {'X-Query-Id': asked.id}, signal,
    });
    const content = await response.blob();
    download(`chengmai-${new Date().toISOString().slice(0, 16).replace(/[-:]/g, '')}.${name}`, content);
    return `${title} ${bytes(content.size)}`;
  });
}

/** What the query log tells of it, which it does a moment later. */
async function showFigures(id) {
  for (let attempt = 0; attempt < 5 && !running; attempt++) {
    await new Promise((then) => setTimeout(then, 300));
    let found;
    try {
      found = (await api.queryLog({limit: 20})).queries.find((one) => one.id === id);
    } catch {
      return;
    }
    if (!found) continue;
    if (running) return;
    replace(figures, found.sources.map((name) => coloured(element('span.source', {}, name), name)),
        found.sourceRows ? element('span', {}, `${t('fromSources')} ${number(found.sourceRows)} ${t('rows')} · ${bytes(found.sourceBytes)}`) : '',
        element('span', {}, `${t('queued')} ${millis(found.queueMillis)} · ${t('planned')} ${millis(found.planMillis)} · ${t('ran')} ${millis(found.runMillis)}`
          + (found.firstRowMillis === undefined ? '' : ` (${t('firstRow')} ${millis(found.firstRowMillis)})`)
          + (found.clientMillis === undefined ? '' : ` · ${t('clientRead')} ${millis(found.clientMillis)}`)));
    if (isBrokenOff && found.message) setText(trouble, found.message);
    if (side.isShown('history')) past.load();
    return;
  }
}

async function share() {
  const address = `${location.origin}${location.pathname}#q=${encodeURIComponent(editor.query().sql)}`;
  history.replaceState(null, '', address);
  try {
    await copy(address);
    say(t('linkCopied'));
  } catch (error) {
    say(error.message);
  }
}

/** The query of a link; null where there is none. */
function linked() {
  const [, text] = /^#q=(.*)$/s.exec(location.hash) ?? [];
  try {
    return text === undefined ? null : decodeURIComponent(text);
  } catch {
    return null;
  }
}

addEventListener('hashchange', () => {
  const text = linked();
  if (text !== null && text !== editor.query().sql) open(text);
});
addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) {
    event.preventDefault();
    run();
  }
});

open(linked() ?? sessionStorage.getItem(KEPT) ?? EXAMPLES[0][1]);
words();
pageHeader('sql', words);
api.sqlWords().then(editor.learn, (error) => say(error.message));
api.catalog().then((libraries) => {
  catalog.show(libraries);
  editor.complete(libraries);
}, (error) => catalog.fail(error.message));
