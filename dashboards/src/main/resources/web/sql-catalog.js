// The catalogue beside the editor: libraries, tables, columns with their types and figures.

import {element, replace} from './dom.js';
import {number, t} from './i18n.js';
import {quoted} from './sql-editor.js';

/** @param acts {insert(word), look(sql)} */
export function catalogPanel({insert, look}) {
  const filter = element('input', {type: 'search', oninput: redraw});
  const tree = element('div.tree');
  const node = element('div.sidePart', {id: 'catalog'}, filter, tree);
  let libraries = [];
  let trouble = null;

  function redraw() {
    filter.placeholder = t('filter');
    filter.setAttribute('aria-label', t('filter'));
    const wanted = filter.value.trim().toLowerCase();
    const fits = (library, table) => !wanted || `${library.name}.${table.name}`.toLowerCase().includes(wanted)
      || table.columns.some((column) => column.name.toLowerCase().includes(wanted));
    replace(tree, trouble ? element('p.error', {}, trouble) : libraries.map((library) => {
      const tables = library.tables.filter((table) => fits(library, table));
      return tables.length ? element('details.schema', {open: true},
          element('summary', {}, library.name, element('small', {}, number(library.tables.length))),
          tables.map((table) => tableNode(library, table, Boolean(wanted)))) : null;
    }));
  }

  function tableNode(library, table, isOpen) {
    const name = `${quoted(library.name)}.${quoted(table.name)}`;
    const button = (word, sign, act) => element('button.small', {title: t(word), 'aria-label': t(word), onclick: (event) => {
      event.preventDefault();
      act();
    }}, sign);
    return element('details.table', {open: isOpen},
        element('summary', {}, element('span.name', {}, table.name),
            element('small', {}, table.rows === undefined ? t(table.type === 'VIEW' ? 'view' : 'table') : `≈ ${number(table.rows)} ${t('rows')}`),
            button('insertName', '＋', () => insert(name)),
            button('firstRows', '▶', () => look(`SELECT *\nFROM ${name}\nLIMIT 100`))),
        element('ul', {}, table.columns.map((column) => element('li', {}, element('button.plain', {title: figures(column), onclick: () => insert(quoted(column.name))},
            element('span', {}, column.name), element('small', {}, column.type))))));
  }

  /** What the library's own catalogue tells of a column, by which queries are planned. */
  function figures(column) {
    return column.distinct === undefined ? ''
      : `≈ ${number(column.distinct)} ${t('distinct')}, ${number(column.nullFraction * 100)} % NULL`;
  }

  return {
    node,
    redraw,
    show: (found) => {
      libraries = found;
      redraw();
    },
    fail: (message) => {
      trouble = message;
      redraw();
    },
  };
}
