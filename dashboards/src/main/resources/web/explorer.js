// All indicators by domain with newest value, grade and trust; the server finds what is searched for.

import * as api from './api.js';
import {element, replace, setClass, setText, sign} from './dom.js';
import {currentLanguage, duration, number, pick, t} from './i18n.js';
import {pointFor, quality} from './reading.js';
import {age, severest, state} from './state.js';

const TYPING_MILLIS = 180;

export function explorer(node) {
  const field = element('input.search', {type: 'search', autocomplete: 'off', oninput: typed});
  const found = element('span.found', {role: 'status'});
  const hint = element('small.hint');
  const domains = element('nav.domainsBar');
  const groups = element('div.groups');
  const rows = [];
  let codes = null; // what the server found, null when nothing is searched for
  let domain = null;
  let asking = null;
  let timer = null;

  replace(node, element('div.searchBar', {role: 'search'}, field, found, hint), domains, groups);
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      field.value = '';
      typed();
    } else if (event.key === 'ArrowDown') {
      event.preventDefault();
      groups.querySelector('a')?.focus();
    }
  });
  groups.addEventListener('keydown', (event) => {
    const step = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (!step) return;
    event.preventDefault();
    const links = [...groups.querySelectorAll('a')];
    const next = links[links.indexOf(document.activeElement) + step];
    (next ?? (step < 0 ? field : null))?.focus();
  });

  function typed() {
    clearTimeout(timer);
    timer = setTimeout(ask, TYPING_MILLIS);
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const query = field.value.trim();
    try {
      codes = query ? new Set((await api.search(query, asking.signal)).map((card) => card.code)) : null;
      redraw();
    } catch (error) {
      if (error.name !== 'AbortError') setText(found, error.message);
    }
  }

  function redraw() {
    field.placeholder = t('search');
    field.setAttribute('aria-label', t('search'));
    setText(hint, t('searchHint'));
    const searched = state.indicators.filter((indicator) => !codes || codes.has(indicator.code));
    const shown = searched.filter((indicator) => !domain || indicator.domain === domain);
    setText(found, `${number(shown.length)} ${t('found')}`);
    const numbers = groupBy(searched);
    const known = [...new Set(state.indicators.map((indicator) => indicator.domain))];
    replace(domains, [null, ...known].map((name) => element(`button${name === domain ? '.current' : ''}`, {
      'aria-pressed': String(name === domain),
      onclick: () => {
        domain = name;
        redraw();
        domains.querySelector('.current').focus();
      },
    }, name ? t(name) : t('allDomains'), element('small', {}, String(name ? numbers.get(name)?.length ?? 0 : searched.length)))));
    rows.length = 0;
    const byDomain = groupBy(shown);
    replace(groups, shown.length ? [...byDomain].map(([name, indicators]) => element('section.domainGroup', {},
        element('h2', {}, t(name)),
        element('div.rows', {}, indicators.map((indicator) => {
          const row = rowOf(indicator);
          rows.push(row);
          return row.node;
        })))) : element('p.empty', {}, t('nothingFound')));
    render();
  }

  function render() {
    for (const row of rows) row.render();
  }

  return {redraw, render, focus: () => field.focus()};
}

/** By domain, the composite first. */
function groupBy(indicators) {
  const groups = new Map();
  for (const indicator of indicators) {
    if (!groups.has(indicator.domain)) groups.set(indicator.domain, []);
    groups.get(indicator.domain)[indicator.code.endsWith('-9000') ? 'unshift' : 'push'](indicator);
  }
  return groups;
}

function rowOf(indicator) {
  const mark = element('span.mark');
  const value = element('b.value');
  const place = element('span.place');
  const trust = element('span.trust');
  const aged = element('span.age', {title: t('ageHint')});
  const node = element('a.row', {href: `#${indicator.code}`, 'data-code': indicator.code}, mark,
      element('span.name', {}, pick(indicator.name)), element('code', {}, indicator.code),
      element('span.reading', {}, value, element('small', {}, pick(indicator.unit?.display))), place, trust, aged);
  let shown = null;

  function render() {
    const point = pointFor(indicator);
    const region = point?.key.region;
    const grade = severest(indicator.code, region === state.city?.code ? null : region)?.grade ?? 'ok';
    const reliable = quality(indicator, point);
    // What has no value is not known to be well.
    const isUnknown = reliable === 'missing' && grade === 'ok';
    const look = `${isUnknown}${grade}${currentLanguage()}`;
    if (look !== shown) {
      shown = look;
      replace(mark, isUnknown ? null : sign(grade, currentLanguage()));
    }
    setText(value, number(point?.value, indicator.unit?.decimals ?? 1));
    const isCity = !region || region === state.city?.code;
    setText(place, isCity ? '' : pick(state.city?.districts.find((district) => district.code === region)?.name) || region);
    setText(trust, t(reliable));
    setClass(trust, `trust ${reliable}`);
    setText(aged, point ? duration(age(point, indicator.grain).millis) : '');
  }

  return {node, render};
}
