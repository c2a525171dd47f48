// What the page shows while the servers come up: each server's state and how far loading is.

import * as api from './api.js';
import {element, replace} from './dom.js';
import {currentLanguage, number, pick, setZone, t} from './i18n.js';
import {isUp} from './map.js';
import {state} from './state.js';

export function startScreen(node) {
  let shown = '';

  function render(city, trouble) {
    const look = JSON.stringify([city?.servers, city?.progress, city?.name, trouble, currentLanguage()]);
    if (look === shown && !node.hidden) return;
    shown = look;
    node.hidden = false;
    replace(node, element('div.startBox', {},
        element('img', {src: '/icon.svg', alt: ''}),
        element('h1', {}, pick(city?.name) || t('product')),
        element('p', {}, trouble ? t('unreachable') : t('startingUp')),
        element('ul', {}, (city?.servers ?? []).map((server) => element(`li.${isUp(server) ? 'up' : 'off'}`, {},
            element('b', {}, server.name), element('span', {}, t(server.state)), element('small', {}, pick(server.detail))))),
        city?.progress ? [bar(city.progress),
          element('p', {}, `${pick(city.progress.text)} ${city.progress.total ? `${number(city.progress.done)} / ${number(city.progress.total)}` : ''}`)] : null,
        element('small', {}, t('startingHint'))));
  }

  function hide() {
    node.hidden = true;
    replace(node);
  }

  /** Asks until the servers are ready; the page is here before they are. */
  async function wait() {
    for (;;) {
      try {
        state.city = await api.city();
        setZone(state.city.zone);
        if (state.city.ready) return hide();
        render(state.city, false);
      } catch (error) {
        if (error.status === 401) return new Promise(() => {});
        render(state.city, true);
      }
      await new Promise((resolve) => {
        setTimeout(resolve, 1_000);
      });
    }
  }

  return {wait};
}

export function bar(progress) {
  return element('progress', {max: progress.total || 1, ...(progress.total ? {value: progress.done} : {})});
}
