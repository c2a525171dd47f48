// One indicator's history: the line with its expected band, anomalies, gaps where periods are missing, trust as a row
// beneath, and the definition beside it.

import * as echarts from '/assets/echarts.js';
import * as api from './api.js';
import {element, replace, SHAPES, sign} from './dom.js';
import {currentLanguage, hourMinute, monthDay, number, pick, shortTime, t, zoneOffset} from './i18n.js';
import {cityNow, grainMillis, state} from './state.js';

const RANGES = {day: 1, week: 7, month: 28};
const DAY = 86_400_000;
const MOST_EPISODES = 12;
const TRUST_COLOURS = {complete: '#2d6a5f', late: '#4da3ff', partial: '#c98b2b', stale: '#8d7bb8', missing: '#5a2b36'};
const GRADE_COLOURS = {blue: '#4da3ff', yellow: '#ffd84d', orange: '#ff9a3d', red: '#ff4d5e'};

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
      if (chart && chart.of === `${code}|${region}|${currentLanguage()}`) chart.setOption(option(data, state.byCode.get(code), region), {replaceMerge: ['series']});
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
    chart = echarts.init(holder, null, {renderer: 'canvas', locale: 'EN'});
    chart.of = `${current.code}|${current.region}|${currentLanguage()}`;
    chart.setOption(option(data, indicator, current.region));
  }

  function frame(indicator, content) {
    const places = [{code: state.city.code, name: t('wholeCity')}, ...state.city.districts];
    return [
      element('header.historyHead', {},
          element('button.back', {onclick: closed}, `‹ ${t('back')}`),
          element('h1', {}, indicator ? pick(indicator.name) : current.code),
          element('code', {}, current.code),
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

function option(data, indicator, region) {
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const decimals = indicator?.unit?.decimals ?? 1;
  const grain = grainMillis(indicator?.grain ?? 'PT1H');
  // The chart draws UTC: shifting by the zone puts its ticks on the city's hours and midnights.
  const shift = zoneOffset(Date.parse(data.points?.at(-1)?.periodStart ?? new Date().toISOString()));
  const points = (data.points ?? []).map((point) => ({...point, time: Date.parse(point.periodStart) + shift})).sort((a, b) => a.time - b.time);
  const line = withGaps(points, grain);
  const bands = (data.bands ?? []).map((band) => ({...band, time: Date.parse(band.time) + shift})).sort((a, b) => a.time - b.time);
  const {fontFamily} = getComputedStyle(document.body);
  const text = {color: '#a9bccd', fontSize: 0.95 * rem, fontFamily};
  const axis = {axisLabel: text, axisLine: {lineStyle: {color: '#2a3d50'}}, splitLine: {lineStyle: {color: '#182635'}}};
  const from = points[0]?.time;
  const to = points.length ? points.at(-1).time + grain : undefined;
  return {
    animation: false,
    useUTC: true,
    backgroundColor: 'transparent',
    textStyle: {fontFamily},
    legend: {top: 0, right: rem, textStyle: text, itemGap: 1.4 * rem, itemWidth: 1.6 * rem, itemHeight: 0.9 * rem, data: [t('value'), t('band'), t('anomaly')]},
    tooltip: {
      trigger: 'axis', renderMode: 'richText', backgroundColor: '#101d2b', borderColor: '#35526b',
      textStyle: {color: '#e8f0f7', fontSize: rem},
      formatter: (items) => tooltip(items, points, bands, indicator, decimals, shift),
    },
    grid: [
      {left: 5 * rem, right: 1.5 * rem, top: 2.6 * rem, bottom: 6.5 * rem},
      {left: 5 * rem, right: 1.5 * rem, height: 1.1 * rem, bottom: 2.2 * rem},
    ],
    xAxis: [
      {type: 'time', ...axis, axisLabel: {...text, hideOverlap: true, formatter: (time) => hourMinute(time - shift) === '00:00' ? monthDay(time - shift) : hourMinute(time - shift)}, min: from, max: to},
      {type: 'time', gridIndex: 1, show: false, min: from, max: to},
    ],
    yAxis: [
      {type: 'value', scale: true, name: pick(indicator?.unit?.display), nameTextStyle: text, ...axis, axisLabel: {...text, formatter: (value) => number(value, Number.isInteger(value) ? 0 : Math.max(1, decimals))}},
      {type: 'value', gridIndex: 1, show: false, min: 0, max: 1},
    ],
    dataZoom: [{type: 'inside', xAxisIndex: [0, 1]}],
    series: [
      {id: 'low', type: 'line', stack: 'band', stackStrategy: 'all', symbol: 'none', silent: true, lineStyle: {opacity: 0}, data: bands.map((band) => [band.time, band.low])},
      {id: 'band', name: t('band'), type: 'line', stack: 'band', stackStrategy: 'all', symbol: 'none', silent: true, lineStyle: {opacity: 0}, itemStyle: {color: '#3f7fa8'}, areaStyle: {color: '#3f7fa8', opacity: 0.28}, data: bands.map((band) => [band.time, band.high - band.low])},
      {id: 'expected', type: 'line', symbol: 'none', silent: true, lineStyle: {color: '#6fa9cc', width: 0.08 * rem, type: 'dashed'}, data: bands.map((band) => [band.time, band.expected])},
      {id: 'value', name: t('value'), type: 'line', symbol: points.length < 60 ? 'circle' : 'none', symbolSize: 0.35 * rem, connectNulls: false, lineStyle: {color: '#35d0ba', width: (points.length > 700 ? 0.08 : 0.14) * rem}, itemStyle: {color: '#35d0ba'}, data: line},
      {id: 'anomaly', name: t('anomaly'), type: 'scatter', itemStyle: {color: GRADE_COLOURS.red}, z: 5, data: anomalies(data.alerts ?? [], points, region, shift)},
      {id: 'trust', type: 'custom', xAxisIndex: 1, yAxisIndex: 1, silent: true, data: trustRuns(points, grain), renderItem: trustBar},
    ],
    graphic: points.length ? [{type: 'text', left: 0.4 * rem, bottom: 2.25 * rem, style: {text: t('trustRow'), fill: '#a9bccd', fontSize: 0.9 * rem, fontFamily}}]
      : [{type: 'text', left: 'center', top: 'middle', style: {text: t('noData'), fill: '#a9bccd', fontSize: 1.6 * rem, fontFamily}}],
  };
}

/** Null between two points further apart than their grain, and at points without a value. */
function withGaps(points, grain) {
  const line = [];
  points.forEach((point, index) => {
    if (index && point.time - points[index - 1].time > 1.5 * grain) line.push([point.time - grain / 2, null]);
    line.push([point.time, point.value ?? null]);
  });
  return line;
}

/** Where an alert began, at the value it was raised on. */
function anomalies(alerts, points, region, shift) {
  const byTime = new Map(points.map((point) => [point.time, point.value]));
  return alerts.filter((alert) => alert.latest.key.region === region).map((alert) => {
    const started = Date.parse(alert.startsAt) + shift;
    const time = byTime.has(started) ? started : Date.parse(alert.latest.periodStart) + shift;
    const value = byTime.get(time) ?? alert.latest.value ?? alert.latest.band?.expected;
    return value === undefined ? null : {
      value: [time, value],
      symbol: `path://${SHAPES[alert.grade]}`,
      symbolSize: parseFloat(getComputedStyle(document.documentElement).fontSize),
      itemStyle: {color: GRADE_COLOURS[alert.grade], borderColor: '#0a131d', borderWidth: 2},
    };
  }).filter(Boolean);
}

/** Neighbours of the same trust as one bar: [from, to, trust]. */
function trustRuns(points, grain) {
  const runs = [];
  for (const point of points) {
    const last = runs.at(-1);
    if (last && last[2] === point.trust && point.time <= last[1]) last[1] = point.time + grain;
    else runs.push([point.time, point.time + grain, point.trust]);
  }
  return runs;
}

function trustBar(params, api) {
  const [left] = api.coord([api.value(0), 0]);
  const [right] = api.coord([api.value(1), 0]);
  const box = params.coordSys;
  const from = Math.max(left, box.x);
  const to = Math.min(right, box.x + box.width);
  return to <= from ? null : {
    type: 'rect',
    shape: {x: from, y: box.y, width: Math.max(1, to - from), height: box.height},
    style: {fill: TRUST_COLOURS[api.value(2)] ?? '#333'},
  };
}

function tooltip(items, points, bands, indicator, decimals, shift) {
  const time = items[0]?.value?.[0];
  const point = points.find((candidate) => candidate.time === time);
  const band = bands.find((candidate) => candidate.time === time);
  const unit = pick(indicator?.unit?.display) ?? '';
  const lines = [shortTime(time - shift)];
  if (point) {
    lines.push(`${t('value')}  ${number(point.value, decimals)} ${unit}   n=${number(point.n)}`);
    lines.push(`${t('trustRow')}  ${t(point.trust)}   r${point.revision}`);
  }
  if (band) lines.push(`${t('band')}  ${number(band.low, decimals)} – ${number(band.high, decimals)}`);
  return lines.join('\n');
}

