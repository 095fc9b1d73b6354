// Owns the id of a request: it joins an answer, its errors and the log.

import { randomUUID } from 'node:crypto';

/** A UUID for each request would cost as much as its headers: one for the process, and a number. */
const processId = randomUUID();
let count = 0;

/** The client's own `X-Request-Id` if it is a plain token, else a new one. */
export function toRequestId(given: string | null | undefined): string {
  return given && /^[\w.:-]{1,64}$/.test(given) ? given : `${processId}-${++count}`;
}
