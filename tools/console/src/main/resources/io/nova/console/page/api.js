// Requests to the console's server. The token comes from the address once, stays in this tab's
// storage, and leaves the address bar at once.

const KEY = 'nova.token';

/** A request without a good answer. `status` is 0 if the console does not answer at all. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Takes the token out of the address. Call it before the first request. */
export function takeToken() {
  const found =
    new URLSearchParams(location.hash.slice(1)).get('token') ||
    new URLSearchParams(location.search).get('token');
  if (found) {
    sessionStorage.setItem(KEY, found);
    history.replaceState(null, '', location.pathname);
  }
}

export function hasToken() {
  return sessionStorage.getItem(KEY) !== null;
}

async function send(method, path, body, {accept = 'application/json', signal, keepalive} = {}) {
  let response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        Authorization: `Bearer ${sessionStorage.getItem(KEY) || ''}`,
        Accept: accept,
        ...(body === undefined ? {} : {'Content-Type': 'application/json'}),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      signal,
      keepalive,
    });
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new ApiError(0, 'The console does not answer. Start it again with: ./nova console');
  }
  if (!response.ok) {
    const reason = await response.json().catch(() => ({}));
    throw new ApiError(
      response.status, reason.error || reason.detail || `The console answered ${response.status}.`);
  }
  return accept === 'application/json'
    ? response.json()
    : {text: await response.text(), truncated: response.headers.get('Nova-Truncated') === 'true',
      gaps: response.headers.get('Nova-Gaps') || '', bounds: response.headers.get('Nova-Bounds') || ''};
}

export const get = (path, options) => send('GET', path, undefined, options);
export const post = (path, body, options) => send('POST', path, body, options);

let questions = 0;

/** A name for a question, by which it can be cancelled. */
export function questionId() {
  const random = crypto.getRandomValues(new Uint32Array(2));
  questions += 1;
  return `page-${random[0].toString(36)}${random[1].toString(36)}-${questions}`;
}

function question(sql, {id = questionId(), read = 'live', maxRows = 1000, timeoutMillis = 30000} = {}) {
  return {id, sql, read, maxRows, timeoutMillis};
}

/**
 * Asks the fast path: {columns: [{name, type}], rows: [[...]], truncated, bounds, millis, rowsRead,
 * bytesRead, readToken, gaps}. Options: id, read ('live' or 'committed'), maxRows, timeoutMillis.
 * A number that a double does not hold, such as the id of a snapshot, is text.
 */
export const ask = (sql, options) => post('/api/ask?numbers=safe', question(sql, options));

/** The same answer as CSV: {text, truncated, gaps, bounds}. */
export const askCsv = (sql, options) =>
  post('/api/ask', question(sql, options), {accept: 'text/csv'});

/** Asks Flink SQL. The answer has the same form. */
export const flink = (sql, options) => post('/api/flink?numbers=safe', question(sql, options));

/** Cancels a question of either engine. */
export const cancel = (engine, id) =>
  send('DELETE', `/api/${engine}/${id}`, undefined, {keepalive: true});
