// The schematic map: one tile per district, coloured and signed by its severest open alert. Click to filter.

import {element, replace, setText, sign, svg} from './dom.js';
import {currentLanguage, pick, t} from './i18n.js';
import {changed, GRADES, isRaised, severest, state} from './state.js';

export const TILE = 100;
const GAP = 9;
/** What a name may take of a tile's width. */
const ROOM = 88;

export function mapPanel() {
  const grid = svg('svg.map', {role: 'group'});
  const title = element('h2');
  const counts = element('div.counts');
  const servers = element('div.servers');
  const node = element('div.panel.mapPanel', {}, title, grid, counts, servers);
  let drawn = '';

  function select(code) {
    state.selectedRegion = state.selectedRegion === code ? null : code;
    changed();
  }

  function render() {
    const {city, selectedRegion} = state;
    if (!city) return;
    grid.classList.toggle('without', !city.districts.length);
    const language = currentLanguage();
    const selected = city.districts.find((district) => district.code === selectedRegion);
    setText(title, selected ? `${t('map')} · ${pick(selected.name)}` : `${t('map')} · ${t('wholeCity')}`);
    const worst = city.districts.map((district) => severest(null, district.code));
    const numbers = city.districts.map((district) => raisedIn(district.code));
    // Drawn anew only when something that shows has changed.
    const look = JSON.stringify([language, selectedRegion, worst.map((alert) => alert?.grade), numbers,
      city.districts.map((district) => district.code)]);
    if (look !== drawn) {
      drawn = look;
      draw(city, worst, numbers);
      replace(counts, GRADES.slice().reverse().map((grade) => count(grade)));
    }
    renderServers(city);
  }

  function draw(city, worst, numbers) {
    layOut(grid, city.districts, (district, index) => {
      const grade = worst[index]?.grade ?? 'ok';
      const mark = sign(grade, currentLanguage());
      mark.setAttribute('x', 38);
      mark.setAttribute('y', 14);
      mark.setAttribute('width', 24);
      mark.setAttribute('height', 24);
      const isSelected = state.selectedRegion === district.code;
      const name = pick(district.name);
      return svg(`g.district.${grade}${isSelected ? '.selected' : state.selectedRegion ? '.dimmed' : ''}`, {
        tabindex: 0,
        role: 'button',
        'data-region': district.code,
        'aria-pressed': String(isSelected),
        onclick: () => select(district.code),
        onkeydown: (event) => event.key === 'Enter' && select(district.code),
      },
      svg('rect', {width: TILE, height: TILE, rx: 10}),
      mark,
      svg(`text.name${name.length > 4 ? '.long' : ''}`, {x: 50, y: 62, 'text-anchor': 'middle', ...fit(name)}, name),
      svg('text.number', {x: 50, y: 84, 'text-anchor': 'middle'},
          numbers[index] ? `${numbers[index]} ${currentLanguage() === 'zh' ? '条告警' : numbers[index] > 1 ? 'alerts' : 'alert'}` : t('normal')));
    });
  }

  function count(grade) {
    const number = [...state.alerts.values()].filter((alert) =>
      isRaised(alert) && alert.grade === grade
      && (!state.selectedRegion || alert.latest.key.region === state.selectedRegion)).length;
    return element(`div.count.${grade}${number ? '' : '.none'}${number > 99 ? '.many' : ''}`, {}, sign(grade, currentLanguage()),
        element('b', {}, String(number)), element('span', {}, t(grade)));
  }

  let shownServers = '';

  function renderServers(city) {
    const look = JSON.stringify([city.servers, currentLanguage()]);
    if (look === shownServers) return;
    shownServers = look;
    replace(servers, (city.servers ?? []).map((server) =>
      element(`span.server.${isUp(server) ? 'up' : 'off'}`, {title: pick(server.detail)}, server.name)));
  }

  return {node, render};
}

export const isUp = (server) => ['ready', 'running', 'healthy', 'up'].includes(server.state);

function raisedIn(region) {
  let number = 0;
  for (const alert of state.alerts.values()) if (isRaised(alert) && alert.latest.key.region === region) number++;
  return number;
}

/** Places districts as the city's map says; tile(district, index) makes each one's group. */
export function layOut(grid, districts, tile) {
  if (!districts.length) return replace(grid);
  const columns = districts.map((district) => district.column);
  const rows = districts.map((district) => district.row);
  const left = Math.min(...columns);
  const top = Math.min(...rows);
  const width = (Math.max(...columns) - left + 1) * (TILE + GAP) - GAP;
  const height = (Math.max(...rows) - top + 1) * (TILE + GAP) - GAP;
  grid.setAttribute('viewBox', `-3 -3 ${width + 6} ${height + 6}`);
  return replace(grid, districts.map((district, index) => {
    const group = tile(district, index);
    group.setAttribute('transform', `translate(${(district.column - left) * (TILE + GAP)} ${(district.row - top) * (TILE + GAP)})`);
    return group;
  }));
}

/** Long names are squeezed into the tile rather than clipped; a Chinese character is nearly twice as wide as a letter. */
export function fit(name) {
  const width = [...name].reduce((sum, character) => sum + (character > '\u2e80' ? 15 : 8.8), 0);
  return name.length > 4 && width > ROOM ? {textLength: ROOM, lengthAdjust: 'spacingAndGlyphs'} : {};
}
