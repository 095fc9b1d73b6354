// The checks of graphql-cop (https://github.com/dolevf/graphql-cop), as it sends them: what it would flag by default, and
// that it flags nothing of a hardened gateway.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Server } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

interface Check {
  readonly path?: string;
  readonly init: RequestInit;
  /** Whether graphql-cop reports the answer. */
  readonly flags: (text: string) => boolean;
}

const json = { 'content-type': 'application/json' };
const post = (body: unknown): RequestInit => ({ method: 'POST', headers: json, body: JSON.stringify(body) });
const query = (text: string) => post({ query: text });
const has = (pattern: RegExp) => (text: string) => pattern.test(text);
const times = (count: number, text: (index: number) => string) => Array.from({ length: count }, (_, i) => text(i));

const circular =
  'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }';

const checks: Readonly<Record<string, Check>> = {
  'alias overloading': {
    init: query(`query cop { ${times(101, (i) => `alias${i}:__typename`).join(' \n')} }`),
    flags: has(/"alias100"/),
  },
  'array batching': {
    init: post(times(10, () => 'x').map(() => ({ query: 'query cop { __typename }' }))),
    flags: (text) => text.startsWith('[') && JSON.parse(text).length >= 10,
  },
  'directive overloading': {
    init: query(`query cop { __typename ${'@aa'.repeat(10)} }`),
    flags: (text) => JSON.parse(text).errors?.length === 10,
  },
  'field duplication': {
    init: query(`query cop { ${times(500, () => '__typename').join(' \n')} }`),
    flags: has(/"data":\{"__typename"/),
  },
  'circular introspection': { init: query(circular), flags: (text) => text.split('"fields"').length > 25 },
  introspection: { init: query('query cop { __schema { types { name fields { name } } } }'), flags: has(/"types"/) },
  suggestions: { init: query('query cop { __schema { directive } }'), flags: has(/Did you mean/) },
  GraphiQL: { init: { headers: { accept: 'text/html' } }, flags: has(/graphiql|playground/i) },
  'GET query': { path: '?query=query cop {__typename}', init: {}, flags: has(/"data":\{/) },
  'GET mutation': { path: '?query=mutation cop {__typename}', init: {}, flags: has(/"data":\{/) },
  'POST of a form': {
    init: { method: 'POST', body: new URLSearchParams({ query: 'query cop { __typename }' }) },
    flags: has(/"data":\{/),
  },
  tracing: { init: query('query cop { __typename }'), flags: has(/"tracing"/) },
  'unhandled error': { init: query('qwerty cop { abc }'), flags: has(/"exception"|stack/i) },
};

const log = createRecordingLogger();

describe.each([
  ['by default', { graphiql: true }, ['introspection', 'suggestions', 'GraphiQL', 'GET query']],
  ['hardened', { graphiql: true, hardened: true }, []],
])('graphql-cop, %s', (_name, options, flagged: readonly string[]) => {
  let server: Server;

  beforeAll(async () => {
    server = await startStandInServer(createStandInGateway(log, options), log);
  });

  afterAll(() => server.close());

  it.each(Object.entries(checks))('%s', async (name, { path = '', init, flags }) => {
    const response = await fetch(`${server.url}/graphql${path}`, init);
    expect(flags(await response.text())).toBe(flagged.includes(name));
    expect(response.status).toBeLessThan(500);
  });
});
