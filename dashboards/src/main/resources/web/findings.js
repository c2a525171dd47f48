// What quality rules found wrong in the last days, and whether the region's feed runs.

import * as api from './api.js';
import {element, replace} from './dom.js';
import {currentLanguage, number, shortTime, t} from './i18n.js';
import {cityNow} from './state.js';
import {headings, table} from './table.js';

const DAYS = 7;
const MOST_ROWS = 100;

export function findingsPanel() {
  const node = element('section.panel.findings');
  let asked = 0;

  async function open(indicator, region) {
    const mine = ++asked;
    replace(node, element('h2', {}, t('quality')));
    const to = cityNow();
    try {
      const {findings, feed} = await api.quality(indicator.code,
          {region, from: new Date(to - DAYS * 86_400_000).toISOString(), to: new Date(to).toISOString()});
      if (mine !== asked) return;
      const reasons = (entry) => (entry?.reasons?.[currentLanguage()] ?? []).join('; ');
      replace(node, element('h2', {}, t('quality')),
          feed ? element('p.feed', {}, t('feed'), element(`span.feedState.${feed.state}`, {}, t(`feed_${feed.state}`)),
              feed.state === 'running' ? null : element('small', {}, reasons(feed))) : null,
          findings.length ? [
            element('p', {}, `${t('findings')}: ${number(findings.length)}`),
            table(headings(['period', 'rule', 'reason']), findings.slice(-MOST_ROWS).reverse().map((finding) => [
              element('td', {}, shortTime(Date.parse(finding.periodStart))),
              element('td', {}, t(finding.rule === 'range' ? 'plausible' : finding.rule)),
              element('td', {}, reasons(finding.detail) || `${number(finding.measured, 2)} / ${number(finding.bound, 2)}`)]))]
            : element('p.note', {}, t('noFindings')));
    } catch (error) {
      if (mine === asked) replace(node, element('h2', {}, t('quality')), element('p.error', {}, error.message));
    }
  }

  return {node, open, close: () => asked++};
}
