// One indicator's history: the line with its expected band, anomalies, gaps where periods are missing, trust as a row
// beneath, and the definition beside it.

import * as api from './api.js';
import {historyOption, openChart} from './chart.js';
import {element, replace, sign} from './dom.js';
import {currentLanguage, number, pick, shortTime, t} from './i18n.js';
import {cityNow, grainMillis, state} from './state.js';

const RANGES = {day: 1, week: 7, month: 28};
const DAY = 86_400_000;
const MOST_EPISODES = 12;

export function historyPanel(node, closed) {
  let chart = null;
  let current = null;
  let range = 'week';
  let data = null;
  let reloadAt = 0;

  async function open(code, region) {
    current = {code, region};
    node.hidden = false;
    await load();
  }

  function close() {
    current = null;
    data = null;
    chart?.dispose();
    chart = null;
    node.hidden = true;
    replace(node);
  }

  async function load() {
    const {code, region} = current;
    const to = cityNow() + grainMillis(state.byCode.get(code)?.grain ?? 'PT1H');
    try {
      const answer = await api.history(code, region, to - RANGES[range] * DAY, to);
      if (!current || current.code !== code || current.region !== region) return;
      data = answer;
      reloadAt = performance.now() + 15_000;
      if (chart && chart.of === `${code}|${region}|${currentLanguage()}`) chart.setOption(option(), {replaceMerge: ['series']});
      else draw();
    } catch (error) {
      if (current) replace(node, frame(state.byCode.get(code), element('p.error', {}, error.message)));
    }
  }

  /** Called with every frame of the wall; loads anew now and then so that the line moves on. */
  function render() {
    if (current && data && performance.now() > reloadAt) {
      reloadAt = Infinity;
      load();
    }
  }

  function draw() {
    chart?.dispose();
    const indicator = state.byCode.get(current.code);
    const holder = element('div.chart');
    replace(node, frame(indicator, holder));
    chart = openChart(holder);
    chart.of = `${current.code}|${current.region}|${currentLanguage()}`;
    chart.setOption(option());
  }

  function option() {
    const indicator = state.byCode.get(current.code);
    return historyOption(data, indicator, current.region, grainMillis(indicator?.grain ?? 'PT1H'));
  }

  function frame(indicator, content) {
    const places = [{code: state.city.code, name: t('wholeCity')}, ...state.city.districts];
    return [
      element('header.historyHead', {},
          element('button.back', {onclick: closed}, `‹ ${t('back')}`),
          element('h1', {}, indicator ? pick(indicator.name) : current.code),
          element('code', {}, current.code),
          element('a.button', {href: `/indicators.html#${current.code}/${current.region}`}, t('details')),
          element('select', {'aria-label': t('map'), onchange: (event) => {
            location.hash = `#/indicator/${current.code}/${event.target.value}`;
          }}, places.map((place) => element('option',
              {value: place.code, selected: place.code === current.region}, pick(place.name)))),
          element('div.ranges', {}, Object.keys(RANGES).map((name) => element(`button${name === range ? '.current' : ''}`, {
            onclick: () => {
              range = name;
              if (chart) chart.of = '';
              load();
            }}, t(name))))),
      element('div.historyBody', {}, content, indicator ? definition(indicator) : null),
    ];
  }

  function definition(indicator) {
    const row = (name, ...content) => [element('dt', {}, t(name)), element('dd', {}, content)];
    return element('aside.definition', {},
        element('dl', {},
            row('newestValue', newest(indicator)),
            row('caliber', pick(indicator.caliber)),
            row('grain', `${indicator.grain} · v${indicator.version}`),
            row('direction', t(indicator.direction)),
            row('thresholds', (indicator.thresholds ?? []).length
              ? indicator.thresholds.map((threshold) => element('div.threshold', {}, sign(threshold.grade, currentLanguage()), element('code', {}, threshold.when)))
              : '–'),
            row('episodes', episodes()),
            row('definition', element('pre', {}, indicator.sql ?? '–'))));
  }

  function newest(indicator) {
    const point = data?.points?.at(-1);
    if (!point) return '–';
    return element('div.newest', {}, element('b', {}, number(point.value, indicator.unit?.decimals ?? 1)),
        element('span', {}, pick(indicator.unit?.display)), element(`span.trust.${point.trust}`, {}, t(point.trust)),
        element('small', {}, `${shortTime(Date.parse(point.periodStart))} · n=${number(point.n)}`));
  }

  function episodes() {
    const alerts = (data?.alerts ?? []).filter((alert) => alert.latest.key.region === current.region);
    if (!alerts.length) return t('none');
    return alerts.slice(-MOST_EPISODES).reverse().map((alert) => element('div.episode', {},
        sign(alert.grade, currentLanguage()),
        element('span', {}, `${shortTime(Date.parse(alert.startsAt))} · ${t(alert.state)}`),
        element('small', {}, (alert.latest.reasons?.[currentLanguage()] ?? [])[0] ?? '')));
  }

  addEventListener('resize', () => chart?.resize());
  return {open, close, render, redraw: () => current && data && draw(), isOpen: () => current !== null};
}
