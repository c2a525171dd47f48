// What the page shows while the servers come up: each server's state and how far loading is.

import {element, replace} from './dom.js';
import {currentLanguage, number, pick, t} from './i18n.js';
import {isUp} from './map.js';

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

  return {render, hide};
}

export function bar(progress) {
  return element('progress', {max: progress.total || 1, ...(progress.total ? {value: progress.done} : {})});
}
