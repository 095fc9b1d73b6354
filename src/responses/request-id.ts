// Owns the id of a request: it joins an answer, its errors and the log.

import { randomBytes } from 'node:crypto';

/**
 * A UUID for each request would cost as much as its headers. What is joined to less than 13 characters is flat to V8: longer
 * texts are put together when they are written, by a slow way.
 */
const idsOfSeries = 1_000_000;

let series = newSeries();
let count = 0;

/** The client's own `X-Request-Id` if it is a plain token, else a new one: six characters of a series, and a number in it. */
export function toRequestId(given: string | null | undefined): string {
  if (given && /^[\w.:-]{1,64}$/.test(given)) return given;
  if (count === idsOfSeries) {
    series = newSeries();
    count = 0;
  }
  return `${series}${count++}`;
}

function newSeries(): string {
  return randomBytes(6).toString('base64url').slice(0, 6);
}
