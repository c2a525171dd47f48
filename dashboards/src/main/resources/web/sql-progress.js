// A query that runs: where it is, what each source has sent so far.

import * as api from './api.js';
import {element, replace} from './dom.js';
import {number, t} from './i18n.js';
import {bytes, coloured, millis} from './sql-plan.js';

const PAUSE_MILLIS = 400;

export function progressPanel() {
  const node = element('div.progressPart', {hidden: true, role: 'status'});
  let timer = null;

  /** Begins to look at a query; stop ends it. */
  function follow(id) {
    stop();
    const again = async () => {
      try {
        const found = (await api.runningQueries()).find((one) => one.id === id);
        if (timer && found) show(found);
      } catch {
        // What is wrong with the server, the query itself will tell.
      }
      if (timer) timer = setTimeout(again, PAUSE_MILLIS);
    };
    timer = setTimeout(again, PAUSE_MILLIS);
  }

  function stop() {
    clearTimeout(timer);
    timer = null;
    node.hidden = true;
  }

  function show(query) {
    node.hidden = false;
    replace(node,
        element('div.progressHead', {}, element(`b.stage.${query.state}`, {}, t(`stage_${query.state}`)),
            query.position ? element('span', {}, `${t('turns')} ${query.position}`) : null,
            element('span', {}, `${t('fromSources')} ${number(query.rows)} ${t('rows')} · ${bytes(query.bytes)}`)),
        query.steps.map((step) => {
          const fill = element('i');
          // what is estimated is no promise: the bar is full only when the step is done
          fill.style.width = `${step.isDone ? 100 : Math.min(95, 100 * step.rows / Math.max(1, step.estimatedRows))}%`;
          return coloured(element(`div.progressStep${step.isDone ? '.done' : ''}`, {},
              element('span.source', {}, step.source), element('code', {}, step.name), element('div.track', {}, fill),
              element('span.figures', {}, `${number(step.rows)} / ≈ ${number(step.estimatedRows)} ${t('rows')}`),
              element('span.figures', {}, step.bytes ? bytes(step.bytes) : ''), element('span.figures', {}, step.isDone ? `✓ ${millis(step.millis)}` : millis(step.millis))), step.source);
        }));
  }

  return {node, follow, stop};
}
