// One line per domain: its severest alert, how many there are, and how far its values may be relied on.

import {element, replace, setText, sign} from './dom.js';
import {currentLanguage, t} from './i18n.js';
import {pointFor, quality} from './reading.js';
import {GRADES, isRaised, state} from './state.js';

const TRUSTS = ['complete', 'late', 'partial', 'stale', 'missing'];

export function domainsPanel() {
  const title = element('h2');
  const list = element('div.domainList');
  const node = element('div.panel.domains', {}, title, list);
  let drawn = '';

  function render() {
    const rows = summary();
    const look = JSON.stringify([rows, currentLanguage()]);
    if (look === drawn) return;
    drawn = look;
    setText(title, t('domains'));
    replace(list, rows.map((row) => element('div.domain', {},
        sign(row.grade ?? 'ok', currentLanguage()),
        element('span.domainName', {}, t(row.domain)),
        element('b', {}, row.alerts ? String(row.alerts) : ''),
        element('span.trustBar', {title: t('trustLegend')}, TRUSTS.flatMap((trust) =>
          Array.from({length: row.trust[trust] ?? 0}, () => element(`i.${trust}`)))))));
  }

  return {node, render};
}

function summary() {
  const rows = new Map();
  for (const indicator of state.indicators) {
    if (!rows.has(indicator.domain)) rows.set(indicator.domain, {domain: indicator.domain, grade: null, alerts: 0, trust: {}});
    const {trust} = rows.get(indicator.domain);
    const reliable = quality(indicator, pointFor(indicator));
    trust[reliable] = (trust[reliable] ?? 0) + 1;
  }
  for (const alert of state.alerts.values()) {
    const row = rows.get(state.byCode.get(alert.latest.key.code)?.domain);
    if (!row || !isRaised(alert) || (state.selectedRegion && alert.latest.key.region !== state.selectedRegion)) continue;
    row.alerts++;
    if (GRADES.indexOf(alert.grade) > GRADES.indexOf(row.grade)) row.grade = alert.grade;
  }
  return [...rows.values()];
}
