// A result as a chart: which column is the axis and which ones are drawn is guessed and can be chosen.

import {look, openChart, rem} from './chart.js';
import {element, replace} from './dom.js';
import {hourMinute, monthDay, number, shortTime, t, zoneOffset} from './i18n.js';
import {isNumeric, shown} from './sql-grid.js';

const MOST_LINES = 12;
const MOST_POINTS = 20_000;
const COLOURS = ['#35d0ba', '#4da3ff', '#ff9a3d', '#c99be8', '#ffd84d', '#7ce07c', '#ff8f9d', '#9ccbff', '#e0b07a', '#8f7fd0', '#5fc9e8', '#d0d7a0'];
const TEMPORAL = /^(?:DATE|TIMESTAMP)/i;

const isTemporal = (column) => TEMPORAL.test(column.type);

/** What is likely meant: {kind, x, y, group} by the places of columns; y are several; null where nothing is to draw. */
export function guessed({columns, rows}) {
  const places = columns.map((_, index) => index);
  const time = places.find((index) => isTemporal(columns[index]));
  const texts = places.filter((index) => !isNumeric(columns[index]) && !isTemporal(columns[index]));
  const numbers = places.filter((index) => isNumeric(columns[index]) && index !== time);
  if (!numbers.length || !rows.length) return null;
  const kinds = (index) => new Set(rows.map((row) => row[index])).size;
  if (time !== undefined) {
    const group = texts.filter((index) => kinds(index) > 1 && kinds(index) <= MOST_LINES)[0] ?? -1;
    return {kind: 'line', x: time, y: group < 0 ? numbers.slice(0, 6) : numbers.slice(0, 1), group};
  }
  if (texts.length) return {kind: 'bar', x: texts[0], y: numbers.slice(0, 6), group: -1};
  return numbers.length > 1 ? {kind: 'scatter', x: numbers[0], y: numbers.slice(1, 7), group: -1} : {kind: 'bar', x: -1, y: numbers, group: -1};
}

export function resultChart() {
  const bar = element('div.chartBar');
  const holder = element('div.chartHolder');
  const note = element('p.note');
  const node = element('div.resultChart', {hidden: true}, bar, holder, note);
  let chart = null;
  let table = {columns: [], rows: []};
  let choice = null;

  new ResizeObserver(() => chart?.resize()).observe(holder);

  function show(found) {
    if (found.columns !== table.columns || found.rows.length !== table.rows.length || !choice) choice = guessed(found);
    table = found;
    redraw();
  }

  function redraw() {
    if (node.hidden) return;
    note.textContent = choice ? table.rows.length > MOST_POINTS ? `${t('shown')} ${number(MOST_POINTS)} ${t('rows')}` : '' : t('nothingToDraw');
    drawBar();
    holder.hidden = !choice;
    if (!choice) return;
    chart ??= openChart(holder);
    chart.resize();
    chart.setOption(option(), {notMerge: true});
  }

  function select(word, value, options, change) {
    const made = element('select', {onchange: () => {
      change(made.value);
      redraw();
    }}, options.map(([key, text]) => element('option', {value: key, selected: String(key) === String(value)}, text)));
    return element('label', {}, element('span', {}, t(word)), made);
  }

  function drawBar() {
    if (!choice) {
      replace(bar);
      return;
    }
    const names = table.columns.map((column, index) => [index, column.name]);
    const numbers = names.filter(([index]) => isNumeric(table.columns[index]));
    replace(bar,
        select('chartKind', choice.kind, ['line', 'bar', 'scatter'].map((kind) => [kind, t(`chart_${kind}`)]), (kind) => {
          choice.kind = kind;
        }),
        select('axisX', choice.x, [[-1, '#'], ...names], (x) => {
          choice.x = Number(x);
        }),
        select('axisY', choice.y.join(), [...(choice.y.length > 1 ? [[choice.y.join(), t('several')]] : numbers.length > 1 ? [[numbers.slice(0, 6).map(([index]) => index).join(), t('several')]] : []), ...numbers], (y) => {
          choice.y = String(y).split(',').map(Number);
          if (choice.y.length > 1) choice.group = -1;
        }),
        select('lineFor', choice.group, [[-1, '–'], ...names.filter(([index]) => !isNumeric(table.columns[index]) && index !== choice.x)], (group) => {
          choice.group = Number(group);
          if (choice.group >= 0) choice.y = choice.y.slice(0, 1);
        }));
  }

  function option() {
    const {text, axis, base, tooltip} = look();
    const size = rem();
    const rows = table.rows.slice(0, MOST_POINTS);
    const column = table.columns[choice.x];
    const byTime = column && isTemporal(column);
    const byNumber = column && isNumeric(column) && choice.kind !== 'bar';
    // The chart draws UTC: shifting by the zone puts its ticks on the city's hours and midnights; days have no zone.
    const isDay = column && /^DATE/i.test(column.type);
    const shift = byTime && !isDay ? zoneOffset(Date.parse(rows.at(-1)?.[choice.x] ?? '') || Date.now()) : 0;
    const x = (row, place) => choice.x < 0 ? place + 1 : byTime ? Date.parse(row[choice.x]) + shift : byNumber ? Number(row[choice.x]) : shown(row[choice.x]);
    const value = (row, index) => row[index] === null ? null : Number(row[index]);
    const series = lines(rows).map(({name, part, index}, place) => {
      const data = part.map(([row, at]) => [x(row, at), value(row, index)]);
      if (byTime || byNumber && choice.kind === 'line') data.sort((a, b) => a[0] - b[0]);
      return {
        name, type: choice.kind, data, itemStyle: {color: COLOURS[place % COLOURS.length]}, symbolSize: (choice.kind === 'scatter' ? 0.5 : 0.35) * size,
        showSymbol: data.length <= 60, lineStyle: {width: 0.14 * size}, large: data.length > 2000, barMaxWidth: 3 * size,
      };
    });
    const several = series.length > 1;
    return {
      ...base,
      useUTC: true,
      legend: {type: 'scroll', show: several, top: 0, textStyle: text, itemWidth: 1.2 * size, itemHeight: 0.8 * size, pageTextStyle: text},
      tooltip: {...tooltip, trigger: choice.kind === 'scatter' ? 'item' : 'axis'},
      grid: {left: 1.5 * size, right: 2 * size, top: (several ? 3 : 1.5) * size, bottom: 1.5 * size, containLabel: true},
      xAxis: {
        ...(byTime ? {type: 'time', axisPointer: {label: {formatter: ({value: time}) => isDay ? new Date(time).toISOString().slice(0, 10) : shortTime(time - shift)}}} : byNumber ? {type: 'value', scale: true}
          : {type: 'category', data: [...new Set(rows.map((row, place) => x(row, place)))]}),
        name: column?.name ?? '', nameLocation: 'middle', nameGap: 2 * size, nameTextStyle: text, ...axis, axisLabel: {...text, hideOverlap: true, ...(byTime ? {formatter: (time) => isDay || hourMinute(time - shift) === '00:00' ? monthDay(time - (isDay ? zoneOffset(time) : shift)) : hourMinute(time - shift)} : {})},
      },
      yAxis: {type: 'value', scale: choice.kind !== 'bar', name: choice.y.length === 1 ? table.columns[choice.y[0]].name : '', nameTextStyle: {...text, align: 'left'}, ...axis, axisLabel: text},
      dataZoom: [{type: 'inside'}],
      series,
    };
  }

  /** A line for each drawn column, or for each text of the column that parts them. */
  function lines(rows) {
    const all = rows.map((row, place) => [row, place]);
    if (choice.group < 0) return choice.y.map((index) => ({name: table.columns[index].name, part: all, index}));
    const parts = new Map();
    for (const entry of all) {
      const name = shown(entry[0][choice.group]);
      if (!parts.has(name)) {
        if (parts.size === MOST_LINES) continue;
        parts.set(name, []);
      }
      parts.get(name).push(entry);
    }
    return [...parts].map(([name, part]) => ({name, part, index: choice.y[0]}));
  }

  return {node, show, redraw};
}
