// Owns the tests of how long an operation may take in all: what is there by then stands, for whoever asks.

import { afterEach, expect, it } from 'vitest';
import { type Behaviour, stall } from '../support/hostile-server.ts';
import { type OddSite, openOddSite } from './odd-site.ts';

let site: OddSite | undefined;

afterEach(async () => {
  await site?.[Symbol.asyncDispose]();
  site = undefined;
});

interface Answer {
  readonly data: {
    readonly posts: { readonly nodes: readonly { readonly title: string; readonly author: unknown }[] };
  };
  readonly errors: readonly { readonly message: string; readonly extensions: unknown }[];
}

async function ask({ gateway }: OddSite, query: string, headers: Record<string, string>): Promise<Answer> {
  const sent = { 'content-type': 'application/json', ...headers };
  return (await gateway.send({ method: 'POST', headers: sent, body: JSON.stringify({ query }) })).json();
}

const list = '{ posts(first: 3) { nodes { title author { node { name } } } } }';

it.each([
  ['anybody', {}],
  ['who wants nothing that is kept', { 'cache-control': 'no-store' }],
])('ends what WordPress does not answer in the time of an operation, for %s', async (_, headers) => {
  const odd: Record<string, Behaviour> = {};
  site = await openOddSite(odd, { limits: { seconds: 0.3 }, timeoutMs: 60_000 });
  odd['users'] = stall();
  const { data, errors } = await ask(site, list, headers);
  expect(data.posts.nodes.map(({ author }) => author)).toEqual([null, null, null]);
  expect(data.posts.nodes[0]?.title).toBe('Post 3');
  expect(new Set(errors.map(({ message }) => message))).toEqual(
    new Set(['The operation takes longer than 0.3 seconds.']),
  );
  expect(errors[0]?.extensions).toEqual({ code: 'LIMIT_EXCEEDED', limit: { name: 'seconds', max: 0.3 } });
  // Its end says nothing of WordPress, which is asked as before.
  const asked = site.server.requests.length;
  await ask(site, '{ users { nodes { name } } }', headers);
  expect(site.server.requests.length).toBeGreaterThan(asked);
});
