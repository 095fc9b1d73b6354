// Who leaves before the answer pays for what he has caused as who waits for it, and so does who guesses many passwords at once.

import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { type Headgate, startHeadgate } from '../../src/index.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { startTinyWordPress, type TinyWordPress } from '../support/tiny-wordpress.ts';

const key = 'web-0123456789abcdefghij';
const settings = { PORT: '0', DISCOVERY_FILE: 'off', WATCH_INTERVAL_SECONDS: '0', TRUST_PROXY: '1' };

let site: TinyWordPress;

beforeEach(async () => {
  site = await startTinyWordPress();
});

afterEach(() => site[Symbol.asyncDispose]());

const open = (env: Readonly<Record<string, string>>): Promise<Headgate> =>
  startHeadgate(loadConfig({ ...settings, WORDPRESS_URL: site.url, ...env }), createRecordingLogger().logger);

const loginOf = (name: string, password = '') => ({
  authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`,
});

interface Asked {
  readonly path?: string;
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

function send({ url }: Headgate, { path = '/graphql', query, headers = {} }: Asked) {
  const sent = request(`${url}${path}`, {
    method: query === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': '192.0.2.1', ...headers },
    agent: false,
  });
  const status = once(sent, 'response').then(([response]) => {
    response.resume();
    return Number(response.statusCode);
  });
  sent.end(query === undefined ? undefined : JSON.stringify({ query }));
  return { sent, status };
}

/** Asks, and leaves as soon as WordPress was asked for it: gives null, or the status of an answer that came before. */
async function visit(gateway: Headgate, asked: Asked, seen: readonly string[]): Promise<number | null> {
  const before = seen.length;
  const { sent, status } = send(gateway, asked);
  let answered: number | null = null;
  const left = status.then(
    (given) => {
      answered = given;
    },
    () => {},
  );
  await vi.waitFor(() => expect(answered !== null || seen.length > before).toBe(true), {
    interval: 2,
    timeout: 10_000,
  });
  sent.destroy();
  await left;
  return answered;
}

async function visits(gateway: Headgate, of: (index: number) => Asked, seen: readonly string[]) {
  const statuses: (number | null)[] = [];
  for (let index = 0; index < 20; index += 1) statuses.push(await visit(gateway, of(index), seen));
  return statuses;
}

const search = (index: number) =>
  `{ ${[1, 2, 3, 4].map((part) => `a${part}: posts(where: { search: "${index} ${part}" }) { nodes { id } }`).join(' ')} }`;

describe('who leaves', () => {
  beforeEach(() => {
    // No answer comes before he has left.
    site.delayMs = 100;
  });

  // Each visit is a point, and four for what is read.
  it.each([
    ['without credentials', { RATE_LIMIT: '10' }, {}],
    ['as a user', { RATE_LIMIT_USERS: '10' }, loginOf('user2')],
    ['with an API key', { API_KEYS: `web:10=${key}` }, { 'x-api-key': key }],
  ])('%s pays for what his operations read', async (_kind, env, headers) => {
    await using gateway = await open(env);
    const statuses = await visits(gateway, (index) => ({ query: search(index), headers }), site.asked);
    // That one has left may be seen when the next one is there.
    expect(statuses.slice(4)).toEqual(Array(16).fill(429));
    expect(site.asked.length).toBeLessThanOrEqual(16);
  });

  it('pays for pages that are forwarded', async () => {
    await using gateway = await open({ RATE_LIMIT: '10', FORWARD_TO_WORDPRESS: 'on' });
    const statuses = await visits(gateway, (index) => ({ path: `/page-${index}/` }), site.unknown);
    expect(statuses.slice(7)).toEqual(Array(13).fill(429));
  });

  it('pays for guesses', async () => {
    await using gateway = await open({ RATE_LIMIT: '30' });
    const guess = (index: number) => ({ query: '{ viewer { id } }', headers: loginOf('wrong', `${index}`) });
    const statuses = await visits(gateway, guess, site.proofs);
    expect(statuses.slice(8)).toEqual(Array(12).fill(429));
    expect(site.proofs.length).toBeLessThanOrEqual(7);
  });

  it('has not guessed where the credentials turn out to be good', async () => {
    await using gateway = await open({ RATE_LIMIT: '30' });
    const user = (index: number) => ({ query: '{ viewer { id } }', headers: loginOf(`user${index + 1}`) });
    expect(await visits(gateway, user, site.proofs)).toEqual(Array(20).fill(null));
    expect(await send(gateway, { query: '{ __typename }' }).status).toBe(200);
  });
});

it('what is made anew in the background is paid for by nobody', async () => {
  await using gateway = await open({ RATE_LIMIT: '12', FRESH_SECONDS: '1' });
  const kept = { query: search(0) };
  expect(await send(gateway, kept).status).toBe(200);
  // Four points for what was read, and one each.
  for (let time = 0; time < 3; time += 1) {
    const before = site.asked.length;
    await vi.waitFor(
      async () => {
        await sleep(1100);
        expect(await send(gateway, kept).status).toBe(200);
        await vi.waitFor(() => expect(site.asked.length).toBeGreaterThan(before));
      },
      { timeout: 10_000 },
    );
  }
});

it('many guesses at once are a few', async () => {
  await using gateway = await open({ RATE_LIMIT: '30' });
  site.delayMs = 50;
  const guess = (index: number) => ({ query: '{ viewer { id } }', headers: loginOf('wrong', `${index}`) });
  const statuses = await Promise.all(Array.from({ length: 40 }, (_, index) => send(gateway, guess(index)).status));
  // Three use up the address, and a few are looked at meanwhile.
  expect(site.proofs.length).toBeLessThanOrEqual(7);
  expect(statuses.filter((status) => status === 401)).toHaveLength(site.proofs.length);
  expect(statuses.filter((status) => status === 429)).toHaveLength(40 - site.proofs.length);
});

it('many users at once whom nobody knows yet are let in, from one address', async () => {
  await using gateway = await open({ RATE_LIMIT: '30' });
  site.delayMs = 20;
  const user = (index: number) => ({ query: '{ viewer { id } }', headers: loginOf(`user${index + 1}`) });
  const statuses = await Promise.all(Array.from({ length: 40 }, (_, index) => send(gateway, user(index)).status));
  expect(statuses).toEqual(Array(40).fill(200));
});
