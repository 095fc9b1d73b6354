// What WordPress shows to some is kept for nobody: after users and anybody have asked for all of it at the same time, by two
// gateways on one Redis, no cache, log or metric has a word of it. `npm run marks` asks for longer.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { type BuiltCli, buildCli, type CliProcess } from '../support/built-cli.ts';
import { hasRedis, startRedis, type TestRedis } from '../support/redis.ts';
import { readAll } from '../support/search-redis.ts';
import { startWritableWordPress } from '../support/wordpress.ts';
import { createRandom, pick, repeat, report, scaleOf } from './scale.ts';

const scale = scaleOf('marks', { asks: 50 }, { asks: 1500 });
/** Begins each text that is not for everybody; what everybody may see has another one, so that something is kept. */
const mark = /hushhush/i;
const shown = /saidaloud/i;
const patient = { timeout: 60_000, interval: 50 };

interface Gateway {
  readonly process: CliProcess;
  readonly url: string;
  readonly folder: string;
}

let wordpress: WordPress;
let redis: TestRedis;
let cli: BuiltCli;
const gateways: Gateway[] = [];
const ids: Record<string, number> = {};

async function write(path: string, body: object): Promise<{ readonly id: number }> {
  const { authorization } = wordpress.credentials.admin;
  const headers = { authorization, 'content-type': 'application/json' };
  const response = await fetch(`${wordpress.url}/wp-json/wp/v2/${path}`, {
    ...{ method: 'POST', headers, body: JSON.stringify(body) },
  });
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
  return (await response.json()) as { readonly id: number };
}

/** Puts a mark into everything that is for some only. */
async function plant(): Promise<void> {
  for (const status of ['private', 'draft', 'pending', 'future']) {
    const text = { title: `Hushhush ${status}`, content: `Hushhush content ${status}`, excerpt: `Hushhush ${status}` };
    const date = status === 'future' ? { date: '2099-01-01T00:00:00' } : {};
    ids[status] = (await write('posts', { ...text, ...date, status })).id;
  }
  const password = 'hushhush-password';
  const open = { title: 'Saidaloud', excerpt: '', status: 'publish' };
  ids['protected'] = (await write('posts', { ...open, content: 'Hushhush protected', password })).id;
  ids['page'] = (await write('pages', { title: 'Hushhush page', content: 'Hushhush page', status: 'private' })).id;
  await write('posts/101', { title: 'Saidaloud to all' });
  await write('posts/101/autosaves', { title: 'Hushhush autosave', content: 'Hushhush autosave' });
  const { author } = wordpress.credentials;
  await write(`users/${author.id}`, { email: 'hushhush@example.org', last_name: 'Hushhush' });
  await write('settings', { email: 'hushhush-admin@example.org' });
  const email = { author_email: 'hushhush@example.com', author_name: 'A visitor' };
  ids['comment'] = (await write('comments', { post: 101, content: 'Hushhush held', status: 'hold', ...email })).id;
}

async function openGateway(): Promise<Gateway> {
  const folder = mkdtempSync(join(tmpdir(), 'headgate-marks-'));
  const { admin } = wordpress.credentials;
  const process = cli.run(['start', wordpress.url], {
    ...{ PORT: '0', HOST: '127.0.0.1', REDIS_URL: redis.url, REDIS_TIMEOUT_MS: '2000', LOG_LEVEL: 'debug' },
    ...{ WORDPRESS_USERNAME: admin.username, WORDPRESS_APPLICATION_PASSWORD: admin.applicationPassword },
    ...{ PREVIEW_SECRET: 'a secret of the gateway that is long enough', MAX_DELAY_MS: '0' },
    ...{ UPSTREAM_TIMEOUT_SECONDS: '120', SNAPSHOT_FILE: join(folder, 'snapshot') },
    NODE_OPTIONS: `--heapsnapshot-signal=SIGUSR2 --diagnostic-dir=${folder}`,
  });
  const { output } = process;
  await vi.waitFor(() => expect(output.stdout).toContain('"msg":"listening"'), patient);
  const url = /"url":"(http:[^"]+)"/.exec(output.stdout)?.[1] ?? '';
  return { process, url, folder };
}

beforeAll(async () => {
  if (!hasRedis) return;
  cli = buildCli();
  // One after the other: of two at once, one would go on where the other fails.
  wordpress = await startWritableWordPress();
  redis = await startRedis();
  await plant();
  gateways.push(await openGateway(), await openGateway());
}, 240_000);

afterAll(async () => {
  cli?.[Symbol.dispose]();
  for (const { folder } of gateways) rmSync(folder, { recursive: true, force: true });
  await redis?.[Symbol.asyncDispose]();
  await wordpress?.[Symbol.asyncDispose]();
});

interface Ask {
  readonly query: string;
  readonly variables?: object;
  readonly method?: 'GET' | 'POST';
}

async function ask({ url }: Gateway, authorization: string | null, { query, variables = {}, method = 'POST' }: Ask) {
  const headers = {
    ...{ 'content-type': 'application/json', 'apollo-require-preflight': 'yes' },
    ...(authorization === null ? {} : { authorization }),
  };
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  const response =
    method === 'GET'
      ? await fetch(`${url}/graphql?${search}`, { headers })
      : await fetch(`${url}/graphql`, { method, headers, body: JSON.stringify({ query, variables }) });
  return `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
}

const stati = '[PUBLISH, DRAFT, PRIVATE, PENDING, FUTURE]';

/** Asked by everybody in the same words: keys of caches are the same as well. */
function reads(): Ask[] {
  const one = Object.entries(ids).filter(([kind]) => kind !== 'comment');
  return [
    { query: `{ posts(first: 10, where: { stati: ${stati} }) { nodes { databaseId title content excerpt } } }` },
    {
      query: `{ contentNodes(first: 10, where: { stati: ${stati} }) { nodes { uri ... on NodeWithTitle { title } } } }`,
    },
    ...one.map(([, id]) => ({
      query: 'query ($id: ID!) { contentNode(id: $id, idType: DATABASE_ID) { slug ... on NodeWithTitle { title } } }',
      variables: { id: String(id) },
    })),
    { query: `{ post(id: ${ids['private']}, idType: DATABASE_ID) { title content slug author { node { name } } } }` },
    { query: '{ post(id: 101, idType: DATABASE_ID, asPreview: true) { title content } }' },
    { query: '{ post(id: 101, idType: DATABASE_ID) { title content } }' },
    { query: '{ users(first: 20) { nodes { name email lastName } } viewer { email lastName } }' },
    { query: '{ comments(where: { statusIn: [HOLD] }) { nodes { content author { node { email } } } } }' },
    { query: `{ nodeByUri(uri: "/?p=${ids['draft']}&preview=true") { ... on Post { title } } }` },
    { query: '{ generalSettings { title email } menus { nodes { name } } }' },
  ];
}

/** What editors write, which is not for everybody either; once in the document itself. */
const writes: readonly Ask[] = [
  {
    query: 'mutation ($id: ID!, $title: String) { updatePost(input: { id: $id, title: $title }) { post { title } } }',
    variables: { title: 'Hushhush rewritten' },
  },
  { query: 'mutation { createPost(input: { title: "Hushhush new", content: "Hushhush" }) { post { title slug } } }' },
  { query: 'mutation { createTag(input: { description: "x" }) { tag { name } } }' },
];

function expectNone(where: string, texts: readonly string[]): void {
  const found = texts.filter((text) => mark.test(text)).map((text) => text.slice(0, 200 + text.search(mark)));
  expect([where, found.map((text) => text.slice(-600))]).toEqual([where, []]);
}

async function heapOf({ process, url, folder }: Gateway): Promise<string> {
  process.child.kill('SIGUSR2');
  const find = () => readdirSync(folder).find((name) => name.endsWith('.heapsnapshot'));
  await vi.waitFor(() => expect(find()).toBeDefined(), patient);
  // It writes before it does anything else.
  await (await fetch(`${url}/health`)).text();
  return readFileSync(join(folder, find() ?? ''), 'latin1');
}

it.skipIf(!hasRedis)('is kept nowhere', { timeout: 1_800_000 }, async () => {
  const random = createRandom(7);
  const { admin, editor, author, subscriber } = wordpress.credentials;
  const [first] = gateways;
  if (!first) throw new Error('no gateway');
  const made = await ask(first, admin.authorization, {
    query: `mutation { createPreviewToken(input: { id: "${ids['private']}", seconds: 3600 }) { token } }`,
  });
  const token = `Preview ${/"token":"([^"]+)"/.exec(made)?.[1]}`;
  const users = [admin, editor, author, subscriber].map(({ authorization }) => authorization);
  const wrong = `Basic ${Buffer.from(`${admin.username}:hushhush wrong`).toString('base64')}`;
  const answers = { nobody: [] as string[], others: [] as string[] };
  const questions = reads();
  await repeat(scale.asks, 6, async (index) => {
    const gateway = pick(random, gateways);
    const who = pick(random, [null, null, null, ...users, ...users, token, wrong]);
    const isWrite = who !== null && who !== token && random() < 0.12;
    const asked = isWrite ? pick(random, writes) : (questions[index % questions.length] ?? pick(random, questions));
    const variables = {
      ...asked.variables,
      ...(isWrite ? { id: String(pick(random, [ids['draft'], ids['private']])) } : {}),
    };
    const method = !isWrite && random() < 0.3 ? 'GET' : 'POST';
    // Somebody else asks for the same at the same time.
    const [answer, same] = await Promise.all([
      ask(gateway, who, { ...asked, variables, method }),
      isWrite ? '' : ask(pick(random, gateways), null, asked),
    ]);
    answers.nobody.push(same);
    answers[who === null || who === wrong ? 'nobody' : 'others'].push(answer);
  });
  // The marks did pass, and what is for everybody was kept.
  expect(answers.others.filter((text) => mark.test(text)).length).toBeGreaterThan(scale.asks / 8);
  expectNone('answers to nobody', answers.nobody);
  const kept = await readAll(redis);
  expect(kept.join()).toMatch(shown);
  expectNone('Redis', kept);
  const heap = await heapOf(first);
  expect(heap).toMatch(shown);
  expectNone('memory', heap.split('\n'));
  for (const { url, process, folder } of gateways) {
    expectNone('metrics', [await (await fetch(`${url}/metrics`)).text()]);
    process.child.kill('SIGTERM');
    expect(await process.exit).toBe(0);
    expectNone('the log', [process.output.stdout, process.output.stderr]);
    for (const secret of [...users, token, admin.applicationPassword]) {
      expect(process.output.stdout).not.toContain(secret.replace(/^\w+ /, ''));
    }
    const snapshot = gunzipSync(readFileSync(join(folder, 'snapshot'))).toString();
    expect(snapshot).toMatch(shown);
    expectNone('the snapshot', snapshot.split('\n'));
  }
  report('marks', { asked: 2 * scale.asks, 'answers with a mark, to who may see it': answers.others.length, found: 0 });
});
