// The chart of one series: the line over the areas of its grades, its expected band, the past it is compared with,
// alerts, and trust as a row beneath: complete, late, partial, stale, missing.

import * as echarts from '/assets/echarts.js';
import {SHAPES} from './dom.js';
import {hourMinute, monthDay, number, pick, shortTime, t, zoneOffset} from './i18n.js';
import {GRADES} from './state.js';

const TRUST_COLOURS = {complete: '#2d6a5f', late: '#4da3ff', partial: '#c98b2b', stale: '#8d7bb8', missing: '#5a2b36'};
const DAY = 86_400_000;
/** More marks than that hide the line. */
const MOST_MARKS = 700;

export const GRADE_COLOURS = {blue: '#4da3ff', yellow: '#ffd84d', orange: '#ff9a3d', red: '#ff4d5e'};

export const rem = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

export function openChart(holder) {
  return echarts.init(holder, null, {renderer: 'canvas', locale: 'EN'});
}

/** Text and axes as all charts have them. */
export function look() {
  const {fontFamily} = getComputedStyle(document.body);
  const text = {color: '#a9bccd', fontSize: 0.95 * rem(), fontFamily};
  return {
    text,
    axis: {axisLabel: text, axisLine: {lineStyle: {color: '#2a3d50'}}, splitLine: {lineStyle: {color: '#182635'}}},
    base: {animation: false, backgroundColor: 'transparent', textStyle: {fontFamily}},
    tooltip: {
      renderMode: 'richText', confine: true, backgroundColor: '#101d2b', borderColor: '#35526b',
      textStyle: {color: '#e8f0f7', fontSize: rem(), fontFamily},
    },
  };
}

/** A chart with one place for each day, their counts stacked. */
export function dayOption(days, valueAxis, series) {
  const {text, axis, base, tooltip: box} = look();
  const size = rem();
  return {
    ...base,
    legend: {type: 'scroll', top: 0, textStyle: text, itemWidth: 1.2 * size, itemHeight: 0.8 * size},
    tooltip: {...box, trigger: 'axis'},
    grid: {left: 4.5 * size, right: size, top: 2.6 * size, bottom: 2.2 * size},
    xAxis: {type: 'category', data: days.map((day) => day.date.slice(5)), ...axis, axisLabel: {...text, hideOverlap: true}},
    yAxis: {type: 'value', ...valueAxis, ...axis, axisLabel: {...text, formatter: (value) => number(value)}},
    series,
  };
}

export function dayBars(days, name, color, count) {
  return {name, type: 'bar', stack: 'day', itemStyle: {color}, data: days.map(count)};
}

/** @param data {points, bands, alerts, forecast: [{periodStart, low, expected, high}], compared: [{time, base, text}]}, oldest first; grain in milliseconds */
export function historyOption(data, indicator, region, grain) {
  const size = rem();
  const {text, axis, base, tooltip: box} = look();
  const decimals = indicator?.unit?.decimals ?? 1;
  // The chart draws UTC: shifting by the zone puts its ticks on the city's hours and midnights.
  const shift = zoneOffset(Date.parse(data.points?.at(-1)?.periodStart ?? new Date().toISOString()));
  const points = (data.points ?? []).map((point) => ({...point, time: Date.parse(point.periodStart) + shift})).sort((a, b) => a.time - b.time);
  const bands = (data.bands ?? []).map((band) => ({...band, time: Date.parse(band.time) + shift})).sort((a, b) => a.time - b.time);
  const compared = new Map((data.compared ?? []).map((entry) => [entry.time + shift, entry]));
  const ahead = (data.forecast ?? []).map((point) => ({...point, time: Date.parse(point.periodStart) + shift}));
  const last = points.filter((point) => isNumber(point.value)).at(-1);
  const line = withGaps(points, grain);
  const from = points[0]?.time;
  const to = points.length ? (ahead.at(-1) ?? points.at(-1)).time + grain : undefined;
  const byDay = to - from > 60 * DAY;
  const names = [t('value'), t('band'), t('anomaly'), ...(compared.size ? [t('base')] : []), ...(ahead.length ? [t('forecast'), t('forecastBand')] : [])];
  const known = points.filter((point) => isNumber(point.value)).map((point) => point.value);
  return {
    ...base,
    useUTC: true,
    legend: {type: 'scroll', pageTextStyle: text, top: 0, right: size, textStyle: text, itemGap: 1.4 * size, itemWidth: 1.6 * size, itemHeight: 0.9 * size, data: names},
    tooltip: {...box, trigger: 'axis', formatter: (items) => tooltip(items, points, bands, compared, ahead, indicator, decimals, shift)},
    grid: [
      {left: 5 * size, right: 1.5 * size, top: 2.6 * size, bottom: 6.5 * size},
      {left: 5 * size, right: 1.5 * size, height: 1.1 * size, bottom: 2.2 * size},
    ],
    xAxis: [
      {type: 'time', ...axis, axisLabel: {...text, hideOverlap: true, formatter: (time) => byDay || hourMinute(time - shift) === '00:00' ? monthDay(time - shift) : hourMinute(time - shift)}, min: from, max: to},
      {type: 'time', gridIndex: 1, show: false, min: from, max: to},
    ],
    yAxis: [
      {type: 'value', scale: true, name: innerWidth < 700 ? '' : pick(indicator?.unit?.display), nameTextStyle: text, ...axis, axisLabel: {...text, formatter: (value) => number(value, Number.isInteger(value) ? 0 : Math.max(1, decimals))}},
      {type: 'value', gridIndex: 1, show: false, min: 0, max: 1},
    ],
    dataZoom: [{type: 'inside', xAxisIndex: [0, 1]}],
    series: [
      {id: 'low', type: 'line', stack: 'band', stackStrategy: 'all', symbol: 'none', silent: true, lineStyle: {opacity: 0}, data: bands.map((band) => [band.time, band.low])},
      {id: 'band', name: t('band'), type: 'line', stack: 'band', stackStrategy: 'all', symbol: 'none', silent: true, lineStyle: {opacity: 0}, itemStyle: {color: '#3f7fa8'}, areaStyle: {color: '#3f7fa8', opacity: 0.28}, data: bands.map((band) => [band.time, band.high - band.low])},
      {id: 'expected', type: 'line', symbol: 'none', silent: true, lineStyle: {color: '#6fa9cc', width: 0.08 * size, type: 'dashed'}, data: bands.map((band) => [band.time, band.expected])},
      {id: 'base', name: t('base'), type: 'line', symbol: 'none', silent: true, connectNulls: false, lineStyle: {color: '#c99be8', width: 0.1 * size, type: 'dotted'}, itemStyle: {color: '#c99be8'}, data: withGaps([...compared].map(([time, entry]) => ({time, value: entry.base})), grain)},
      {id: 'value', name: t('value'), type: 'line', symbol: points.length < 60 ? 'circle' : 'none', symbolSize: 0.35 * size, connectNulls: false, lineStyle: {color: '#35d0ba', width: (points.length > MOST_MARKS ? 0.08 : 0.14) * size}, itemStyle: {color: '#35d0ba'}, data: line,
        markArea: {silent: true, data: gradeAreas(indicator?.thresholds ?? [], known)}},
      {id: 'aheadLow', type: 'line', stack: 'ahead', stackStrategy: 'all', symbol: 'none', silent: true, lineStyle: {opacity: 0}, data: ahead.map((point) => [point.time, point.low])},
      {id: 'aheadBand', name: t('forecastBand'), type: 'line', stack: 'ahead', stackStrategy: 'all', symbol: 'none', silent: true, lineStyle: {opacity: 0}, itemStyle: {color: '#8f7fd0'}, areaStyle: {color: '#8f7fd0', opacity: 0.25}, data: ahead.map((point) => [point.time, point.high - point.low])},
      {id: 'ahead', name: t('forecast'), type: 'line', symbol: 'none', itemStyle: {color: '#b7a8f0'}, lineStyle: {color: '#b7a8f0', width: 0.12 * size, type: 'dashed'},
        data: ahead.length && last ? [[last.time, last.value], ...ahead.map((point) => [point.time, point.expected])] : []},
      {id: 'doubtful', type: 'scatter', silent: true, z: 4, symbolSize: 0.55 * size, data: doubtful(points)},
      {id: 'anomaly', name: t('anomaly'), type: 'scatter', itemStyle: {color: GRADE_COLOURS.red}, z: 5, data: anomalies(data.alerts ?? [], points, grain, region, shift)},
      {id: 'trust', type: 'custom', xAxisIndex: 1, yAxisIndex: 1, silent: true, data: trustRuns(points, grain), renderItem: trustBar},
    ],
    graphic: points.length ? [{type: 'text', left: 0.4 * size, bottom: 2.25 * size, style: {text: t('trustRow'), fill: '#a9bccd', fontSize: 0.9 * size, fontFamily: text.fontFamily}}]
      : [{type: 'text', left: 'center', top: 'middle', style: {text: t('noData'), fill: '#a9bccd', fontSize: 1.6 * size, fontFamily: text.fontFamily}}],
  };
}

const isNumber = (value) => value !== null && value !== undefined;

/** Where the value alone decides the grade: each stretch of values in the colour of its severest grade. */
export function gradeStretches(thresholds) {
  const bounded = thresholds.filter((one) => isNumber(one.least) || isNumber(one.greatest));
  const ends = [...new Set(bounded.flatMap((one) => [one.least, one.greatest]).filter(isNumber))].sort((a, b) => a - b);
  const stretches = [];
  for (let index = 0; index <= ends.length; index++) {
    const from = ends[index - 1] ?? -Infinity;
    const to = ends[index] ?? Infinity;
    const grades = bounded.filter((one) => (one.least ?? -Infinity) <= from && to <= (one.greatest ?? Infinity))
        .map((one) => GRADES.indexOf(one.grade));
    if (grades.length) stretches.push({from, to, grade: GRADES[Math.max(...grades)]});
  }
  return stretches;
}

function gradeAreas(thresholds, known) {
  const stretches = gradeStretches(thresholds);
  const ends = [...known, ...stretches.flatMap(({from, to}) => [from, to])].filter(Number.isFinite);
  // An area without an end goes on far beyond what is drawn.
  const far = 10 * (Math.max(...ends) - Math.min(...ends)) + 1;
  return stretches.map(({from, to, grade}) => [
    {yAxis: Number.isFinite(from) ? from : to - far, itemStyle: {color: GRADE_COLOURS[grade], opacity: 0.11}},
    {yAxis: Number.isFinite(to) ? to : from + far},
  ]);
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

/** Partial values as hollow circles, stale ones as hollow diamonds on the line. */
function doubtful(points) {
  if (points.length > MOST_MARKS) return [];
  return points.filter((point) => isNumber(point.value) && (point.trust === 'partial' || point.trust === 'stale')).map((point) => ({
    value: [point.time, point.value],
    symbol: point.trust === 'stale' ? 'diamond' : 'circle',
    itemStyle: {color: '#0d1824', borderColor: TRUST_COLOURS[point.trust], borderWidth: 2},
  }));
}

/** The first period that an alert spoke of, at the value that is drawn there; without one at the alert's own. */
export function anomalies(alerts, points, grain, region, shift) {
  return alerts.filter((alert) => alert.latest.key.region === region).map((alert) => {
    const time = Date.parse(alert.firstPeriod ?? alert.latest.periodStart) + shift;
    const drawn = points.filter((point) => point.time <= time && time < point.time + grain).at(-1);
    const value = drawn?.value ?? alert.latest.value ?? alert.latest.band?.expected;
    return value === undefined ? null : {
      value: [time, value],
      symbol: `path://${SHAPES[alert.grade]}`,
      symbolSize: rem(),
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

function tooltip(items, points, bands, compared, ahead, indicator, decimals, shift) {
  const time = items[0]?.value?.[0];
  const point = points.find((candidate) => candidate.time === time);
  const band = bands.find((candidate) => candidate.time === time);
  const base = compared.get(time);
  const unit = pick(indicator?.unit?.display) ?? '';
  const lines = [shortTime(time - shift)];
  if (point) {
    lines.push(`${t('value')}  ${number(point.value, decimals)} ${unit}   n=${number(point.n)}`);
    lines.push(`${t('trustRow')}  ${t(point.trust)}   r${point.revision}`);
  }
  if (band) lines.push(`${t('band')}  ${number(band.low, decimals)} – ${number(band.high, decimals)}`);
  const coming = ahead.find((candidate) => candidate.time === time);
  if (coming) {
    lines.push(`${t('forecast')}  ${number(coming.expected, decimals)} ${unit}`);
    lines.push(`${t('forecastBand')}  ${number(coming.low, decimals)} – ${number(coming.high, decimals)}`);
  }
  if (base) lines.push(`${t('base')}  ${number(base.base, decimals)}   ${base.text}`);
  return lines.join('\n');
}
