// A job of the server over the past, followed to its end: a bar while it runs, what went wrong, a button that cancels.

import * as api from './api.js';
import {element, replace} from './dom.js';
import {number, t} from './i18n.js';
import {bar} from './start.js';

const POLL_MILLIS = 700;

/**
 * @param parts {runButton, stopButton, progress, body}
 * @param show called with the report when there is one
 */
export function jobRun({runButton, stopButton, progress, body}, show) {
  let job = null;
  stopButton.addEventListener('click', stop);

  async function start(request) {
    runButton.disabled = true;
    replace(body);
    try {
      job = await api.submitJob(request);
      stopButton.disabled = false;
      while (job.state === 'waiting' || job.state === 'running') {
        redraw();
        await new Promise((resolve) => {
          setTimeout(resolve, POLL_MILLIS);
        });
        job = await api.job(job.id);
      }
      redraw();
      if (job.failure) replace(body, element('pre.error', {}, job.failure));
      else if (job.report) await show(job.report);
    } catch (error) {
      replace(progress);
      replace(body, element('pre.error', {}, error.status === 403 ? t('needsAnalyst') : error.message));
    }
    runButton.disabled = false;
    stopButton.disabled = true;
  }

  async function stop() {
    stopButton.disabled = true;
    try {
      await api.cancelJob(job.id);
    } catch (error) {
      replace(body, element('pre.error', {}, error.message));
    }
  }

  function redraw() {
    if (!job) return;
    const isOpen = job.state === 'waiting' || job.state === 'running';
    replace(progress, isOpen ? bar(job) : null,
        element('span', {}, `${t(job.state === 'waiting' ? 'waitingJob' : job.state)}${job.total ? ` · ${number(job.done)} / ${number(job.total)} ${t('slices')}` : ''} · ${number(job.points)} ${t('computed')}`));
  }

  return {start, redraw};
}
