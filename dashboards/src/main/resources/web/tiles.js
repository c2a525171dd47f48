// Vital-sign tiles by domain: value, unit, trust, trend, grade, age, n. Groups are packed into rows of equal tiles;
// what does not fit is on further pages that turn by themselves, because nobody scrolls a wall.

import {element, replace, setClass, setText, sign, svg} from './dom.js';
import {currentLanguage, duration, number, pick, t} from './i18n.js';
import {pointFor, quality} from './reading.js';
import {age, severest, state} from './state.js';

const PAGE_MILLIS = 20_000;
const LEAST_HEIGHT_REM = 8;
const MOST_HEIGHT_REM = 11.5;
const HEAD_REM = 1.9;

export function tilesPanel(openHistory) {
  const node = element('div.vitals');
  const pager = element('div.pager');
  const wrap = element('div.vitalsWrap', {}, node, pager);
  const tiles = new Map();
  let layout = '';
  let page = 0;
  let pages = [];
  let turnedAt = performance.now();

  function render() {
    const now = performance.now();
    if (pages.length > 1 && now - turnedAt > PAGE_MILLIS && !wrap.matches(':hover')) turn((page + 1) % pages.length);
    const look = [state.indicators.map((indicator) => indicator.code).join(), innerWidth, innerHeight,
      currentLanguage()].join('|');
    if (look !== layout) {
      layout = look;
      arrange();
    }
    for (const [code, tile] of tiles) if (tile.node.isConnected) tile.render(state.byCode.get(code));
  }

  function turn(to) {
    page = to;
    turnedAt = performance.now();
    show();
  }

  function arrange() {
    tiles.clear();
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const available = wrap.clientHeight / rem;
    const columns = Math.max(3, Math.floor(wrap.clientWidth / rem / 11.4));
    const bands = pack(groups(), columns);
    pages = [];
    let current = null;
    let used = 0;
    for (const band of bands) {
      const height = HEAD_REM + band.rows * LEAST_HEIGHT_REM + (band.rows - 1) * 0.5;
      if (!current || used + height > available - 1.2) {
        current = [];
        pages.push(current);
        used = 0;
      }
      current.push(band);
      used += height + 0.55;
    }
    page = Math.min(page, Math.max(0, pages.length - 1));
    pages.available = available - (pages.length > 1 ? 1.4 : 0);
    show();
  }

  function show() {
    const bands = pages[page] ?? [];
    const rows = bands.reduce((sum, band) => sum + band.rows, 0);
    const spare = (pages.available - bands.length * (HEAD_REM + 0.55) - (rows - bands.length) * 0.5) / rows;
    const height = Math.max(LEAST_HEIGHT_REM, Math.min(MOST_HEIGHT_REM, spare));
    replace(node, bands.map((band) => {
      const bandNode = element('div.band', {}, band.groups.map((group) => {
        const holder = element('div.group', {}, element('h2', {}, t(group.domain)),
            element('div.tiles', {}, group.indicators.map((indicator) => tileOf(indicator).node)));
        holder.style.setProperty('--span', group.span);
        return holder;
      }));
      bandNode.style.setProperty('--columns', band.columns);
      bandNode.style.setProperty('--height', `${height}rem`);
      return bandNode;
    }));
    replace(pager, pages.length > 1 ? pages.map((_, index) => element(`button.dot${index === page ? '.current' : ''}`,
        {'aria-label': `${index + 1}/${pages.length}`, onclick: () => turn(index)})) : []);
    for (const [code, tile] of tiles) if (tile.node.isConnected) tile.render(state.byCode.get(code));
  }

  function tileOf(indicator) {
    if (!tiles.has(indicator.code)) tiles.set(indicator.code, tile(indicator.code, openHistory));
    return tiles.get(indicator.code);
  }

  return {node: wrap, render};
}

function groups() {
  const byDomain = new Map();
  for (const indicator of state.indicators) {
    if (!byDomain.has(indicator.domain)) byDomain.set(indicator.domain, []);
    byDomain.get(indicator.domain).push(indicator);
  }
  return [...byDomain].map(([domain, indicators]) => ({domain, indicators}));
}

/** Fills bands of {@code columns} tiles with whole domains, largest first; a large domain has a band of several rows. */
function pack(list, columns) {
  const bands = [];
  const rest = [...list].sort((a, b) => b.indicators.length - a.indicators.length);
  while (rest.length) {
    const first = rest.shift();
    const rows = Math.ceil(first.indicators.length / columns);
    const band = {rows, columns, groups: [{...first, span: Math.min(columns, first.indicators.length)}]};
    let free = columns - band.groups[0].span;
    for (let index = 0; index < rest.length && rows === 1;) {
      if (rest[index].indicators.length <= free) {
        const [group] = rest.splice(index, 1);
        band.groups.push({...group, span: group.indicators.length});
        free -= group.indicators.length;
      } else index++;
    }
    bands.push(band);
  }
  return bands;
}

function tile(code, openHistory) {
  const name = element('div.name');
  const value = element('span.value');
  const unit = element('span.unit');
  const trust = element('span.trust');
  const place = element('span.place');
  const aged = element('span.age');
  const inputs = element('span.inputs');
  const mark = element('span.mark');
  const line = svg('polyline', {'vector-effect': 'non-scaling-stroke'});
  const lines = svg('svg.spark', {viewBox: '0 0 100 30', preserveAspectRatio: 'none', 'aria-hidden': 'true'});
  const node = element('button.tile', {'data-code': code, onclick: () => openHistory(code, shownRegion)},
      element('div.head', {}, name, mark),
      element('div.reading', {}, value, element('span.side', {}, unit, place)),
      lines,
      element('div.foot', {}, trust, aged, inputs));
  let shownRegion = '';
  let markShown = null;
  let trendShown = null;

  function render(indicator) {
    if (!indicator) return;
    const point = pointFor(indicator);
    shownRegion = point?.key.region ?? state.selectedRegion ?? state.city?.code ?? '';
    // A short name is often Chinese; an English reader then gets the English name.
    const isShort = currentLanguage() === 'en' && /^[\x20-\x7e]+$/.test(indicator.name.short ?? '');
    setText(name, isShort ? indicator.name.short : pick(indicator.name));
    node.title = pick(indicator.name);
    const worst = severest(code, state.selectedRegion);
    const grade = worst?.grade ?? null;
    const look = `${grade}${currentLanguage()}`;
    if (look !== markShown) {
      markShown = look;
      replace(mark, grade ? sign(grade, currentLanguage()) : null);
    }
    const how = point && age(point, indicator.grain);
    const reliable = quality(indicator, point);
    setClass(node, `tile ${grade ?? 'ok'} trust-${reliable}`);
    setText(value, reliable === 'missing' ? '–' : number(point.value, indicator.unit?.decimals ?? 0));
    setText(unit, pick(indicator.unit?.display) || '');
    setText(trust, t(reliable));
    setClass(trust, `trust ${reliable}`);
    setText(aged, how ? duration(how.millis) + t('agoShort') : '');
    aged.title = t('ageHint');
    setText(place, placeName(worst, point));
    setText(inputs, point ? `n=${number(point.n)}` : '');
    const trend = state.trends.get(`${code}|${shownRegion}`);
    if (trend !== trendShown) {
      trendShown = trend;
      drawTrend(lines, line, trend ?? []);
    }
  }

  return {node, render};
}

/** Names the district only when it is not the one that the reader has chosen. */
function placeName(alert, point) {
  const code = alert?.latest.key.region ?? point?.key.region;
  if (!code || code === state.city?.code || code === state.selectedRegion) return '';
  const name = pick(state.city?.districts.find((district) => district.code === code)?.name) || code;
  return alert ? name : `${t('worst')} ${name}`;
}

/** One polyline per run of values: a missing period is a gap, never a line across it. */
function drawTrend(lines, line, trend) {
  const values = trend.map((entry) => entry.value).filter((value) => value !== null);
  if (values.length < 2) {
    replace(lines);
    return;
  }
  const low = Math.min(...values);
  const range = Math.max(...values) - low || 1;
  const from = trend[0].time;
  const width = trend.at(-1).time - from || 1;
  const steps = trend.slice(1).map((entry, index) => entry.time - trend[index].time).sort((a, b) => a - b);
  const usual = steps[Math.floor(steps.length / 2)];
  const runs = [[]];
  trend.forEach((entry, index) => {
    if (entry.value === null || (index && entry.time - trend[index - 1].time > 1.5 * usual)) runs.push([]);
    if (entry.value !== null) {
      runs.at(-1).push(`${(100 * (entry.time - from) / width).toFixed(1)},${(28 - 26 * (entry.value - low) / range).toFixed(1)}`);
    }
  });
  replace(lines, runs.filter((run) => run.length).map((run) => {
    const copy = line.cloneNode();
    copy.setAttribute('points', (run.length > 1 ? run : [run[0], run[0]]).join(' '));
    return copy;
  }));
}
