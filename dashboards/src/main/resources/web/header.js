// The head of the pages beside the wall: where one is, where one can go, the language.

import {element, replace} from './dom.js';
import {currentLanguage, t, toggleLanguage} from './i18n.js';

const PAGES = [['wall', '/'], ['indicators', '/indicators.html'], ['incidents', '/incidents.html'], ['quietWindows', '/windows.html'], ['editor', '/editor.html'], ['backtest', '/backtest.html'], ['sql', '/sql.html']];

export function setTitle(name) {
  document.title = `${name} · ${t('product').split(' · ')[0]}`;
}

/** @param here the page's name; redraw is called when the language has changed */
export function pageHeader(here, redraw) {
  const node = document.getElementById('top');

  function render() {
    setTitle(t(here));
    replace(node,
        element('div.brand', {}, element('img', {src: '/icon.svg', alt: ''}), element('h1', {}, t(here))),
        element('nav.tools', {}, PAGES.filter(([name]) => name !== here).map(([name, href]) => element('a.button', {href}, t(name))),
            element('button.language', {onclick: () => {
              toggleLanguage();
              render();
              redraw();
            }}, currentLanguage() === 'zh' ? 'EN' : '中文')));
  }

  render();
}
