// The newest values of all regions: ranked as bars, and on the schematic map.

import {GRADE_COLOURS} from './chart.js';
import {element, replace, setText, sign, svg} from './dom.js';
import {currentLanguage, number, pick, t} from './i18n.js';
import {fit, layOut, TILE} from './map.js';
import {pointOf, quality} from './reading.js';
import {severest, state} from './state.js';

export function regionsPanel() {
  const title = element('h2');
  const grid = svg('svg.map', {role: 'group'});
  const bars = element('ol.ranking');
  const node = element('section.panel.regions', {}, title, element('div.regionsBody', {}, bars, grid));
  let current = null;
  let drawn = '';

  function open(indicator, region) {
    current = {indicator, region};
    drawn = '';
    render();
  }

  function render() {
    const {indicator, region} = current;
    const rows = state.city.districts.map((district) => {
      const point = pointOf(indicator, district.code);
      return {district, value: point?.value ?? null, trust: quality(indicator, point), grade: severest(indicator.code, district.code)?.grade ?? null};
    });
    const ups = indicator.direction === 'lower_better' || indicator.direction === 'neutral' ? -1 : 1;
    const ranked = rows.filter((row) => row.value !== null).sort((a, b) => ups * (a.value - b.value));
    const look = JSON.stringify([ranked.map((row) => [row.district.code, row.value, row.trust, row.grade]), currentLanguage(), region]);
    if (look === drawn) return;
    drawn = look;
    node.hidden = !state.city.districts.length;
    setText(title, t('ranking'));
    const decimals = indicator.unit?.decimals ?? 1;
    const least = Math.min(0, ...ranked.map((row) => row.value));
    const most = Math.max(0, ...ranked.map((row) => row.value));
    const values = ranked.map((row) => row.value);
    // The bars begin at zero; the map's shades tell the districts apart.
    const shade = (value) => (value - Math.min(...values)) / (Math.max(...values) - Math.min(...values) || 1);
    const share = (value) => most === least ? 0 : (value - least) / (most - least);
    const address = (code) => `#${indicator.code}/${code}`;
    replace(bars, [...ranked, ...rows.filter((row) => row.value === null)].map((row) => {
      const fill = element(`i${row.grade ? `.${row.grade}` : ''}`);
      fill.style.width = `${100 * (row.value === null ? 0 : share(row.value))}%`;
      return element('li', {}, element(`a${row.district.code === region ? '.current' : ''}`, {href: address(row.district.code)},
          row.grade || row.value !== null ? sign(row.grade ?? 'ok', currentLanguage()) : element('span'), element('span.name', {}, pick(row.district.name)),
          element('span.track', {}, fill), element('b', {}, number(row.value, decimals)),
          row.trust === 'complete' ? element('span') : element(`span.trust.${row.trust}`, {}, t(row.trust))));
    }));
    layOut(grid, state.city.districts, (district, index) => {
      const row = rows[index];
      const name = pick(district.name);
      const tile = svg('rect', {width: TILE, height: TILE, rx: 10});
      if (row.value !== null) {
        tile.style.fill = row.grade ? GRADE_COLOURS[row.grade] : '#35d0ba';
        tile.style.fillOpacity = String(0.12 + 0.5 * shade(row.value));
      }
      return svg(`a.district${district.code === region ? '.selected' : ''}`, {href: address(district.code), 'data-region': district.code}, tile,
          svg(`text.name${name.length > 4 ? '.long' : ''}`, {x: 50, y: 44, 'text-anchor': 'middle', ...fit(name)}, name),
          svg('text.number', {x: 50, y: 74, 'text-anchor': 'middle'}, number(row.value, decimals)));
    });
  }

  return {node, open, render};
}
