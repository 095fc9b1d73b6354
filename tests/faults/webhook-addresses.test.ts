// A webhook that names addresses: what was there is forgotten and what is there now; where WordPress does not say what
// that is, and nothing was known, the sender is to send it again.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RestObject } from '../../src/cache/fields-record.ts';
import { signWebhook, toSigningKey } from '../../src/changes/webhook-signature.ts';
import type { Headgate } from '../../src/index.ts';
import {
  answer,
  type Behaviour,
  type HostileServer,
  hangUp,
  html,
  json,
  stall,
  startHostileServer,
} from '../support/hostile-server.ts';
import { startGatewayFor, webhookToken } from '../support/recorded-headgate.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { hasRedis, startRedis } from '../support/redis.ts';
import { listed } from './odd-site.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const secret = 'a secret that is long enough for a test';
const home = 'http://told.test';
const api = '<http://told.test/wp-json/>; rel="https://api.w.org/"';
const { logger, lines } = createRecordingLogger();

let posts: RestObject[] = [];
/** What happens to a request in the place of what is right. */
let fault: ((target: string, right: Behaviour) => Behaviour) | null = null;
let server: HostileServer;
let headgate: Headgate;

beforeEach(async () => {
  fault = null;
  posts = Array.from({ length: 100 }, (_, at) => toPost(100 - at));
  server = await startHostileServer(({ target }) => {
    const right = rightAnswer(target);
    return fault?.(target, right) ?? right;
  });
  headgate = await open();
  lines.splice(0);
});

afterEach(async () => {
  await headgate[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

function open(settings: Readonly<Record<string, string>> = {}): Promise<Headgate> {
  const all = { WEBHOOK_SECRET: secret, FRESH_SECONDS: '600', ...settings };
  return startGatewayFor({ origin: server.url }, logger, all);
}

function toPost(id: number): RestObject {
  const date = `2026-01-01T${String(Math.floor(id / 60)).padStart(2, '0')}:${String(id % 60).padStart(2, '0')}:00`;
  return { id, slug: `post-${id}`, status: 'publish', date, link: `${home}/post-${id}/`, title: { rendered: 'Old' } };
}

function rightAnswer(target: string): Behaviour {
  const { pathname } = new URL(target, home);
  const [, route] = /^\/wp-json\/(?:wp\/v2\/)?([^/]*)/.exec(pathname) ?? [];
  if (route === '') return json({ name: 'Told', url: home, home, namespaces: ['wp/v2'] });
  if (route !== undefined) return listed(route === 'posts' ? posts : []);
  if (pathname === '/') return html('<!DOCTYPE html><title>Told</title>', { headers: { link: api } });
  const post = posts.find(({ link }) => link === home + pathname);
  if (!post) return answer('', { status: 404, headers: { link: api } });
  const itself = `<${home}/wp-json/wp/v2/posts/${post['id']}>; rel="alternate"; type="application/json"`;
  return answer('', { headers: { link: `${api}, ${itself}` } });
}

function edit(): void {
  posts = posts.map((post) => ({ ...post, title: { rendered: 'New' } }));
}

async function ask(query: string, { url } = headgate) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
  return response.json();
}

const nodeAt = (uri: string) => `{ nodeByUri(uri: "${uri}") { ... on Post { title uri } } }`;
const byId = '{ post(id: 8, idType: DATABASE_ID) { title uri } }';
const list = '{ posts(where: { in: ["8"] }) { nodes { title uri } } }';

/** Post 8 as its address, its id and a list show it. */
async function shown() {
  const [node, post, posts] = await Promise.all([nodeAt('/post-8/'), byId, list].map((query) => ask(query)));
  return [node.data?.nodeByUri, post.data?.post, posts.data?.posts.nodes[0] ?? null];
}

interface Answered {
  readonly status: number;
  readonly wait: string | null;
  readonly body: { readonly status?: string; readonly tags?: string[] };
}

/** A signed webhook that names addresses; the same each time that it is sent. */
function webhookOf(...uris: string[]): (gateway?: Headgate) => Promise<Answered> {
  const body = JSON.stringify({ uris });
  const [id, timestampSeconds] = [uris.join(), Math.floor(Date.now() / 1000)];
  const headers = {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': signWebhook(toSigningKey(secret), { id, timestampSeconds, body }),
  };
  return async ({ url } = headgate) => {
    const response = await fetch(`${url}/webhooks/purge`, { method: 'POST', headers, body });
    return { status: response.status, wait: response.headers.get('retry-after'), body: await response.json() };
  };
}

const purged = (tags: string[]): Answered => ({ status: 200, wait: null, body: { status: 'purged', tags } });
const unknown = { status: 503, wait: '5', body: { errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] } };
const eight = ['uri:post-8?', 'post:8', 'list:post'];
const unanswered = () => lines.filter(({ msg }) => /did not say in time/.test(String(msg)));

describe('a webhook that names addresses', () => {
  it.each([
    ['trashed', () => posts.filter(({ id }) => id !== 8), null],
    [
      'moved',
      () => [...posts, { ...toPost(8), slug: 'moved', link: `${home}/moved/` }].filter(isNotAtEight),
      '/moved/',
    ],
  ])('forgets what was there and was %s', async (_, change, uri) => {
    expect(await shown()).toEqual([8, 8, 8].map(() => ({ title: 'Old', uri: '/post-8/' })));
    posts = change();
    expect(await webhookOf('/post-8/')()).toEqual(purged(eight));
    const post = uri === null ? null : { title: 'Old', uri };
    expect(await shown()).toEqual([null, post, post]);
  });

  it('forgets what was not there in any other case', async () => {
    expect(await ask(nodeAt('/Post-8/'))).toEqual({ data: { nodeByUri: null } });
    posts = [...posts.filter(isNotAtEight), { ...toPost(8), link: `${home}/Post-8/` }];
    expect(await webhookOf('/post-8/')()).toEqual(purged(['uri:post-8?']));
    expect(await ask(nodeAt('/Post-8/'))).toEqual({ data: { nodeByUri: { title: 'Old', uri: '/Post-8/' } } });
  });

  it('asks WordPress for pages only', async () => {
    const asked = server.requests.length;
    const acts = 'rest_route=/wp/v2/posts/8&_method=DELETE';
    const uris = [`/post-8/?${acts}`, `/?p=8&${acts}`, '/wp-json/wp/v2/posts/8?_method=DELETE', '/wp-cron.php'];
    expect(await webhookOf(...uris)()).toMatchObject({ status: 200 });
    const sent = server.requests.slice(asked).map(({ method, target }) => `${method} ${target}`);
    expect(sent.sort()).toEqual([
      'GET /wp-json/wp/v2/posts?include=8&per_page=100&_fields=id,link',
      'HEAD /?p=8',
      'HEAD /post-8/',
    ]);
  });

  it.each<[string, Behaviour]>([
    ['answers 503', json({}, { status: 503 })],
    ['hangs up', hangUp()],
  ])('forgets what was there while WordPress %s', async (_, behaviour) => {
    await shown();
    edit();
    fault = () => behaviour;
    expect(await webhookOf('/post-8/')()).toEqual(purged(eight));
    expect(unanswered()).toMatchObject([{ level: 40, addresses: 1 }]);
    fault = null;
    await vi.waitFor(
      async () => expect(await shown()).toEqual([8, 8, 8].map(() => ({ title: 'New', uri: '/post-8/' }))),
      { timeout: 30_000, interval: 500 },
    );
  });

  it('is to be sent again where nothing was known and WordPress fails, and acts again then', async () => {
    await Promise.all([byId, list].map((query) => ask(query)));
    edit();
    fault = () => json({}, { status: 503 });
    const send = webhookOf('/post-8/');
    expect(await send()).toMatchObject(unknown);
    expect(await send()).toMatchObject(unknown);
    fault = null;
    await vi.waitFor(async () => expect(await send()).toEqual(purged(eight)), { timeout: 30_000, interval: 500 });
    expect(await shown()).toEqual([8, 8, 8].map(() => ({ title: 'New', uri: '/post-8/' })));
    expect(await send()).toEqual({ status: 200, wait: null, body: { status: 'known', tags: [] } });
  });

  it('does not wait for what hangs: what comes late is forgotten when it comes', async () => {
    let goOn = () => {};
    const heard: (readonly string[] | null)[] = [];
    headgate.changes.subscribe(({ changes }) => heard.push(...changes.map(({ tags }) => tags)));
    fault = (target, right) => {
      if (target !== '/post-8/') return right;
      return (socket, request) => {
        goOn = () => right(socket, request);
      };
    };
    const send = webhookOf('/post-7/', '/post-8/');
    const first = send();
    // Its sender did not wait, and sends it again before it is known what becomes of it.
    await vi.waitFor(() => expect(server.requests.map(({ target }) => target)).toContain('/post-8/'), { interval: 5 });
    expect(await Promise.all([first, send()])).toMatchObject([unknown, unknown]);
    const inTime = [['uri:post-7?'], ['uri:post-8?'], ['post:7', 'list:post']];
    expect(heard).toEqual(inTime);
    goOn();
    await vi.waitFor(() => expect(heard).toEqual([...inTime, ['post:8', 'list:post']]), { timeout: 30_000 });
  });

  it('is asked first for that of which nothing is known', async () => {
    const known = [1, 2, 3, 4, 5, 6].map((id) => `/post-${id}/`);
    for (const uri of known) await ask(nodeAt(uri));
    fault = (target, right) => (known.includes(target) ? stall() : right);
    const { status, body } = await webhookOf(...known, '/post-7/')();
    expect([status, body.tags?.filter((tag) => tag.startsWith('post:'))]).toEqual([
      200,
      [1, 2, 3, 4, 5, 6, 7].map((id) => `post:${id}`),
    ]);
    expect(unanswered()).toMatchObject([{ level: 40, addresses: 6 }]);
  });

  it('is asked for all of a hundred, whatever operations may ask', async () => {
    const uris = posts.map(({ id }) => `/post-${id}/`);
    await using limited = await open({ LIMIT_UPSTREAM_CALLS: '1' });
    // Its page does not tell what it shows: that takes a second request.
    fault = (target, right) => (target === '/post-8/' ? answer('') : right);
    server.forget();
    const { status, body } = await webhookOf(...uris)(limited);
    expect([status, body.tags?.length]).toEqual([200, 100 + 100 + 1]);
    const asked = server.requests.map(({ method, target }) => `${method} ${target}`);
    const by = (name: string) => `GET /wp-json/wp/v2/posts?${name}&per_page=100&_fields=id,link`;
    // What a page tells is looked at, for it may tell the same of every address.
    const looked = posts.filter(({ id }) => id !== 8).map(({ id }) => by(`include=${id}`));
    expect(asked.sort()).toEqual([`${by('slug=post-8')},slug`, ...looked, ...uris.map((uri) => `HEAD ${uri}`)].sort());
  });

  it.skipIf(!hasRedis)('forgets what another gateway has found there', async () => {
    await using redis = await startRedis();
    await using one = await open({ REDIS_URL: redis.url });
    await using other = await open({ REDIS_URL: redis.url });
    const inUse = () => expect(lines.filter(({ msg }) => msg === 'Redis is in use')).toHaveLength(2);
    await vi.waitFor(inUse, { timeout: 30_000, interval: 20 });
    await ask(nodeAt('/post-8/'), one);
    const kept = async () => expect(JSON.stringify(await redis.send('KEYS', '*'))).toContain(':address:');
    await vi.waitFor(kept, { timeout: 30_000, interval: 20 });
    fault = () => hangUp();
    expect(await webhookOf('/post-8/')(other)).toEqual(purged(eight));
  });
});

it('a token alone is told as well that it is to be sent again', async () => {
  fault = () => hangUp();
  const headers = { authorization: `Bearer ${webhookToken}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ uris: ['/post-9/'], tags: ['post:1'] });
  const response = await fetch(`${headgate.url}/webhooks/purge`, { method: 'POST', headers, body });
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
});

function isNotAtEight({ link }: RestObject): boolean {
  return link !== `${home}/post-8/`;
}

it('what appears is shown where nothing was, though only its lists are told of', async () => {
  const all = posts;
  posts = posts.filter(isNotAtEight);
  for (let round = 0; round < 2; round++) expect(await ask(nodeAt('/post-8/'))).toEqual({ data: { nodeByUri: null } });
  posts = all;
  headgate.purge(['list:post']);
  expect(await ask(nodeAt('/post-8/'))).toEqual({ data: { nodeByUri: { title: 'Old', uri: '/post-8/' } } });
});
