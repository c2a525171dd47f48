// A query's answer read while it comes: the columns, then rows in batches, then its end.

import {request} from './api.js';

const START = '{"columns":';
const ROWS = ',"rows":[';

/** Finds where the values of a JSON text end, also when the text comes in pieces. */
class Scanner {
  text = '';
  place = 0;
  depth = 0;
  isInString = false;

  /** Goes on until a value of the outermost level ends (true) or the text does (false); a bracket that closes more than was open ends all. */
  next() {
    while (this.place < this.text.length) {
      const code = this.text.charCodeAt(this.place++);
      if (this.isInString) {
        if (code === 92) this.place++;
        else if (code === 34) this.isInString = false;
      } else if (code === 34) this.isInString = true;
      else if (code === 91 || code === 123) this.depth++;
      else if (code === 93 || code === 125) {
        this.depth--;
        if (this.depth <= 0) return true;
      }
    }
    return false;
  }

  /** Forgets what was read up to a place. */
  cut(at) {
    this.text = this.text.slice(at);
    this.place -= at;
  }
}

/** Numbers that JavaScript would round stay texts, digit for digit. */
function exact(key, value, context) {
  return typeof value === 'number' && context?.source.length > 15 && String(value) !== context.source ? context.source : value;
}

const LONG_NUMBER = /\d[\d.]{15}/;

function parsed(text) {
  return LONG_NUMBER.test(text) ? JSON.parse(text, exact) : JSON.parse(text);
}

class Reader {
  #scanner = new Scanner();
  #phase = 'start';
  #told;

  constructor(told) {
    this.#told = told;
  }

  push(text) {
    const scanner = this.#scanner;
    scanner.text += text;
    if (this.#phase === 'start' && scanner.text.length > START.length) {
      scanner.place = Math.max(scanner.place, START.length);
      if (scanner.next()) {
        this.#told.columns(JSON.parse(scanner.text.slice(START.length, scanner.place)));
        scanner.cut(scanner.place);
        this.#phase = 'between';
      }
    }
    if (this.#phase === 'between' && scanner.text.length >= ROWS.length) {
      scanner.cut(ROWS.length);
      scanner.place = 0;
      this.#phase = 'rows';
    }
    if (this.#phase === 'rows') this.#rows();
  }

  #rows() {
    const scanner = this.#scanner;
    let end = 0;
    while (scanner.next()) {
      if (scanner.depth < 0) {
        this.#phase = 'end';
        break;
      }
      end = scanner.place;
    }
    if (end) {
      this.#told.rows(parsed(`[${scanner.text.slice(scanner.text[0] === ',' ? 1 : 0, end)}]`));
      scanner.cut(end);
    }
    // what is left then is ']' and the fields behind the rows
  }

  /** The fields behind the rows; null when the answer has no end. */
  end() {
    if (this.#phase !== 'end') return null;
    try {
      return JSON.parse(`{"rows":[${this.#scanner.text}`);
    } catch {
      return null;
    }
  }
}

/**
 * Runs a query.
 *
 * @param query {sql, parameters, id}
 * @param told {columns(list), rows(list)}, called while rows come; rows answers whether it wants more
 * @return {error} of a query that failed among its rows, {isCut} where no more rows were wanted
 */
export async function readRows({sql, parameters, id}, told, signal) {
  const response = await request('/api/v1/sql', {
    method: 'POST', body: {sql, ...(parameters.length ? {parameters} : {})}, headers: {'Accept': 'application/json', 'X-Query-Id': id}, signal,
  });
  let wantsMore = true;
  const reader = new Reader({columns: told.columns, rows: (rows) => {
    wantsMore = told.rows(rows);
  }});
  const stream = response.body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const {done, value} = await stream.read();
      if (done) break;
      reader.push(decoder.decode(value, {stream: true}));
      if (!wantsMore) {
        // the server ends the query when nobody reads on
        await stream.cancel();
        return {isCut: true};
      }
    }
  } catch (error) {
    const end = reader.end();
    if (end?.error) return end;
    throw error;
  }
  return reader.end() ?? {};
}
