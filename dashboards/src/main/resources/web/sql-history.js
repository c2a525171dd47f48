// What ran before, from the query log, and what was saved under a name. One click brings it back into the editor.

import * as api from './api.js';
import {element, replace} from './dom.js';
import {number, shortTime, t} from './i18n.js';

const TYPING_MILLIS = 250;

/** @param open takes a text into the editor */
export function historyPanel(open) {
  const filter = element('input', {type: 'search', oninput: () => {
    clearTimeout(timer);
    timer = setTimeout(load, TYPING_MILLIS);
  }});
  const list = element('div.queryList');
  const node = element('div.sidePart', {id: 'queryHistory', hidden: true}, filter, list);
  let timer = null;
  let asked = 0;
  let queries = [];
  let next = null;
  let trouble = null;

  async function load(before = null) {
    const mine = ++asked;
    try {
      const answer = await api.queryLog({text: filter.value.trim(), limit: 50, ...(before ? {before} : {})});
      if (mine !== asked) return;
      queries = before ? [...queries, ...answer.queries] : answer.queries;
      ({next} = answer);
      trouble = null;
    } catch (error) {
      if (mine !== asked) return;
      trouble = error.message;
    }
    redraw();
  }

  function redraw() {
    filter.placeholder = t('searchHistory');
    filter.setAttribute('aria-label', t('searchHistory'));
    // a log may be told to keep no texts
    const known = queries.filter((query) => query.sql);
    const users = new Set(known.map((query) => query.user));
    replace(list, trouble ? element('p.error', {}, trouble) : null,
        known.map((query) => element('button.queryItem', {title: query.message ?? '', onclick: () => open(query.sql)},
            element('span.outcomeMark', {class: `outcomeMark ${query.outcome}`}, t(`outcome_${query.outcome}`)),
            element('small', {}, [...(users.size > 1 ? [query.user] : []), shortTime(Date.parse(query.started)), `${number(query.rows)} ${t('rows')}`,
              `${number((query.planMillis + query.runMillis) / 1000, 2)} s`].join(' · ')),
            element('code', {}, query.sql))),
        known.length || trouble ? null : element('p.empty', {}, t('noHistory')),
        next ? element('button', {onclick: () => load(next)}, t('older')) : null);
  }

  return {node, redraw, load: () => load()};
}

/** @param acts {open(sql), text(): what is to be saved} */
export function savedPanel({open, text}) {
  const list = element('div.queryList');
  const node = element('div.sidePart', {id: 'saved', hidden: true}, list);
  let queries = [];
  let trouble = null;

  async function load() {
    try {
      queries = await api.savedQueries();
      trouble = null;
    } catch (error) {
      trouble = error.message;
    }
    redraw();
  }

  function redraw() {
    replace(list, trouble ? element('p.error', {}, trouble) : null,
        queries.map((query) => element('div.savedItem', {},
            element('button.queryItem', {onclick: () => open(query.sql)}, element('b', {}, query.name),
                element('small', {}, shortTime(Date.parse(query.savedAt))), element('code', {}, query.sql)),
            element('button.small', {title: t('deleteSaved'), 'aria-label': `${t('deleteSaved')} ${query.name}`, onclick: () => remove(query)}, '✕'))),
        queries.length || trouble ? null : element('p.empty', {}, t('noSaved')));
  }

  async function remove(query) {
    if (!confirm(`${t('deleteSaved')}: ${query.name}`)) return;
    await change(() => api.deleteSavedQuery(query.name));
  }

  async function change(work) {
    try {
      await work();
    } catch (error) {
      trouble = error.message;
      redraw();
      return;
    }
    await load();
  }

  /** Asks for a name; a name that is there already is replaced. */
  function save(then) {
    const name = element('input', {name: 'name', required: true, maxlength: 200, autofocus: true, autocomplete: 'off', list: 'savedNames', 'aria-label': t('savedName'), placeholder: t('savedName')});
    const dialog = element('dialog', {}, element('form', {method: 'dialog'},
        element('h2', {}, t('saveQuery')), name,
        element('datalist', {id: 'savedNames'}, queries.map((query) => element('option', {value: query.name}))),
        element('div.buttons', {}, element('button', {value: 'cancel', formnovalidate: true, type: 'button', onclick: () => dialog.close('cancel')}, t('cancel')),
            element('button.primary', {value: 'done'}, t('save')))));
    dialog.addEventListener('close', async () => {
      dialog.remove();
      if (dialog.returnValue !== 'done' || !name.value.trim()) return;
      await change(() => api.saveQuery(name.value.trim(), text()));
      then();
    });
    document.body.append(dialog);
    dialog.showModal();
  }

  return {node, redraw, load, save};
}
