// What the SQL page knows of SQL as text: words, statements, parameters, an even layout.

/** The words of the engine's SQL, in small letters; none until it has told them. */
export const words = {keywords: new Set(), types: new Set(), functions: new Set()};
export const ATOMS = ['true', 'false', 'null'];

/** @param told what /api/v1/sql/words answers */
export function learn(told) {
  const small = (names) => new Set(names.map((name) => name.toLowerCase()));
  words.keywords = small(told.keywords);
  words.types = small(told.types);
  words.functions = small(told.functions.map(({name}) => name));
}

const TOKENS = [
  ['space', /\s+/],
  ['comment', /--[^\n]*|\/\*(?!\+)[^]*?(?:\*\/|$)/],
  ['hint', /\/\*\+[^]*?(?:\*\/|$)/],
  ['text', /'(?:[^']+|'')*(?:'|$)/],
  ['quoted', /"(?:[^"]+|"")*(?:"|$)/],
  ['number', /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/],
  ['parameter', /\?|\$\d+|(?<!:):(?!:)[\p{L}_][\p{L}\p{N}_]*/],
  ['word', /[\p{L}_][\p{L}\p{N}_$]*/],
  ['sign', /::|\|\||[<>!=]+|[^]/],
];
const TOKEN = new RegExp(TOKENS.map(([kind, pattern]) => `(?<${kind}>${pattern.source})`).join('|'), 'gu');

/** The parts of a text, from the first character to the last: [{kind, text, from, to}]. */
export function tokens(sql) {
  return [...sql.matchAll(TOKEN)].map((match) => ({
    kind: TOKENS.find(([kind]) => match.groups[kind] !== undefined)[0],
    text: match[0],
    from: match.index,
    to: match.index + match[0].length,
  }));
}

const isQuiet = ({kind}) => kind === 'space' || kind === 'comment';

/** The statements between semicolons: [{from, to}] without blanks and comments around them. */
export function statements(sql) {
  const found = [];
  let current = null;
  for (const token of tokens(sql)) {
    if (token.text === ';' && token.kind === 'sign') current = null;
    else if (!isQuiet(token)) {
      if (current) current.to = token.to;
      else found.push(current = {from: token.from, to: token.to});
    }
  }
  return found;
}

/** The statement at a place, or the last one before it; undefined in a text without any. */
export function statementAt(sql, place) {
  const all = statements(sql);
  const from = sql.lastIndexOf('\n', place - 1) + 1;
  return all.find((one) => one.from <= place && place <= one.to)
    ?? all.find((one) => one.from >= from && one.from >= place && !sql.slice(place, one.from).includes('\n'))
    ?? all.filter((one) => one.to <= place).at(-1) ?? all[0];
}

/**
 * What has to be filled in: {sql, names}. The engine numbers its parameters, so :name becomes $n, padded so that
 * the places of errors stay right where that can be.
 */
export function parameters(sql) {
  const names = [];
  let asked = 0;
  const text = tokens(sql).map((token) => {
    if (token.kind !== 'parameter') return token.text;
    if (token.text === '?') {
      names.push(`?${++asked}`);
      return token.text;
    }
    if (token.text.startsWith('$')) {
      for (let index = names.length; index < Number(token.text.slice(1)) && index < 100; index++) names.push(`$${index + 1}`);
      return token.text;
    }
    if (!names.includes(token.text)) names.push(token.text);
    return `$${names.indexOf(token.text) + 1}`.padEnd(token.text.length);
  }).join('');
  return {sql: text, names};
}

const CLAUSES = new Set(['select', 'from', 'where', 'having', 'limit', 'offset', 'union', 'intersect', 'except', 'with', 'values', 'window']);
const JOINS = new Set(['join', 'left', 'right', 'full', 'inner', 'cross', 'natural']);
const isNamed = (word) => words.keywords.has(word) || words.types.has(word) || ATOMS.includes(word);

/** The same query with a line for each clause, keywords in capitals, sub-queries indented. */
export function formatted(sql) {
  const parts = tokens(sql).filter(({kind}) => kind !== 'space');
  // one for each open parenthesis: whether a query is in it
  const open = [];
  let out = '';
  let clause = '';
  let isBetween = false;
  const depth = () => open.filter(Boolean).length;
  const line = (more = 0) => {
    out = out.trimEnd();
    if (out) out += `\n${'  '.repeat(depth() + more)}`;
  };
  const isInQuery = () => !open.length || open.at(-1);
  parts.forEach((token, index) => {
    const word = token.kind === 'word' ? token.text.toLowerCase() : '';
    const before = parts[index - 1];
    const last = before?.text.toLowerCase() ?? '';
    const isClause = isInQuery() && (CLAUSES.has(word) || (word === 'group' || word === 'order') && parts[index + 1]?.text.toLowerCase() === 'by');
    const isJoin = isInQuery() && JOINS.has(word) && (word === 'join' || parts[index + 1]?.text !== '(') && !JOINS.has(last) && last !== 'outer';
    if (token.text === ')') {
      const wasQuery = open.pop();
      if (wasQuery) line();
    } else if (isClause && last !== '(' || isJoin && clause === 'from') line();
    else if (isInQuery() && (word === 'or' || word === 'and' && !isBetween) && clause !== 'select') line(1);
    else if (before?.kind === 'comment' && before.text.startsWith('--')) line(1);
    if (isClause) clause = word;
    isBetween = word === 'between' || isBetween && word !== 'and';
    const isTight = !out || /[\s(.]$/.test(out) || /^(?:[,;).]|::)$/.test(token.text) || last === '::'
      || token.text === '(' && before?.kind === 'word' && !words.keywords.has(last) || token.text === '(' && words.functions.has(last);
    out += `${isTight ? '' : ' '}${isNamed(word) && last !== '.' ? token.text.toUpperCase() : token.text}`;
    if (token.text === '(') {
      const isQuery = ['select', 'with', 'values'].includes(parts[index + 1]?.text.toLowerCase());
      open.push(isQuery);
      if (isQuery) line();
    } else if (token.text === ';') out += '\n\n';
  });
  return out.trim();
}
