// Owns the tests of how long an operation may take in all, and of clients that leave: what is there by then stands, and
// what is written is written to its end.

import { afterEach, expect, it, vi } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { asJson, bodyForms } from '../support/body-forms.ts';
import { type Behaviour, json, stall } from '../support/hostile-server.ts';
import { listed, type OddSite, openOddSite, rows } from './odd-site.ts';

let site: OddSite | undefined;

afterEach(async () => {
  await site?.[Symbol.asyncDispose]();
  site = undefined;
});

const patient = { timeout: 15_000, interval: 5 };
const kept = { maxBytes: 1e6, freshSeconds: 60, staleSeconds: 300, staleIfErrorSeconds: 86_400 };

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

it('gives what was true before where there is no time to make it anew', async () => {
  const odd: Record<string, Behaviour> = {};
  let ahead = 0;
  const now = () => performance.now() + ahead;
  const store = createResponseStore({ ...kept, now });
  site = await openOddSite(odd, { limits: { seconds: 0.3 }, timeoutMs: 60_000, store, cache: { ...kept, now } });
  const whole = await ask(site, list, {});
  odd['users'] = stall();
  ahead = 2_000_000;
  const old = await ask(site, list, {});
  expect(old.data).toEqual(whole.data);
  expect(old.errors).toBeUndefined();
});

it('is the time of each who asks, though one run is for all', async () => {
  const odd: Record<string, Behaviour> = {};
  const store = createResponseStore({ ...kept });
  site = await openOddSite(odd, { limits: { seconds: 0.5 }, timeoutMs: 60_000, store });
  let asked = 0;
  let goOn = () => {};
  const answerUsers = listed(rows.users);
  odd['users'] = (socket, request) => {
    asked += 1;
    if (asked > 1) answerUsers(socket, request);
    else goOn = () => answerUsers(socket, request);
  };
  const first = ask(site, list, {});
  await vi.waitFor(() => expect(asked).toBe(1), patient);
  const second = ask(site, list, {});
  const early = await first;
  expect(early.data.posts.nodes.map(({ author }) => author)).toEqual([null, null, null]);
  // What the first one did not wait for is under way still, and may as well be used.
  goOn();
  const late = await second;
  expect(late.errors).toBeUndefined();
  expect(late.data.posts.nodes[0]?.author).toEqual({ node: { name: 'User 2' } });
});

const capabilities = { edit_posts: true, publish_posts: true, edit_others_posts: true, delete_posts: true };
const me = { ...rows.users[0], roles: ['administrator'], capabilities };

/** A site whose first write waits, and a mutation of three that cannot go together. */
async function openSlowSite(limits: { readonly seconds: number }, toBody = asJson) {
  let goOn = () => {};
  const writes: string[] = [];
  const write: Behaviour = (socket, request) => {
    writes.push(`${request.method} ${request.target.split('?')[0]}`);
    const answer = () => json({ id: Number(/\d+(?=\?)/.exec(request.target)?.[0]) })(socket, request);
    if (writes.length > 1) answer();
    else goOn = answer;
  };
  const odd: Record<string, Behaviour> = {
    users: json(me),
    posts: (socket, request) => (request.method === 'GET' ? listed(rows.posts) : write)(socket, request),
  };
  site = await openOddSite(odd, { limits, timeoutMs: 60_000 });
  const query = `mutation {
    a: updatePost(input: { id: "1", title: "x" }) { post { databaseId title } }
    b: deletePost(input: { id: "2" }) { deletedId }
    c: updatePost(input: { id: "3", title: "x" }) { post { databaseId } } }`;
  const { gateway } = site;
  const { type, body } = toBody(query);
  const headers = { 'content-type': type, authorization: 'Basic eDp5' };
  const send = (signal?: AbortSignal) => gateway.send({ method: 'POST', headers, body, ...(signal ? { signal } : {}) });
  return { writes, send, goOn: () => goOn() };
}

const allWrites = ['POST /wp-json/wp/v2/posts/1', 'DELETE /wp-json/wp/v2/posts/2', 'POST /wp-json/wp/v2/posts/3'];

it.each(bodyForms)('writes all that a client has sent as %s before it left', async (_, toBody) => {
  const { writes, send, goOn } = await openSlowSite({ seconds: 30 }, toBody);
  const leaving = new AbortController();
  const sent = send(leaving.signal).catch(() => 'left');
  await vi.waitFor(() => expect(writes).toHaveLength(1), patient);
  leaving.abort();
  goOn();
  await vi.waitFor(() => expect(writes).toEqual(allWrites), patient);
  await sent;
});

it('writes all of it however long it takes, and leaves out what it would show of it', async () => {
  const { writes, send, goOn } = await openSlowSite({ seconds: 0.3 });
  const sent = send();
  await vi.waitFor(() => expect(writes).toHaveLength(1), patient);
  await new Promise((resolve) => setTimeout(resolve, 400));
  goOn();
  const { data, errors } = await (await sent).json();
  expect(writes).toEqual(allWrites);
  expect(data).toEqual({ a: { post: null }, b: { deletedId: 'cG9zdDoy' }, c: { post: null } });
  expect(new Set(errors.map(({ message }: { message: string }) => message))).toEqual(
    new Set(['The operation takes longer than 0.3 seconds.']),
  );
});
