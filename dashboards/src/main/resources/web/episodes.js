// The alerts of one series, newest first, with what they turned out to be.

import * as api from './api.js';
import {element, replace, sign} from './dom.js';
import {currentLanguage, duration, number, pick, shortTime, t} from './i18n.js';
import {escalationMark, judgeButton, suppressionText, verdictMark} from './judge.js';
import {callsNobody, state} from './state.js';

const MOST_ROWS = 50;

export function episodesPanel() {
  const node = element('section.panel.episodes');
  let asked = 0;
  let current = null;
  let known = null;
  let role = null;

  async function open(indicator, region) {
    const mine = ++asked;
    current = {indicator, region};
    known = null;
    replace(node, element('h2', {}, t('alertRecord')));
    try {
      const {alerts} = await api.alertsOf(indicator.code, region, MOST_ROWS);
      if (mine === asked) show(alerts);
    } catch (error) {
      if (mine === asked) replace(node, element('h2', {}, t('alertRecord')), element('p.error', {}, error.message));
    }
  }

  function show(alerts) {
    known = alerts;
    role = state.role;
    replace(node, element('h2', {}, t('alertRecord')),
        alerts.length ? alerts.map(episode) : element('p.note', {}, t('noEpisodes')));
  }

  function episode(alert) {
    const from = Date.parse(alert.startsAt);
    const {value, reasons} = alert.latest;
    const {decimals = 1, display} = current.indicator.unit ?? {};
    const why = [(reasons?.[currentLanguage()] ?? [])[0], suppressionText(alert), ...(alert.assessment?.reasons?.[currentLanguage()] ?? [])].filter(Boolean);
    return element(`article.alertRecord${callsNobody(alert) ? '.demoted' : ''}`, {'data-alert': alert.id},
        element('div.episodeHead', {},
            sign(alert.grade, currentLanguage()),
            element('span', {}, shortTime(from)),
            element('small', {}, alert.endsAt ? `${t('lasted')} ${duration(Date.parse(alert.endsAt) - from)}` : t(alert.state)),
            element('b', {}, value === undefined ? t('missing') : `${number(value, decimals)} ${pick(display)}`),
            escalationMark(alert), element('a.cap', {href: `/api/v1/alerts/${encodeURIComponent(alert.id)}/cap`, download: `${alert.id}.xml`}, 'CAP'), verdictMark(alert), alert.feedback?.note ? element('small', {}, alert.feedback.note) : null,
            alert.state === 'pending' ? null : judgeButton(alert, judge)),
        why.map((text) => element('p', {}, text)));
  }

  async function judge(request) {
    const {indicator, region} = current;
    try {
      await request();
      await open(indicator, region);
    } catch (error) {
      node.append(element('p.error', {role: 'alert'}, error.message));
    }
  }

  /** Who may judge is known only once the connection is up. */
  function render() {
    if (known && role !== state.role) show(known);
  }

  return {node, open, render, close: () => asked++};
}
