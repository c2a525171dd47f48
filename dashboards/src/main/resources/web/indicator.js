// One indicator: what it is now, its history, why it changed, its regions, definition, lineage and quality.

import {definitionPanel} from './definition.js';
import {element, replace, setClass, setText, sign} from './dom.js';
import {episodesPanel} from './episodes.js';
import {findingsPanel} from './findings.js';
import {setTitle} from './header.js';
import {currentLanguage, duration, number, pick, t} from './i18n.js';
import {lineagePanel} from './lineage.js';
import {pointOf, quality} from './reading.js';
import {regionsPanel} from './regions.js';
import {seriesPanel} from './series.js';
import {age, severest, state} from './state.js';
import {whyPanel} from './why.js';

export function indicatorPage(node) {
  const head = headPanel();
  const panels = [seriesPanel(), whyPanel(), episodesPanel(), regionsPanel(), definitionPanel(), lineagePanel(), findingsPanel()];
  let current = null;

  function open(code, region = state.city.code) {
    current = {code, region};
    redraw();
  }

  function close() {
    current = null;
    for (const panel of panels) panel.close?.();
    replace(node);
    setTitle(t('indicators'));
  }

  function redraw() {
    if (!current) return;
    const indicator = state.byCode.get(current.code);
    if (!indicator) {
      replace(node, element('p.empty', {}, t('unknownIndicator'), element('code', {}, current.code), ' ',
          element('a.button', {href: '#'}, t('toList'))));
      return;
    }
    setTitle(pick(indicator.name));
    const wasChoosing = document.activeElement?.matches('.indicatorHead select');
    replace(node, head.node, element('div.panels', {}, panels.map((panel) => panel.node)));
    head.open(indicator, current.region);
    for (const panel of panels) panel.open(indicator, current.region);
    if (wasChoosing) head.node.querySelector('select').focus();
  }

  /** Called each second at most while values arrive. */
  function render() {
    if (!current || !state.byCode.has(current.code)) return;
    head.render();
    for (const panel of panels) panel.render?.();
  }

  return {open, close, redraw, render};
}

/** The places that an indicator has values of: the city, its districts, and others by their codes. */
function places(indicator) {
  const known = [{code: state.city.code, name: t('wholeCity')}, ...state.city.districts];
  const codes = new Set(known.map((place) => place.code));
  const others = [...(state.points.get(indicator.code)?.values() ?? [])].map((point) => point.key.region).filter((code) => !codes.has(code));
  return [...known, ...[...new Set(others)].sort().map((code) => ({code, name: code}))];
}

function headPanel() {
  const node = element('div.indicatorHead');
  let parts = null;

  function open(indicator, region) {
    const shown = places(indicator);
    if (!shown.some((place) => place.code === region)) shown.push({code: region, name: region});
    parts = {
      indicator, region, grade: null,
      mark: element('span.mark'), value: element('b'), trust: element('span.trust'), aged: element('small', {title: t('ageHint')}),
    };
    replace(node,
        element('a.button', {href: '#'}, `‹ ${t('toList')}`),
        parts.mark, element('h1', {}, pick(indicator.name)), element('code', {}, indicator.code),
        element('span.newest', {}, parts.value, element('span', {}, pick(indicator.unit?.display)), parts.trust, parts.aged),
        element('select.place', {'aria-label': t('region'), onchange: (event) => {
          location.hash = `#${indicator.code}/${event.target.value}`;
        }}, shown.map((place) => element('option', {value: place.code, selected: place.code === region}, pick(place.name)))),
        element('a.button', {href: `/backtest.html#${indicator.code}/${region}`}, t('backtest')),
        element('a.button', {href: `/editor.html#${indicator.code}`}, t('edit')));
    render();
  }

  function render() {
    const {indicator, region, mark, value, trust, aged} = parts;
    const point = pointOf(indicator, region);
    const reliable = quality(indicator, point);
    const grade = severest(indicator.code, region)?.grade ?? (reliable === 'missing' ? 'unknown' : 'ok');
    if (grade !== parts.grade) {
      parts.grade = grade;
      replace(mark, grade === 'unknown' ? null : sign(grade, currentLanguage()));
    }
    setText(value, number(point?.value, indicator.unit?.decimals ?? 1));
    setText(trust, t(reliable));
    setClass(trust, `trust ${reliable}`);
    setText(aged, point ? `${duration(age(point, indicator.grain).millis)}${t('agoShort')}` : '');
  }

  return {node, open, render};
}
