// Times of works and of exercises: who wrote down what for how long; operators write and end them.

import * as api from './api.js';
import {connect} from './connect.js';
import {element, replace, setText} from './dom.js';
import {pageHeader} from './header.js';
import {pick, setZone, shortTime, t, zoneOffset} from './i18n.js';
import {canAct} from './judge.js';
import {cityNow, onChange, setClock, setIndicators, state} from './state.js';
import {headings, table} from './table.js';

const REFRESH_MILLIS = 20_000;
const HOUR = 3_600_000;
const KINDS = ['maintenance', 'exercise'];

const title = element('h2');
const hint = element('p.note');
const trouble = element('p.error', {role: 'alert'});
const found = element('div.windowList');
const kind = element('select', {name: 'kind'});
const code = element('select.which', {name: 'code'});
const region = element('select', {name: 'region'});
const from = element('input', {type: 'datetime-local', name: 'from', required: true});
const to = element('input', {type: 'datetime-local', name: 'to', required: true});
const reason = element('input.reason', {name: 'reason', required: true, maxlength: 2000});
const write = element('button.primary.writeWindow');
const past = element('input', {type: 'checkbox', name: 'past', onchange: load});
const words = {quietKind: element('span'), indicator: element('span'), region: element('span'), from: element('span'), to: element('span'), reason: element('span'), showPast: element('span')};
let windows = [];

replace(document.getElementById('windows'), element('section.panel', {}, title, hint,
    element('form.seriesBar', {onsubmit: create},
        element('label', {}, words.quietKind, kind), element('label', {}, words.indicator, code), element('label', {}, words.region, region),
        element('label', {}, words.from, from), element('label', {}, words.to, to), element('label', {}, words.reason, reason), write),
    trouble, element('label', {}, past, words.showPast), found));
pageHeader('quietWindows', draw);
begin();

/** A time as the field shows it: the city's clock. */
const field = (millis) => new Date(millis + zoneOffset(millis)).toISOString().slice(0, 16);

/** What a field shows, as a time; the city's clock may have been set back or forward in between. */
function time(text) {
  const local = Date.parse(`${text}Z`);
  return new Date(local - zoneOffset(local - zoneOffset(local))).toISOString();
}

async function begin() {
  try {
    const [city, indicators] = await Promise.all([api.city(), api.indicators()]);
    state.city = city;
    setZone(city.zone);
    setClock(city.now ?? new Date().toISOString(), city.speed, null);
    setIndicators(indicators);
    from.value = field(cityNow());
    to.value = field(cityNow() + 2 * HOUR);
    onChange(allow);
    connect().open();
    for (;;) {
      await load();
      await new Promise((resolve) => {
        setTimeout(resolve, REFRESH_MILLIS);
      });
    }
  } catch (error) {
    setText(trouble, error.message);
  }
}

async function load() {
  try {
    windows = await api.quietWindows(past.checked);
    setText(trouble, '');
  } catch (error) {
    setText(trouble, error.message);
  }
  draw();
}

const places = () => [{code: state.city.code, name: t('wholeCity')}, ...state.city.districts.map((one) => ({code: one.code, name: pick(one.name)}))];
const placeName = (wanted) => places().find((one) => one.code === wanted)?.name ?? wanted;
const options = (first, rest) => [element('option', {value: ''}, first), ...rest];

function draw() {
  setText(title, t('quietWindows'));
  setText(hint, t('quietHint'));
  for (const [name, label] of Object.entries(words)) setText(label, t(name));
  setText(write, t('writeDown'));
  if (!state.city) return;
  choices(kind, KINDS.map((one) => element('option', {value: one}, t(one))));
  choices(code, options(t('allIndicators'), state.indicators.map((one) => element('option', {value: one.code}, `${one.code} ${pick(one.name)}`))));
  choices(region, options(t('allRegions'), places().map((one) => element('option', {value: one.code}, one.name))));
  replace(found, windows.length ? table(
      headings(['state', 'quietKind', 'from', 'to', 'indicator', 'region', 'reason', 'writtenBy', '']), windows.map(row)) : element('p.note', {}, t('noWindows')));
  allow();
}

/** Keeps what is chosen. */
function choices(select, list) {
  const chosen = select.value;
  replace(select, list);
  if (chosen) select.value = chosen;
}

function row(one) {
  const ended = one.endedAt ? ` (${t('endedEarly')} ${shortTime(Date.parse(one.endedAt))} ${one.endedBy}${one.endNote ? `: ${one.endNote}` : ''})` : '';
  const now = cityNow();
  const stands = one.endedAt || Date.parse(one.to) <= now ? 'over' : Date.parse(one.from) > now ? 'planned' : 'current';
  return [
    element(`td.${stands}`, {}, t(`state_${stands}`)), element('td', {}, t(one.kind)),
    element('td', {}, shortTime(Date.parse(one.from))), element('td', {}, shortTime(Date.parse(one.to)), ended),
    element('td', {}, one.codes.map((wanted) => pick(state.byCode.get(wanted)?.name) || wanted).join(', ') || t('allIndicators')),
    element('td', {}, one.regions.map(placeName).join(', ') || t('allRegions')),
    element('td', {}, one.reason), element('td', {}, `${one.createdBy} ${shortTime(Date.parse(one.createdAt))}`),
    element('td', {}, stands === 'over' ? null : element('button.endWindow', {'data-window': one.id, onclick: () => change(() => api.endQuietWindow(one.id))}, t('endNow'))),
  ];
}

/** Who may write is known only once the connection is up. */
function allow() {
  for (const button of document.querySelectorAll('.writeWindow, .endWindow')) {
    button.disabled = !canAct();
    button.title = canAct() ? '' : t('needsOperator');
  }
}

function create(event) {
  event.preventDefault();
  return change(async () => {
    await api.createQuietWindow({
      kind: kind.value, from: time(from.value), to: time(to.value), reason: reason.value,
      codes: code.value ? [code.value] : [], regions: region.value ? [region.value] : [],
    });
    reason.value = '';
  });
}

async function change(request) {
  try {
    await request();
    await load();
  } catch (error) {
    setText(trouble, error.message);
  }
}
