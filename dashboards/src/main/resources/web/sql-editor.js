// The editor of the SQL page: colours, completion from the catalogue, the statement to run, errors where they are.

import {element} from './dom.js';
import {number, t} from './i18n.js';
import {ATOMS, formatted, learn, statementAt, statements, tokens, words} from './sql-text.js';

const {CodeMirror} = globalThis;
const MOST_HINTS = 60;
const PLACE = /line (\d+), column (\d+)(?: to line (\d+), column (\d+))?/i;

const set = (names) => Object.fromEntries([...names].map((name) => [name, true]));

const mode = () => ({
  name: 'sql', keywords: set(words.keywords), builtin: set(words.types), atoms: set(ATOMS), client: set(words.functions), backslashStringEscapes: false,
  hooks: {'"': CodeMirror.resolveMode('text/x-sqlite').hooks['"']}, dateSQL: set(['date', 'timestamp']), operatorChars: /^[*+\-%<>!=|/]/,
});

/**
 * @param holder where it goes
 * @param acts {run, changed}
 */
export function sqlEditor(holder, {run, changed}) {
  let libraries = [];
  let clear = () => {};
  const editor = CodeMirror(holder, {
    mode: mode(),
    lineNumbers: innerWidth >= 700,
    lineWrapping: innerWidth < 700,
    indentUnit: 2,
    tabSize: 2,
    matchBrackets: true,
    gutters: ['CodeMirror-linenumbers', 'problemGutter'],
    screenReaderLabel: 'SQL',
    extraKeys: {
      // Tab leaves the editor, so that the keyboard reaches the rest of the page; Ctrl-] and Ctrl-[ indent.
      'Tab': false,
      'Shift-Tab': false,
      'Ctrl-Enter': run,
      'Cmd-Enter': run,
      'Ctrl-Space': () => complete(),
      'Shift-Alt-F': format,
      'Ctrl-/': 'toggleComment',
      'Cmd-/': 'toggleComment',
    },
    hintOptions: {completeSingle: false, hint: hints},
  });
  new ResizeObserver(() => editor.refresh()).observe(holder);
  editor.on('change', () => {
    clear();
    changed(editor.getValue());
  });
  editor.on('cursorActivity', showStatement);
  editor.on('inputRead', (_, {text, origin}) => {
    if (origin === '+input' && /^[\p{L}_.]$/u.test(text[0]) && !/string|comment/.test(editor.getTokenTypeAt(editor.getCursor()) ?? '')) complete();
  });

  function complete() {
    editor.showHint();
  }

  /** {sql, from}: what is selected, else the statement at the cursor. */
  function query() {
    const selected = editor.getSelection();
    if (selected.trim()) return {sql: selected, from: editor.indexFromPos(editor.getCursor('from'))};
    const text = editor.getValue();
    const one = statementAt(text, editor.indexFromPos(editor.getCursor()));
    return one ? {sql: text.slice(one.from, one.to), from: one.from} : {sql: '', from: 0};
  }

  /** Where there are several statements, a line at the side tells which one runs. */
  function showStatement() {
    editor.operation(() => {
      editor.eachLine((line) => {
        editor.removeLineClass(line, 'gutter', 'currentStatement');
      });
      const text = editor.getValue();
      if (statements(text).length < 2) return;
      const {sql, from} = query();
      for (let line = editor.posFromIndex(from).line; line <= editor.posFromIndex(from + sql.length).line; line++) {
        editor.addLineClass(line, 'gutter', 'currentStatement');
      }
    });
  }

  function format() {
    const selected = editor.getSelection();
    if (selected.trim()) editor.replaceSelection(formatted(selected), 'around');
    else setText(formatted(editor.getValue()));
    editor.focus();
  }

  /** In place of all there is; undo brings it back. */
  function setText(text) {
    editor.replaceRange(text, {line: 0, ch: 0}, {line: editor.lastLine()});
    editor.setCursor(editor.lastLine());
  }

  /** Marks where the engine found an error, if it tells; from is where the query began. */
  function showError(message, from) {
    const [, line, column, lastLine, lastColumn] = PLACE.exec(message)?.map(Number) ?? [];
    if (!line) return;
    const start = editor.posFromIndex(from);
    const at = (l, c) => ({line: start.line + l - 1, ch: l === 1 ? start.ch + c : c});
    const begin = at(line, column - 1);
    const end = lastLine ? at(lastLine, lastColumn) : editor.findWordAt(begin).head;
    const marked = editor.markText(begin, end, {className: 'sqlError', title: message});
    const handle = editor.setGutterMarker(begin.line, 'problemGutter', element('span.problemMark', {title: message, 'aria-hidden': 'true'}, '▲'));
    clear = () => {
      marked.clear();
      editor.setGutterMarker(handle, 'problemGutter', null);
      clear = () => {};
    };
    editor.setCursor(begin);
    editor.focus();
  }

  function hints() {
    const cursor = editor.getCursor();
    const before = editor.getLine(cursor.line).slice(0, cursor.ch);
    const [chain] = /[\p{L}\p{N}_$.]*$/u.exec(before);
    const path = chain.toLowerCase().split('.');
    const begun = path.pop();
    const found = path.length ? membersOf(path) : anything();
    const fits = found.filter(({text}) => text.toLowerCase().includes(begun) && text.toLowerCase() !== begun);
    fits.sort((a, b) => Number(b.text.toLowerCase().startsWith(begun)) - Number(a.text.toLowerCase().startsWith(begun)));
    return {
      list: fits.slice(0, MOST_HINTS).map(({text, kind, note}) => ({text, render: (item) => item.append(
          element(`i.${kind}`, {'aria-hidden': 'true'}), element('b', {}, text), element('small', {}, note))})),
      from: {line: cursor.line, ch: cursor.ch - begun.length},
      to: cursor,
    };
  }

  const columnHints = (table) => table.columns.map((column) => ({text: quoted(column.name), kind: 'column', note: column.type}));
  const tableHint = (table, text) => ({text, kind: 'table', note: table.rows === undefined ? t(table.type === 'VIEW' ? 'view' : 'table') : `≈ ${number(table.rows)}`});

  function membersOf(path) {
    const library = libraries.find(({name}) => name.toLowerCase() === path[0]);
    if (path.length > 1) {
      const table = library?.tables.find(({name}) => name.toLowerCase() === path[1]);
      return table ? columnHints(table) : [];
    }
    const table = named().get(path[0]);
    if (table) return columnHints(table);
    return library?.tables.map((one) => tableHint(one, one.name)) ?? [];
  }

  function anything() {
    const columns = [...new Set(named().values())].flatMap(columnHints);
    const seen = new Set();
    return [
      ...columns.filter(({text}) => !seen.has(text) && seen.add(text)),
      ...libraries.map(({name, tables}) => ({text: name, kind: 'library', note: `${tables.length} ${t('tables')}`})),
      ...libraries.flatMap(({name, tables}) => tables.map((table) => tableHint(table, `${name}.${table.name}`))),
      ...[...words.functions].map((text) => ({text: text.toUpperCase(), kind: 'function', note: t('function')})),
      ...[...words.keywords, ...words.types, ...ATOMS].map((text) => ({text: text.toUpperCase(), kind: 'keyword', note: ''})),
    ];
  }

  /** The tables of the statement at the cursor, by their names and aliases. */
  function named() {
    const parts = tokens(query().sql).filter(({kind}) => kind === 'word' || kind === 'quoted' || kind === 'sign');
    const found = new Map();
    const plain = (part) => part?.text.replaceAll('"', '').toLowerCase();
    const libraryNames = new Map(libraries.map((library) => [library.name.toLowerCase(), library]));
    parts.forEach((part, index) => {
      if (parts[index + 1]?.text !== '.' || !libraryNames.has(plain(part))) return;
      const table = libraryNames.get(plain(part)).tables.find(({name}) => name.toLowerCase() === plain(parts[index + 2]));
      if (!table) return;
      found.set(plain(parts[index + 2]), table);
      const alias = parts[index + 3]?.text.toLowerCase() === 'as' ? parts[index + 4] : parts[index + 3];
      if (alias && alias.kind !== 'sign' && !words.keywords.has(plain(alias))) found.set(plain(alias), table);
    });
    return found;
  }

  return {
    text: () => editor.getValue(),
    setText,
    query,
    format,
    showError,
    clearError: () => clear(),
    insert: (word) => {
      editor.replaceSelection(word);
      editor.focus();
    },
    complete: (catalogue) => {
      libraries = catalogue;
    },
    /** Colours and completes with the words that the engine told. */
    learn: (told) => {
      learn(told);
      editor.setOption('mode', mode());
    },
    focus: () => editor.focus(),
  };
}

/** A name as SQL takes it: quoted where it would not be found otherwise. */
export function quoted(name) {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !words.keywords.has(name.toLowerCase()) && !words.types.has(name.toLowerCase()) ? name : `"${name.replaceAll('"', '""')}"`;
}
