// Owns what callers with credentials have in common: that WordPress is down for all of them, which none of them can bring about.

import { createBoundedMap } from '../bounded-map.ts';
import { type Breaker, within } from './breaker.ts';
import type { OpenBreaker } from './logged-breaker.ts';
import type { RestMethod } from './rest.ts';
import { isRead } from './retry.ts';
import { createCrowdJudge, judgeReach } from './verdicts.ts';

/** Breakers of all that is read with credentials, or written. */
export interface CommonBreakers {
  /** What stands before the calls of a caller, by the name of the credentials. */
  before(name: string, method: RestMethod): Breaker;
  /** Hands on what a call comes to, and learns whose credentials they are. */
  learn<T>(call: { readonly name: string; readonly route: string }, answer: Promise<T>): Promise<T>;
  /** Hands on what somebody without credentials is answered: WordPress is not down for all, then. */
  see<T>(answer: Promise<T>): Promise<T>;
}

/** Where WordPress says whose credentials they are; elsewhere it may answer wrong ones as if there were none. */
const ownRoute = 'wp/v2/users/me';
const usersBytes = 512 * 1024;
const userBytes = 64;
const anybody = '';

/** Breakers that are closed, and know nobody. */
export function createCommonBreakers(openBreaker: OpenBreaker): CommonBreakers {
  // Credentials that never worked can be made up in any number, and one user may have many: users are counted.
  const users = createBoundedMap<{ readonly id: string }>({ maxBytes: usersBytes, bytesOf: () => userBytes });
  const options = { onlyInARow: true, ignoresRetryAfter: true };
  const reach = openBreaker('all', { judge: judgeReach, ...options });
  const crowd = openBreaker('all users', { judge: createCrowdJudge(), ...options });
  return {
    before(name, method) {
      const user = users.get(name)?.id;
      // Writing is no matter of what becomes of others; and who is not known tells nothing, and must not be kept from proving it.
      if (user === undefined || !isRead(method)) return reach;
      return within(reach, { run: (call, task) => crowd.run({ ...call, target: user }, task) });
    },
    async learn({ name, route }, answer) {
      const value = await answer;
      const id = route === ownRoute ? idOf(value) : null;
      if (id === null) return value;
      // Who was not known did not come by way of that breaker.
      if (!users.get(name)) crowd.answered({ kind: ownRoute, target: id });
      users.set(name, { id });
      return value;
    },
    async see(answer) {
      const value = await answer;
      for (const breaker of [reach, crowd]) breaker.answered({ kind: anybody, target: anybody });
      return value;
    },
  };
}

/** The id of the user that an answer is about. */
function idOf(answer: unknown): string | null {
  if (!isRecord(answer) || !isRecord(answer['body'])) return null;
  const id = Number(answer['body']['id']);
  return Number.isSafeInteger(id) && id > 0 ? String(id) : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
