// What an indicator's detectors would have alarmed on its stored history: per day, on the course of one region, and as
// a list beside the alerts that there were. The address says what is shown: #CODE or #CODE/region.

import * as api from './api.js';
import {dayBars, dayOption, historyOption, openChart, rem} from './chart.js';
import {element, replace, setText, sign} from './dom.js';
import {pageHeader} from './header.js';
import {currentLanguage, number, pick, setZone, shortTime, t} from './i18n.js';
import {jobRun} from './job.js';
import {grainMillis} from './state.js';
import {headings, more, table} from './table.js';

const USUAL_DAYS = 14;
const DAY = 86_400_000;
const MOST_ALERTS = 200;
const COLOURS = {threshold: '#ff9a3d', seasonal: '#35d0ba', forecast: '#4da3ff', feed: '#c99be8'};
const OTHER_COLOUR = '#d9c36a';

const title = element('h2');
const hint = element('p.note');
const code = element('select.which', {onchange: choose});
const place = element('select.place', {onchange: choose});
const from = element('input', {type: 'date', required: true});
const to = element('input', {type: 'date'});
const labels = {indicators: element('span'), region: element('span'), from: element('span'), to: element('span')};
const runButton = element('button.primary.runTrial', {onclick: run});
const stopButton = element('button.stopTrial', {disabled: true});
const progress = element('div.trialProgress', {role: 'status'});
const trouble = element('div');
const panels = ['days', 'values', 'found'].map((id) => document.getElementById(id));
const [dayPanel, valuePanel, foundPanel] = panels;
const job = jobRun({runButton, stopButton, progress, body: trouble}, show);
let city = null;
let indicators = [];
let shown = null;
let charts = [];

replace(document.getElementById('ask'),
    element('div.seriesBar', {}, title, element('label', {}, labels.indicators, code), element('label', {}, labels.region, place),
        element('label', {}, labels.from, from), element('label', {}, labels.to, to), runButton, stopButton), hint, progress, trouble);
pageHeader('backtest', words);
addEventListener('hashchange', fromAddress);
addEventListener('resize', () => charts.forEach((chart) => chart.resize()));
begin();

async function begin() {
  try {
    [city, indicators] = await Promise.all([api.city(), api.indicators()]);
    setZone(city.zone);
    const now = city.now ? Date.parse(city.now) : Date.now();
    from.value = new Date(now - USUAL_DAYS * DAY).toISOString().slice(0, 10);
    words();
    fromAddress();
  } catch (error) {
    replace(trouble, element('pre.error', {}, error.message));
  }
}

function words() {
  setText(title, t('backtest'));
  setText(hint, t('backtestHint'));
  for (const [name, label] of Object.entries(labels)) setText(label, t(name === 'indicators' ? 'indicator' : name));
  setText(runButton, t('runBacktest'));
  setText(stopButton, t('stop'));
  const chosen = [code.value, place.value];
  replace(code, indicators.map((one) => element('option', {value: one.code}, `${one.code} ${pick(one.name)}`)));
  replace(place, element('option', {value: ''}, t('allRegions')), places().map((one) => element('option', {value: one.code}, one.name)));
  if (chosen[0]) [code.value, place.value] = chosen;
  job.redraw();
  if (shown) draw();
}

function places() {
  return city ? [{code: city.code, name: t('wholeCity')}, ...city.districts.map((one) => ({code: one.code, name: pick(one.name)}))] : [];
}

const nameOf = (region) => places().find((one) => one.code === region)?.name ?? region;

function fromAddress() {
  const [wanted, region = ''] = location.hash.slice(1).split('/');
  if (indicators.some((one) => one.code === wanted)) code.value = wanted;
  place.value = places().some((one) => one.code === region) ? region : '';
}

function choose() {
  history.replaceState(null, '', `#${code.value}${place.value ? `/${place.value}` : ''}`);
}

function run() {
  shown = null;
  clear();
  return job.start({kind: 'backtest', codes: [place.value ? `${code.value}/${place.value}` : code.value], from: from.value, ...(to.value ? {to: to.value} : {})});
}

function clear() {
  charts.forEach((chart) => chart.dispose());
  charts = [];
  for (const panel of panels) panel.hidden = true;
}

async function show(report) {
  const indicator = indicators.find((one) => one.code === report.code);
  const region = report.region ?? busiest(report) ?? city.code;
  const begins = Date.parse(`${from.value}T00:00:00Z`) - DAY;
  const ends = Date.parse(`${report.days.at(-1)?.date ?? from.value}T00:00:00Z`) + DAY;
  let past = {points: []};
  try {
    past = await api.history(report.code, region, begins, ends);
  } catch (error) {
    replace(trouble, element('pre.error', {}, error.message));
  }
  shown = {report, indicator, region, past};
  draw();
}

/** The region with most of what would have been. */
function busiest(report) {
  const counts = new Map();
  for (const {alert} of report.alerts) counts.set(alert.region, (counts.get(alert.region) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}

function draw() {
  clear();
  const {report, indicator, region, past} = shown;
  for (const panel of panels) panel.hidden = false;
  const seen = report.models.filter((model) => model.hasSeen);
  const dayChart = chartIn(dayPanel, t('backtestDays'),
      element('p.note', {}, `${number(report.series)} ${t('seriesJudged')}`),
      seen.length ? element('p.note.warned', {}, `${seen.map((model) => `${model.name}@${model.version}`).join(', ')}: ${t('modelHasSeen')}`) : null);
  dayChart.setOption(detectorDays(report));
  const valueChart = chartIn(valuePanel, `${pick(indicator.name)} · ${nameOf(region)}`);
  const alerts = report.alerts.filter(({alert}) => alert.region === region).map(({alert}) => ({
    grade: alert.grade, startsAt: alert.from, latest: {key: {region}, periodStart: alert.from, value: alert.value, band: alert.band},
  }));
  valueChart.setOption(historyOption({points: past.points, bands: past.bands, alerts}, indicator, region, grainMillis(indicator.grain)));
  replace(foundPanel, element('h2', {}, t('trialAlerts')), alertTable());
}

function chartIn(panel, name, ...notes) {
  const holder = element('div.chartHolder', {role: 'img', 'aria-label': name});
  replace(panel, element('h2', {}, name), notes, holder);
  const chart = openChart(holder);
  charts.push(chart);
  return chart;
}

function detectorDays(report) {
  const size = rem();
  const detectors = [...new Set(report.days.flatMap((day) => Object.keys(day.alerts)))].sort();
  return dayOption(report.days, {minInterval: 1}, [
    ...detectors.map((name) => dayBars(report.days, t(`by_${name}`), COLOURS[name] ?? OTHER_COLOUR, (day) => day.alerts[name] ?? 0)),
    {name: t('thereWere'), type: 'line', symbol: 'circle', symbolSize: 0.5 * size, lineStyle: {width: 0.1 * size, type: 'dotted'}, itemStyle: {color: '#e8f0f7'}, data: report.days.map((day) => day.raised)},
  ]);
}

function alertTable() {
  const {report} = shown;
  if (!report.alerts.length) return element('p.note', {}, t('trialNone'));
  const raised = new Map(report.raised.map((one) => [one.id, one]));
  return [
    table(headings(['gradeLegend', 'detector', 'region', 'from', 'to', 'value', 'thereWas', 'reason']),
        report.alerts.slice(0, MOST_ALERTS).map(({alert, raised: id}) => [
          element('td', {}, sign(alert.grade, currentLanguage())), element('td', {}, t(`by_${alert.detector}`)),
          element('td', {}, nameOf(alert.region), alert.dimensions ? ` ${alert.dimensions}` : ''),
          element('td', {}, shortTime(Date.parse(alert.from))), element('td', {}, alert.to ? shortTime(Date.parse(alert.to)) : t('still')),
          element('td.numeric', {}, number(alert.value, 2)), element('td', {}, was(raised.get(id))),
          element('td', {}, alert[currentLanguage()].join('; '))])),
    more(report.alerts.length, MOST_ALERTS),
  ];
}

/** What became of the alert that there was at the same time. */
function was(alert) {
  return alert ? [t(alert.state), alert.owner, alert.note].filter(Boolean).join(' · ') : '–';
}
