// What an alert turned out to be: said by an operator, on the wall and on an indicator's page.

import * as api from './api.js';
import {element} from './dom.js';
import {currentLanguage, shortTime, t} from './i18n.js';
import {state} from './state.js';

const VERDICTS = ['true_alarm', 'false_alarm', 'expected_event'];

export const canAct = () => state.role === 'operator' || state.role === 'admin';

/** What was said of an alert last, as a mark; nothing before. */
export function verdictMark(alert) {
  const said = alert.feedback;
  return said ? element(`span.verdict.${said.verdict}`, {title: [said.by, said.note].filter(Boolean).join(': ')}, t(said.verdict)) : null;
}

/** Why an alert calls nobody; null where it does. */
export function suppressionText(alert) {
  const {suppression} = alert;
  return suppression ? `${t(`in_${suppression.kind}`)} ${shortTime(Date.parse(suppression.until))}${currentLanguage() === 'zh' ? '：' : ': '}${suppression.reason} (${suppression.by}) ` : null;
}

/** Who else was called because nobody answered; null where nobody was. */
export function escalationMark(alert) {
  const called = alert.escalation?.to ?? [];
  return called.length ? element('span.escalated', {title: `${t('unanswered')} ${shortTime(Date.parse(alert.escalation.since))}`}, `${t('escalatedTo')} ${called.join(', ')}`) : null;
}

/** A button that asks; `act` takes the request to make. */
export function judgeButton(alert, act) {
  return element('button.judge', {disabled: !canAct(), title: canAct() ? t('judgeHint') : t('needsOperator'), onclick: (event) => {
    event.stopPropagation();
    ask(t('judgeAlert'), t('judgeNote'), t('save'), alert.feedback, true,
        (verdict, note) => act(() => api.judge(alert, verdict, note)));
  }}, t('judge'));
}

/** Asks what was done, and if the operator likes to say so, what the alert turned out to be; then closes it. */
export function askAndClose(alert, act) {
  ask(t('closeAlert'), t('note'), t('close'), null, false, (verdict, note) => act(async () => {
    const newest = verdict ? await api.judge(alert, verdict, note) : alert;
    return api.close(newest, note);
  }));
}

function ask(title, hint, action, said, isNeeded, then) {
  const note = element('textarea', {rows: 3, name: 'note', maxlength: 2000, 'aria-label': hint, placeholder: hint});
  note.value = said?.note ?? '';
  const choices = VERDICTS.map((verdict) => element('label.choice', {},
      element('input', {type: 'radio', name: 'verdict', value: verdict, required: isNeeded, checked: said?.verdict === verdict}),
      element(`span.verdict.${verdict}`, {}, t(verdict)), element('small', {}, t(`${verdict}_hint`))));
  const form = element('form', {method: 'dialog'},
      element('h2', {}, title),
      element('fieldset', {}, element('legend', {}, t('turnedOut')), choices), note,
      element('div.buttons', {},
          element('button', {value: 'cancel', formnovalidate: true}, t('cancel')),
          element('button.primary', {value: 'done'}, action)));
  const dialog = element('dialog.note', {}, form);
  document.body.append(dialog);
  dialog.addEventListener('close', () => {
    const verdict = new FormData(form).get('verdict');
    dialog.remove();
    if (dialog.returnValue === 'done') then(verdict, note.value.trim());
  });
  dialog.showModal();
}
