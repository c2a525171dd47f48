// The definition editor: a text that starts from a definition or a template, what is wrong with it while one types,
// and a trial of it on history. The text stays in this browser until it is downloaded.

import * as api from './api.js';
import {element, replace, setText} from './dom.js';
import {download} from './download.js';
import {pageHeader} from './header.js';
import {pick, setZone, t} from './i18n.js';
import {trialPanel} from './trial.js';

const TYPING_MILLIS = 450;
const KEPT = 'chengmai.definition';
const {CodeMirror} = globalThis;

const title = element('h2');
const start = element('select', {onchange: () => {
  if (isChanged && !confirm(t('replaceText'))) start.value = began;
  else load(start.value);
}});
const startLabel = element('span');
const saveButton = element('button.primary', {onclick: save});
const changedNote = element('small.changed', {role: 'status'});
const hint = element('p.note');
const holder = element('div.code');
const checkTitle = element('h2');
const outcome = element('div.outcome', {role: 'status'});
const trial = trialPanel(document.getElementById('trial'), () => editor.getValue());
let indicators = [];
let problems = null;
let isChanged = false;
let began = '';
let asking = null;
let timer = null;

replace(document.getElementById('text'), element('div.seriesBar', {}, title, element('label', {}, startLabel, start), changedNote, saveButton), holder, hint);
replace(document.getElementById('check'), checkTitle, outcome);

const editor = CodeMirror(holder, {
  mode: 'yaml',
  lineNumbers: true,
  indentUnit: 2,
  tabSize: 2,
  gutters: ['CodeMirror-linenumbers', 'problemGutter'],
  screenReaderLabel: 'YAML',
  // Tab leaves the editor, so that the keyboard reaches the rest of the page; Ctrl-] and Ctrl-[ indent.
  extraKeys: {Tab: false, 'Shift-Tab': false},
});
editor.on('change', (_, change) => {
  if (change.origin !== 'setValue') setChanged(true);
  sessionStorage.setItem(KEPT, JSON.stringify({text: editor.getValue(), began, isChanged}));
  outcome.setAttribute('aria-busy', 'true');
  clearTimeout(timer);
  timer = setTimeout(check, change.origin === 'setValue' ? 0 : TYPING_MILLIS);
});

function setChanged(value) {
  isChanged = value;
  setText(changedNote, isChanged ? t('changedText') : '');
}

function words() {
  setText(title, t('yaml'));
  setText(startLabel, t('start'));
  setText(saveButton, t('downloadYaml'));
  setText(hint, t('whereTo'));
  setText(checkTitle, t('problems'));
  setChanged(isChanged);
  const domains = [...new Set(indicators.map((indicator) => indicator.domain))];
  replace(start, element('option', {value: ''}, t('emptyTemplate')), domains.map((domain) => element('optgroup', {label: t(domain)},
      indicators.filter((indicator) => indicator.domain === domain).map((indicator) =>
        element('option', {value: indicator.code}, `${indicator.code} ${pick(indicator.name)}`)))));
  start.value = began;
  showProblems();
  trial.redraw();
}

async function load(code) {
  try {
    const text = code ? await api.definitionText(code) : await (await api.request('/template.yaml')).text();
    began = code;
    start.value = code;
    setChanged(false);
    editor.setValue(text);
    history.replaceState(null, '', code ? `#${code}` : '#');
  } catch (error) {
    replace(outcome, element('p.error', {}, error.message));
  }
}

async function check() {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  setText(checkTitle, `${t('problems')} · ${t('checking')}`);
  try {
    const answer = await api.check(editor.getValue(), mine.signal);
    if (asking !== mine) return;
    ({problems} = answer);
    showProblems();
  } catch (error) {
    if (asking !== mine) return;
    problems = null;
    showProblems();
    replace(outcome, element('p.error', {}, error.status === 403 ? t('needsAnalyst') : error.message));
  }
  outcome.removeAttribute('aria-busy');
  setText(checkTitle, t('problems'));
}

function showProblems() {
  editor.clearGutter('problemGutter');
  // a function that answers something would end the walk
  editor.eachLine((line) => {
    editor.removeLineClass(line, 'wrap', 'problemLine');
  });
  if (!problems) return;
  for (const {line, message} of problems) {
    if (line < 1 || line > editor.lineCount()) continue;
    editor.setGutterMarker(line - 1, 'problemGutter', element('span.problemMark', {title: message, 'aria-hidden': 'true'}, '▲'));
    editor.addLineClass(line - 1, 'wrap', 'problemLine');
  }
  replace(outcome, problems.length ? element('ol.problemList', {}, problems.map((problem) => element('li', {}, element('button', {
    onclick: () => {
      editor.focus();
      editor.setCursor(Math.max(0, problem.line - 1), 0);
      editor.scrollIntoView(null, 120);
    },
  }, problem.line ? element('b', {}, `${t('line')}${problem.line}${t('lineEnd')}`) : null, element('code', {}, problem.path),
  element('span', {}, problem.message), element('small', {}, problem.code))))) : element('p.fine', {}, `✓ ${t('noProblems')}`));
}

function save() {
  const [, code] = /^\s*code:\s*["']?([\w-]+)/m.exec(editor.getValue()) ?? [];
  download(`${code ?? 'definition'}.yaml`, editor.getValue(), 'application/yaml');
  setChanged(false);
}

async function run() {
  words();
  pageHeader('editor', words);
  try {
    const [city, cards] = await Promise.all([api.city(), api.search('')]);
    setZone(city.zone);
    trial.begin(city);
    indicators = cards;
  } catch (error) {
    replace(outcome, element('p.error', {}, error.message));
  }
  words();
  const wanted = decodeURIComponent(location.hash.slice(1));
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? 'null');
  if (kept && (!wanted || wanted === kept.began)) {
    began = kept.began;
    start.value = began;
    setChanged(kept.isChanged);
    editor.setValue(kept.text);
  } else load(wanted);
}

addEventListener('hashchange', () => {
  const wanted = decodeURIComponent(location.hash.slice(1));
  if (wanted !== began && (!isChanged || confirm(t('replaceText')))) load(wanted);
});
addEventListener('beforeunload', (event) => {
  if (isChanged) event.preventDefault();
});

run();
