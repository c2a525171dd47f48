// The HTTP side of the server. Errors carry the server's code and message.

export class ApiError extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export async function request(path, {method = 'GET', body, text, headers = {}, signal} = {}) {
  const options = {method, headers: {...headers}, signal, credentials: 'same-origin', cache: 'no-store'};
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers['Content-Type'] = 'application/json';
  } else if (text !== undefined) {
    options.body = text;
    options.headers['Content-Type'] = 'text/plain;charset=utf-8';
  }
  const response = await fetch(path, options);
  if (response.ok) return response;
  let error = {};
  try {
    error = (await response.json()).error ?? {};
  } catch {
    // A proxy's page, or nothing at all: the status has to do.
  }
  if (response.status === 401 && location.pathname !== '/login.html') location.assign('/login.html');
  throw new ApiError(response.status, error.code ?? 'http', error.message ?? `${response.status} ${response.statusText}`);
}

const json = async (path, options) => (await request(path, options)).json();

export const city = () => json('/api/v1/city');
export const indicators = () => json('/api/v1/indicators');
export const sqlWords = () => json('/api/v1/sql/words');
export const catalog = async () => (await json('/api/v1/catalog')).libraries;

/** Queries that wait or run, with what their steps have done so far. */
export const runningQueries = async () => (await json('/api/v1/sql/queries')).queries;
export const queryLog = (query) => json(`/api/v1/sql/log?${new URLSearchParams(query)}`);

const saved = (name) => `/api/v1/sql/saved/${encodeURIComponent(name)}`;

export const savedQueries = async () => (await json('/api/v1/sql/saved')).queries;
export const saveQuery = (name, sql) => json(saved(name), {method: 'PUT', body: {sql}});
export const deleteSavedQuery = (name) => request(saved(name), {method: 'DELETE'});

export const search = (query, signal) => json(`/api/v1/indicators?${new URLSearchParams({search: query, newest: false})}`, {signal});

const of = (code, part, query) => json(`/api/v1/indicators/${encodeURIComponent(code)}/${part}?${new URLSearchParams(query)}`);

export const definition = (code) => of(code, 'definition', {});
export const lineage = (code) => of(code, 'lineage', {});
export const series = (code, query) => of(code, 'series', query);
export const contributions = (code, query) => of(code, 'contributions', query);
export const quality = (code, query) => of(code, 'quality', query);
export const definitionText = async (code) =>
  (await request(`/api/v1/indicators/${encodeURIComponent(code)}/definition.yaml`)).text();

export const check = (text, signal) => json('/api/v1/definitions/check', {method: 'POST', text, signal});
export const submitJob = (body) => json('/api/v1/jobs', {method: 'POST', body});
export const job = (id) => json(`/api/v1/jobs/${id}`);
export const cancelJob = (id) => json(`/api/v1/jobs/${id}`, {method: 'DELETE'});

/** What a series is expected to do: {model, points, warnings}. */
export function forecast(code, region) {
  return of(code, 'forecast', {region});
}

export function history(code, region, from, to) {
  return of(code, 'history', {region, from: new Date(from).toISOString(), to: new Date(to).toISOString()});
}

export function acknowledge(alert, note) {
  return change(alert, 'acknowledge', note);
}

export function close(alert, note) {
  return change(alert, 'close', note);
}

export const incidents = (from, to) => json(`/api/v1/incidents?${new URLSearchParams({from: from.toISOString(), to: to.toISOString()})}`);
export const incident = (id) => json(`/api/v1/incidents/${encodeURIComponent(id)}`);

export const quietWindows = async (past) => (await json(`/api/v1/quiet-windows?${new URLSearchParams({past})}`)).windows;
export const createQuietWindow = (body) => json('/api/v1/quiet-windows', {method: 'POST', body});
export const endQuietWindow = (id, note) => json(`/api/v1/quiet-windows/${encodeURIComponent(id)}/end`, {method: 'POST', body: note ? {note} : {}});

export const judge = (alert, verdict, note) => change(alert, 'feedback', note, {verdict});

export const alertsOf = (code, region, limit) => json(`/api/v1/alerts?${new URLSearchParams({state: 'all', code, region, limit})}`);

async function change(alert, action, note, more = {}) {
  const body = {revision: alert.revision, ...(note ? {note} : {}), ...more};
  return (await request(`/api/v1/alerts/${encodeURIComponent(alert.id)}/${action}`, {method: 'POST', body})).json();
}
