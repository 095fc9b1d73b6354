// Owns what counts as credentials of a caller: the one place that says whose request may be answered from what others read.

/** Headers of a request, by lower-case name. */
export type RequestHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Whether a request came with credentials, be they valid or not. Its answer is for its caller alone: no store may answer
 * it, or keep what it was answered.
 */
export function hasCredentials(headers: RequestHeaders): boolean {
  return readAuthorization(headers) !== null;
}

/**
 * Whether a request may be somebody's: it came with credentials, or with cookies. Those say nothing here, yet whoever sends
 * some may think that they do.
 */
export function isPersonal(headers: RequestHeaders): boolean {
  return hasCredentials(headers) || readHeader(headers, 'cookie') !== null;
}

/** The value of the `Authorization` header; null for none. */
export function readAuthorization(headers: RequestHeaders): string | null {
  return readHeader(headers, 'authorization');
}

/** The value of a header, by its name in lower case; null for none. */
export function readHeader(headers: RequestHeaders, name: string): string | null {
  const value = isHeaders(headers) ? headers.get(name) : headers[name];
  if (value === undefined || value === null) return null;
  const text = (typeof value === 'string' ? value : value.join(', ')).trim();
  return text === '' ? null : text;
}

/** Whether WordPress can be asked with it: application passwords are Basic, and plugins for tokens take Bearer. */
export function isPassedOn(authorization: string): boolean {
  return /^(?:basic|bearer) +[\w+/=.~-]+$/i.test(authorization);
}

/** Other implementations of the Fetch API have classes of their own. A header of that name is a text. */
function isHeaders(headers: RequestHeaders): headers is Headers {
  return typeof headers.get === 'function';
}
