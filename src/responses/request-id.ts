// Owns the id of a request: it joins an answer, its errors and the log.

import { randomUUID } from 'node:crypto';

/** The client's own `X-Request-Id` if it is a plain token, else a new one. */
export function toRequestId(given: string | null | undefined): string {
  return given && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}
