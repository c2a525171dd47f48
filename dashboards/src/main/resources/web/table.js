// Tables that scroll within their panel, and what is said of rows that are left out.

import {element} from './dom.js';
import {number, t} from './i18n.js';

/**
 * @param heads the cells of the heading
 * @param rows the cells of each row
 * @param kind further classes of the holder, such as '.days'
 */
export function table(heads, rows, kind = '') {
  return element(`div.tableHolder${kind}`, {tabindex: 0}, element('table', {},
      element('thead', {}, element('tr', {}, heads)),
      element('tbody', {}, rows.map((cells) => element('tr', {}, cells)))));
}

/** Headings by their words. */
export const headings = (words) => words.map((word) => element('th', {}, t(word)));

/** How many of so many things are not shown; nothing where all are. */
export function more(count, shown) {
  return count > shown ? element('p.more', {}, `${number(count - shown)} ${t('more')}`) : null;
}
