// Owns the settings of how much clients may ask.

import { defaultLimit, type LimitName } from '../limits.ts';
import { integer, optionalInteger } from './declare-setting.ts';

/** Bounds of all clients together, of one, and of one operation, by the name of their environment variable. */
export const clientSettings = {
  RATE_LIMIT: integer(
    0,
    10_000_000,
    0,
    'a whole number',
    'How often a client may ask within a minute, told by its API key, its user of WordPress or its address; each request to WordPress that it causes counts as well. 0: as often as it likes.',
  ),
  RATE_LIMIT_USERS: optionalInteger(
    0,
    10_000_000,
    'a whole number',
    'The same for each user of WordPress, whichever of his credentials he comes with. Not set: as `RATE_LIMIT`. API keys may have limits of their own, as `API_KEYS` says.',
  ),
  TRUST_PROXY: integer(
    0,
    10,
    0,
    'a number of proxies',
    'How many proxies stand between clients and the gateway: that many addresses at the end of `X-Forwarded-For` are theirs to tell.',
  ),
  MAX_DELAY_MS: integer(
    0,
    60_000,
    100,
    'a number of milliseconds',
    'How late the process may be with its work before it turns operations away that it would have to run; 0: as late as it likes.',
  ),
  LIMIT_TOKENS: limit('tokens', 'How many tokens a GraphQL document may have.'),
  LIMIT_DEPTH: limit('depth', 'How deep fields may be nested.'),
  LIMIT_ALIASES: limit('aliases', 'How many aliases a document may give.'),
  LIMIT_ROOT_FIELDS: limit('rootFields', 'How many fields an operation may have at its root.'),
  LIMIT_NODES: limit('nodes', 'How many nodes an operation may return in its lists, counted while it runs.'),
  LIMIT_RESULT_BYTES: integer(
    1024,
    256 * 1024 * 1024,
    defaultLimit('resultBytes'),
    'a number of bytes',
    'How large the answer to an operation may be, counted while it runs; each character of a text is one.',
  ),
  LIMIT_UPSTREAM_CALLS: limit('upstreamCalls', 'How many requests to WordPress an operation may take.'),
  LIMIT_SECONDS: limit('seconds', 'How long an operation may take in all, in seconds; forms with files take longer.'),
  LIMIT_SUBSCRIPTIONS: limit('subscriptions', 'How many clients of a process may follow changes at the same time.'),
};

function limit(name: LimitName, description: string) {
  return integer(1, 1_000_000, defaultLimit(name), 'a whole number', description);
}
