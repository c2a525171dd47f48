// What changed a value between two periods, as a waterfall of contributions, and what else moved.

import * as api from './api.js';
import {look, openChart, rem} from './chart.js';
import {element, replace} from './dom.js';
import {number, pick, shortTime, t} from './i18n.js';
import {cityNow, grainMillis, state} from './state.js';

/** So many periods can be chosen, so many contributions are shown one by one. */
const MOST_PERIODS = 48;
const MOST_BARS = 12;
const WHOLE = '#4d7fa6';
/** What is for the better, what is for the worse; a rise and a fall where neither is. */
const COLOURS = {good: '#35d0ba', bad: '#ff9a3d', rise: '#4da3ff', fall: '#c99be8'};

export function whyPanel() {
  const bar = element('div.seriesBar');
  const body = element('div.whyBody');
  const node = element('section.panel.why', {}, bar, body);
  let current = null;
  let periods = [];
  let at = null;
  let against = null;
  let chart = null;
  let asked = 0;

  async function open(indicator, region) {
    current = {indicator, region};
    at = against = null;
    periods = [];
    drawBar();
    clear();
    const mine = ++asked;
    const length = grainMillis(indicator.grain);
    const to = cityNow() + length;
    try {
      const {points} = await api.series(indicator.code,
          {region, from: new Date(to - (MOST_PERIODS + 2) * length).toISOString(), to: new Date(to).toISOString()});
      if (mine !== asked) return;
      periods = points.map((row) => row.point).filter((point) => typeof point.value === 'number').reverse();
      at = periods[0]?.periodStart;
      against = periods[1]?.periodStart;
      drawBar();
      load();
    } catch (error) {
      if (mine === asked) fail(error.message);
    }
  }

  function close() {
    asked++;
    current = null;
    clear();
  }

  function clear(...content) {
    chart?.dispose();
    chart = null;
    replace(body, content);
  }

  const fail = (message) => clear(element('p.error', {}, message));

  function drawBar() {
    const choice = (name, value, change) => element('label', {}, element('span', {}, t(name)),
        element('select', {onchange: (event) => {
          change(event.target.value);
          load();
        }}, periods.map((point) => element('option', {value: point.periodStart, selected: point.periodStart === value}, shortTime(Date.parse(point.periodStart))))));
    replace(bar, element('h2', {}, t('why')), periods.length > 1 ? [
      choice('before', against, (value) => {
        against = value;
      }),
      choice('after', at, (value) => {
        at = value;
      })] : null);
  }

  async function load() {
    if (periods.length < 2) {
      clear(element('p.empty', {}, t('tooFewPeriods')));
      return;
    }
    const mine = ++asked;
    const {indicator, region} = current;
    try {
      const answer = await api.contributions(indicator.code, {region, at, against});
      if (mine !== asked) return;
      draw(answer);
    } catch (error) {
      if (mine === asked) fail(error.message);
    }
  }

  function draw(answer) {
    const {indicator} = current;
    clear(answer.contributions
      ? element('div.chartHolder', {role: 'img', 'aria-label': t('why')})
      : element('p.empty', {}, t('notExplained'), pick(answer.unexplained).join?.('; ') ?? ''),
    answer.missing?.length ? element('p.note', {}, t('missingParts'), answer.missing.map(regionName).join(', ')) : null,
    answer.related ? related(answer.related) : null,
    answer.events?.length ? events(answer.events) : null);
    if (!answer.contributions) return;
    chart = openChart(body.querySelector('.chartHolder'));
    const value = (time) => periods.find((point) => point.periodStart === time)?.value ?? 0;
    chart.setOption(waterfall(indicator, value(against), value(at), answer.contributions));
  }

  function related(list) {
    return element('div.related', {}, element('h3', {title: t('relatedHint')}, t('related')),
        list.length ? element('ul', {}, list.slice(0, 8).map((one) => element('li', {},
            element('a', {href: `#${one.code}/${current.region}`}, pick(state.byCode.get(one.code)?.name) || one.code),
            element('span', {}, t(one.relation)), element('b', {}, `z ${one.z > 0 ? '+' : ''}${number(one.z, 1)}`)))) : element('p.note', {}, t('none')));
  }

  function events(list) {
    const what = (event) => event.day
      ? element('span', {}, event.day, event.worked ? ` · ${t('workedDay')}` : '')
      : element('a', {href: `#${event.code}/${event.region}`}, pick(state.byCode.get(event.code)?.name) || event.code, ` · ${regionName(event.region)}`);
    return element('div.related', {}, element('h3', {}, t('eventsThen')),
        element('ul', {}, list.slice(0, 8).map((event) => element('li', {}, what(event),
            element('span', {}, event.grade ? t(event.grade) : ''), element('b', {}, shortTime(Date.parse(event.at)))))));
  }

  addEventListener('resize', () => chart?.resize());
  return {node, open, close};
}

export const regionName = (code) => code === state.city?.code ? t('wholeCity')
  : pick(state.city?.districts.find((district) => district.code === code)?.name) || code;

function nameOf(contribution) {
  if (contribution.code) return pick(state.byCode.get(contribution.code)?.name) || contribution.code;
  if (contribution.name) return regionName(contribution.name);
  return t(contribution.kind);
}

/** From the value before to the value after, one bar for each contribution; small ones are put together. */
function waterfall(indicator, before, after, contributions) {
  const {text, axis, base, tooltip} = look();
  const size = rem();
  const decimals = (indicator.unit?.decimals ?? 1) + 1;
  const moved = contributions.filter((one) => Number(one.points) !== 0)
      .map((one) => ({name: nameOf(one), points: Number(one.points), rate: one.rate, mix: one.mix}))
      .sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
  const rest = moved.slice(MOST_BARS).reduce((sum, one) => sum + one.points, 0);
  const bars = [...moved.slice(0, MOST_BARS), ...(rest ? [{name: t('others'), points: rest}] : [])];
  const steps = [{name: t('before'), from: null, to: before}];
  let level = before;
  for (const one of bars) {
    steps.push({...one, from: level, to: level + one.points});
    level += one.points;
  }
  steps.push({name: t('after'), from: null, to: after});
  const ends = steps.flatMap(({from, to}) => [from ?? to, to]);
  const least = Math.min(...ends);
  const most = Math.max(...ends);
  // Where the change is small beside the value, the axis begins near the values; the whole bars are then cut, as their labels say.
  const floor = least > 0 && (most - least) < least / 2 ? least - 0.35 * (most - least || 1) : Math.min(0, least);
  return {
    ...base,
    grid: {left: 9 * size, right: 4.5 * size, top: 0.4 * size, bottom: 2 * size},
    tooltip: {...tooltip, formatter: ({dataIndex}) => {
      const step = steps[dataIndex];
      const lines = [step.name, step.from === null ? number(step.to, decimals) : signed(step.points, decimals)];
      if (typeof step.rate === 'number') lines.push(`${t('rateEffect')} ${signed(step.rate, decimals)}   ${t('mixEffect')} ${signed(step.mix, decimals)}`);
      return lines.join('\n');
    }},
    xAxis: {type: 'value', ...axis, min: floor, max: most + 0.05 * (most - floor || 1), axisLabel: {...text, hideOverlap: true, showMaxLabel: false, formatter: (value) => number(value, Math.abs(most - floor) < 10 ? 1 : 0)}},
    yAxis: {type: 'category', inverse: true, data: steps.map((step) => step.name), ...axis, axisLabel: {...text, width: 8 * size, overflow: 'truncate'}, axisTick: {show: false}},
    series: [
      {type: 'bar', stack: 'w', silent: true, itemStyle: {color: 'transparent'}, barCategoryGap: '30%', data: steps.map(({from, to}) => from === null ? floor : Math.min(from, to))},
      {type: 'bar', stack: 'w', label: {show: true, position: 'right', ...text, formatter: ({dataIndex}) => {
        const step = steps[dataIndex];
        return step.from === null ? number(step.to, decimals - 1) : signed(step.points, decimals);
      }}, data: steps.map(({from, to}) => ({
        value: from === null ? to - floor : Math.abs(to - from),
        itemStyle: {color: from === null ? WHOLE : COLOURS[judged(indicator.direction, to > from)]},
      }))},
    ],
  };
}

function judged(direction, isRise) {
  if (direction === 'higher_better') return isRise ? 'good' : 'bad';
  if (direction === 'lower_better') return isRise ? 'bad' : 'good';
  return isRise ? 'rise' : 'fall';
}

const signed = (value, decimals) => `${value > 0 ? '+' : ''}${number(Number(value), decimals)}`;
