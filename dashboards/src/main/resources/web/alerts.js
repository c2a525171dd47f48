// The live list of alerts: firing first, severest first. A acknowledges the selected one, or the first that fires.

import * as api from './api.js';
import {element, replace, setText, sign} from './dom.js';
import {currentLanguage, duration, hourMinute, number, pick, t} from './i18n.js';
import {askAndClose, canAct, escalationMark, judgeButton, suppressionText, verdictMark} from './judge.js';
import {addAlert, callsNobody, changed, cityNow, forgetResolved, isOpen, isRaised, sortedAlerts, state} from './state.js';

const MOST_SHOWN = 60;

export function alertsPanel(openHistory) {
  const title = element('h2');
  const list = element('div.alertList', {role: 'list'});
  const more = element('div.more');
  const node = element('div.panel.alertsPanel', {}, title, list, more);
  const items = new Map();
  let language = '';

  function visible() {
    return sortedAlerts().filter((alert) =>
      !state.selectedRegion || alert.latest.key.region === state.selectedRegion);
  }

  function render() {
    forgetResolved();
    if (language !== currentLanguage()) {
      language = currentLanguage();
      items.clear();
    }
    const alerts = visible();
    const raised = alerts.filter(isRaised).length;
    setText(title, `${t('openAlerts')} ${raised}${state.hasForgotten ? '+' : ''}`);
    const shown = alerts.slice(0, MOST_SHOWN);
    for (const id of items.keys()) if (!shown.some((alert) => alert.id === id)) items.delete(id);
    const nodes = shown.map((alert) => itemFor(alert).node);
    const same = nodes.length === list.childElementCount && nodes.every((item, index) => list.children[index] === item);
    if (!same) {
      replace(list, nodes.length ? nodes : element('div.empty', {}, sign('ok'), element('p', {}, t('noAlerts'))));
    }
    for (const alert of shown) items.get(alert.id).age(alert);
    setText(more, alerts.length > shown.length ? `+${alerts.length - shown.length} ${t('more')}` : '');
  }

  function itemFor(alert) {
    const look = [alert.revision, alert.state, state.selectedAlert === alert.id, state.role, state.byCode.size].join('|');
    const known = items.get(alert.id);
    if (known?.look === look) return known;
    const item = {...alertItem(alert), look};
    known?.node.replaceWith(item.node);
    items.set(alert.id, item);
    return item;
  }

  function alertItem(alert) {
    const {key, value, band, reasons, model} = alert.latest;
    const indicator = state.byCode.get(key.code);
    const decimals = indicator?.unit?.decimals ?? 1;
    const unit = pick(indicator?.unit?.display) || '';
    const since = element('span.since');
    const place = pick(state.city?.districts.find((district) => district.code === key.region)?.name)
      || (key.region === state.city?.code ? t('wholeCity') : key.region);
    const reason = (reasons?.[language] ?? [])[0] ?? '';
    const reading = value === undefined ? t('missing') : `${number(value, decimals)} ${unit}`;
    const expected = band ? `${t('expected')} ${number(band.low, decimals)}–${number(band.high, decimals)}` : '';
    const node = element(`article.alert.${alert.grade}.${alert.state}${state.selectedAlert === alert.id ? '.selected' : ''}${callsNobody(alert) ? '.demoted' : ''}`, {
      role: 'listitem', tabindex: 0, 'data-alert': alert.id,
      onclick: () => selectAlert(alert.id),
      ondblclick: () => openHistory(key.code, key.region),
    },
    element('div.signHolder', {}, sign(alert.state === 'resolved' ? 'ok' : alert.grade, language)),
    element('div.what', {},
        element('h3', {}, element('span.title', {}, indicator ? pick(indicator.name) : key.code), element('span.state', {}, t(alert.state))),
        element('p.values', {}, element('span.where', {}, place), element('b', {}, reading), element('span.expected', {}, expected)),
        element('p.reason', {title: (reasons?.[language] ?? []).join('\n')}, reason),
        element('p.assessment', {}, escalationMark(alert), suppressionText(alert), (alert.assessment?.reasons?.[language] ?? []).join(language === 'zh' ? '；' : '; ')),
        element('div.foot', {},
            element('p.meta', {}, since,
                alert.count > 1 ? element('span', {}, `${alert.count}${language === 'zh' ? ' ' : ''}${t('times')}`) : null,
                element('span.model', {}, model),
                alert.owner ? element('span.owner', {}, alert.owner) : null, verdictMark(alert)),
            element('div.actions', {}, buttons(alert)))));
    return {
      node,
      age: (current) => setText(since, `${hourMinute(Date.parse(current.startsAt))} · ${
        duration(Math.max(0, cityNow() - Date.parse(current.startsAt)))}`),
    };
  }

  /** The next or previous alert in the list. */
  function move(step) {
    const alerts = visible();
    if (!alerts.length) return;
    const at = alerts.findIndex((alert) => alert.id === state.selectedAlert);
    const next = alerts[Math.max(0, Math.min(alerts.length - 1, at + step))];
    selectAlert(next.id);
    requestAnimationFrame(() => items.get(next.id)?.node.scrollIntoView({block: 'nearest'}));
  }

  function acknowledgeSelected() {
    const alert = state.alerts.get(state.selectedAlert) ?? visible().find((candidate) => candidate.state === 'firing');
    if (alert?.state === 'firing' && canAct()) act(() => api.acknowledge(alert));
  }

  return {node, render, move, acknowledgeSelected};
}

function selectAlert(id) {
  state.selectedAlert = id;
  changed();
}

function buttons(alert) {
  if (!isOpen(alert) && alert.state !== 'resolved') return [];
  const why = canAct() ? null : t('needsOperator');
  const stop = (action) => (event) => {
    event.stopPropagation();
    action();
  };
  return [
    alert.state === 'pending' ? null : judgeButton(alert, act),
    alert.state === 'firing' ? element('button.acknowledge', {disabled: !canAct(), title: why,
      onclick: stop(() => act(() => api.acknowledge(alert)))}, t('acknowledge')) : null,
    alert.state === 'acknowledged' || alert.state === 'resolved' ? element('button.close', {disabled: !canAct(),
      title: why, onclick: stop(() => askAndClose(alert, act))}, t('close')) : null,
  ];
}

/** Does it, and takes the server's answer at once; when someone was faster the socket brings the newer state. */
async function act(request) {
  try {
    const answer = await request();
    const alert = answer?.alert ?? answer;
    if (alert?.id) addAlert(alert);
  } catch (error) {
    toast(error.message);
  }
}

/** One line of trouble, gone after a while. */
export function toast(text) {
  document.querySelector('.toast')?.remove();
  const node = element('div.toast', {role: 'alert'}, text);
  document.body.append(node);
  setTimeout(() => node.remove(), 6_000);
}
