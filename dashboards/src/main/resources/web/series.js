// The history of one series: range, grain, comparison with its past; as a chart or a table, and as CSV.

import * as api from './api.js';
import {historyOption, openChart} from './chart.js';
import {element, replace, setClass, setText, sign} from './dom.js';
import {download} from './download.js';
import {currentLanguage, number, pick, shortTime, t} from './i18n.js';
import {cityNow, grainMillis, state} from './state.js';
import {more, table} from './table.js';

const DAY = 86_400_000;
/** So far the forecast is drawn, in days. */
const AHEAD = {day: 1, week: 7, month: 7};
const RANGES = {day: 1, week: 7, month: 28, year: 366};
const GRAINS = ['PT1H', 'P1D', 'P1W', 'P1M'];
const COMPARISONS = ['yoy', 'mom', 'wow'];
/** So many points are drawn, and asked for, at most. */
const MOST_POINTS = 10_000;
const MOST_ROWS = 1_000;
const RELOAD_MILLIS = 15_000;

export function seriesPanel() {
  const body = element('div.seriesBody');
  const note = element('div.forecastNote');
  const bar = element('div.seriesBar');
  const csvButton = element('button.csv', {onclick: saveCsv});
  const node = element('section.panel.series', {}, bar, body, note);
  let choices = [];
  let current = null;
  let range = 'week';
  let grain = '';
  let compare = '';
  let asTable = false;
  let rows = null;
  let data = null;
  let chart = null;
  let asked = 0;
  let reloadAt = Infinity;

  function open(indicator, region) {
    if (current?.indicator.code !== indicator.code) {
      grain = '';
      compare = '';
      range = grainMillis(indicator.grain) >= 7 * DAY ? 'year' : grainMillis(indicator.grain) >= DAY ? 'month' : 'week';
    }
    current = {indicator, region};
    data = null;
    rows = null;
    buildBar();
    load();
  }

  function close() {
    asked++;
    current = null;
    reloadAt = Infinity;
    chart?.dispose();
    chart = null;
    replace(body);
  }

  /** The chosen grain, or the first longer one that does not give too many points. */
  function effectiveGrain() {
    const own = current.indicator.grain;
    const span = RANGES[range] * DAY;
    return [grain || own, ...GRAINS].find((one) =>
      grainMillis(one) >= grainMillis(own) && span / grainMillis(one) <= MOST_POINTS) ?? own;
  }

  /** Built once for an indicator, so that the keyboard stays where it is; update() shows what is chosen. */
  function buildBar() {
    const {indicator} = current;
    const own = grainMillis(indicator.grain);
    const button = (name, isChosen, choose) => {
      const made = element('button', {onclick: () => {
        choose();
        updateBar();
      }}, t(name));
      choices.push(() => {
        setClass(made, isChosen() ? 'current' : '');
        made.setAttribute('aria-pressed', String(isChosen()));
      });
      return made;
    };
    const choice = (name, value, options, choose) => {
      const made = element('select', {onchange: (event) => {
        choose(event.target.value);
        updateBar();
        load();
      }}, options.map(([key, text]) => element('option', {value: key}, text)));
      choices.push(() => {
        made.value = value();
      });
      return element('label', {}, element('span', {}, t(name)), made);
    };
    choices = [];
    replace(bar,
        element('h2', {}, t('history')),
        element('div.ranges', {role: 'group', 'aria-label': t('range')}, Object.keys(RANGES).map((name) => button(name, () => name === range, () => {
          range = name;
          load();
        }))),
        choice('grain', effectiveGrain, [[indicator.grain, `${t(indicator.grain)} (${t('ownGrain')})`],
          ...GRAINS.filter((one) => grainMillis(one) > own).map((one) => [one, t(one)])], (value) => {
          grain = value === indicator.grain ? '' : value;
          if (grain) compare = '';
        }),
        choice('compare', () => compare, [['', t('nothing')], ...COMPARISONS.map((one) => [one, t(one)])], (value) => {
          compare = value;
          if (compare) grain = '';
        }),
        element('div.ranges', {role: 'group'}, [['chart', false], ['table', true]].map(([name, value]) => button(name, () => asTable === value, () => {
          asTable = value;
          draw();
        }))),
        csvButton);
    setText(csvButton, t('csv'));
    updateBar();
  }

  function updateBar() {
    for (const show of choices) show();
    csvButton.disabled = !rows?.length;
  }

  async function load() {
    const mine = ++asked;
    const {indicator, region} = current;
    const shownGrain = effectiveGrain();
    const length = grainMillis(shownGrain);
    const to = new Date(cityNow() + length);
    const from = new Date(to - RANGES[range] * DAY);
    const query = {region, from: from.toISOString(), to: to.toISOString()};
    reloadAt = Infinity;
    try {
      const isOwn = shownGrain === indicator.grain;
      // the past is shown, too, where a forecast fails
      const [past, series, outlook] = await Promise.all([
        isOwn ? api.history(indicator.code, region, from, to) : null,
        isOwn && !compare ? null : api.series(indicator.code, {...query, ...(isOwn ? {compare} : {grain: shownGrain})}),
        isOwn && AHEAD[range] ? api.forecast(indicator.code, region).catch(() => null) : null,
      ]);
      if (mine !== asked) return;
      const compared = new Map((series?.points ?? []).map((row) => [row.point.periodStart, row.compared?.[compare]]));
      const points = past?.points ?? series.points.map((row) => row.point);
      const bands = new Map((past?.bands ?? []).map((band) => [Date.parse(band.time), band]));
      rows = points.map((point) => ({point, compared: compared.get(point.periodStart), band: bands.get(Date.parse(point.periodStart))}));
      data = {points, bands: past?.bands, alerts: past?.alerts, compared: bases(rows), outlook, forecast: shownAhead(outlook, range)};
      reloadAt = performance.now() + Math.max(RELOAD_MILLIS, length / 20 / state.clock.speed);
      updateBar();
      draw();
    } catch (error) {
      if (mine !== asked) return;
      rows = null;
      data = null;
      replace(note);
      updateBar();
      chart?.dispose();
      chart = null;
      replace(body, element('p.error', {}, error.message));
    }
  }

  function draw() {
    if (!data) return;
    const {indicator, region} = current;
    replace(note, forecastNote(data.outlook, indicator));
    if (asTable) {
      chart?.dispose();
      chart = null;
      replace(body, valueTable());
      return;
    }
    if (!chart) {
      const holder = element('div.chartHolder', {role: 'img', 'aria-label': `${pick(indicator.name)} ${t('history')}`});
      replace(body, holder);
      chart = openChart(holder);
    }
    chart.setOption(historyOption(data, indicator, region, grainMillis(effectiveGrain())), {notMerge: true});
  }

  function valueTable() {
    const decimals = current.indicator.unit?.decimals ?? 1;
    const shown = rows.slice(-MOST_ROWS).reverse();
    const holder = table([
      element('th', {}, t('period')), element('th.numeric', {}, `${t('value')} ${pick(current.indicator.unit?.display)}`),
      element('th', {}, t('trust')), element('th.numeric', {}, t('inputsN')), element('th.numeric', {}, t('band')),
      compare ? [element('th.numeric', {}, t(compare)), element('th', {}, t('reason'))] : null,
    ], shown.map(({point, band, compared}) => [
      element('td', {}, shortTime(Date.parse(point.periodStart))),
      element('td.numeric', {}, number(point.value, decimals)),
      element('td', {}, element(`span.trust.${point.trust}`, {}, t(point.trust))),
      element('td.numeric', {}, number(point.n)),
      element('td.numeric', {}, band ? `${number(band.low, decimals)} – ${number(band.high, decimals)}` : '–'),
      compare ? [element('td.numeric', {}, percent(compared?.value)), element('td', {}, (compared?.notes?.[currentLanguage()] ?? []).join('; '))] : null]));
    holder.append(more(rows.length, MOST_ROWS) ?? '');
    return holder;
  }

  function saveCsv() {
    const {indicator, region} = current;
    const head = ['code', 'region', 'period_start', 'grain', 'value', 'trust', 'n', 'revision', 'low', 'expected', 'high', ...(compare ? [compare] : [])];
    const lines = rows.map(({point, band, compared}) => [indicator.code, region, point.periodStart, point.grain, point.value, point.trust,
      point.n, point.revision, band?.low, band?.expected, band?.high, ...(compare ? [compared?.value] : [])].map((cell) => cell ?? '').join(','));
    download(`${indicator.code}-${region}.csv`, [head.join(','), ...lines, ''].join('\r\n'), 'text/csv');
  }

  function render() {
    if (current && performance.now() > reloadAt && !document.hidden) load();
  }

  addEventListener('resize', () => chart?.resize());
  return {node, open, close, render};
}

export const percent = (value) => value === null || value === undefined ? '–' : `${value > 0 ? '+' : ''}${number(100 * value, 1)} %`;

/** What the values were compared with: the value that the change leads back to. */
function bases(rows) {
  return rows.filter(({point, compared}) => typeof compared?.value === 'number' && compared.value !== -1 && typeof point.value === 'number')
      .map(({point, compared}) => ({
        time: Date.parse(point.periodStart),
        base: point.value / (1 + compared.value),
        text: percent(compared.value),
      }));
}

/** The part of a forecast that belongs to what is shown of the past. */
function shownAhead(outlook, range) {
  const points = outlook?.points ?? [];
  return points.filter((point) => Date.parse(point.periodStart) < Date.parse(points[0].periodStart) + AHEAD[range] * DAY);
}

/** What made the forecast, how it was judged, and which thresholds it may reach. */
function forecastNote(outlook, indicator) {
  if (!outlook?.model) return null;
  const {model, points, warnings} = outlook;
  const grain = grainMillis(indicator.grain);
  const judged = model.horizons.map((one) => `${horizonName(one.horizon * grain, one.horizon)} ${ratio(one.ratio)}`).join(' · ');
  const coverage = model.horizons.reduce((sum, one) => sum + one.coverage, 0) / model.horizons.length;
  return [
    points.length ? null : element('p', {}, t('forecastStale')),
    warnings.length ? element('p.earlyWarning', {}, `${t('earlyWarning')}: `, warnings.map((one) => element('span', {},
        sign(one.grade, currentLanguage()), ` ${shortTime(Date.parse(one.periodStart))} ${t(one.isExpected ? 'warningExpected' : 'warningBand')} `))) : null,
    element('p', {}, `${t('forecast')}: ${model.name}@${model.version} · ${t('forecastJudged')}: ${judged} · ${t('forecastCoverage')} ${number(100 * coverage, 0)} % · `,
        `${t('forecastTrained')} ${model.from.slice(0, 10)} – ${model.to.slice(0, 10)}`,
        model.weather.length ? ` · ${t('forecastWeather')} ${model.weather.map((code) => `${pick(state.byCode.get(code)?.name)} ${code}`).join(', ')}` : ''),
  ];
}

const ratio = (value) => typeof value === 'number' ? number(value, 2) : '–';

function horizonName(millis, periods) {
  if (millis % (7 * DAY) === 0) return `${millis / (7 * DAY)} × ${t('P1W')}`;
  if (millis % DAY === 0) return `${millis / DAY} × ${t('P1D')}`;
  return millis % (DAY / 24) === 0 ? `${24 * millis / DAY} × ${t('PT1H')}` : `${periods} ${t('periods')}`;
}
