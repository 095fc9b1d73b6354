// Owns what becomes of calls that nobody waits for any more: WordPress goes on with them, so they count as all others do.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { UpstreamMetrics } from '../../src/metrics.ts';
import type { RestRequest, WordPressClient } from '../../src/wordpress/rest.ts';
import {
  answer,
  type Behaviour,
  type HostileServer,
  hangUp,
  json,
  redirect,
  type Script,
  stall,
} from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { failureOf, listPosts, withClient } from './with-client.ts';

const { logger } = createRecordingLogger();
const good = json([{ id: 1, slug: 'a' }]);

afterEach(() => {
  vi.restoreAllMocks();
});

/** Moves the clock that waits are measured by. */
function passSeconds(seconds: number): void {
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 1000 * seconds);
}

/** Asks, and leaves when WordPress has got it. */
async function leave(client: WordPressClient, server: HostileServer, request: RestRequest = listPosts): Promise<void> {
  const leaving = new AbortController();
  const before = server.requests.length;
  const left = client.request({ ...request, signal: leaving.signal });
  left.catch(() => undefined);
  await vi.waitFor(() => expect(server.requests).toHaveLength(before + 1));
  leaving.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
}

/** A WordPress that takes its time: requests wait until they are told how they end. */
function createHeld() {
  const held: ((behaviour: Behaviour) => void)[] = [];
  const script: Script = () => (socket, request) => void held.push((behaviour) => behaviour(socket, request));
  return { held, script };
}

it('callers who leave, one after the other, bring no more requests at once than those who stay', async () => {
  const { held, script } = createHeld();
  await withClient(script, { logger, maxConcurrent: 2 }, async (client, server) => {
    const ask = (page: number, signal?: AbortSignal) =>
      client.request({ ...listPosts, query: { page }, ...(signal ? { signal } : {}) });
    await leave(client, server);
    await leave(client, server, { ...listPosts, query: { page: 2 } });
    for (let page = 3; page < 8; page += 1) {
      const leaving = new AbortController();
      const left = expect(ask(page, leaving.signal)).rejects.toThrow('gone');
      // Long enough to arrive, if it were sent.
      await sleep(20);
      leaving.abort(new Error('gone'));
      await left;
    }
    const stays = ask(9);
    expect(server.requests).toHaveLength(2);
    held[0]?.(good);
    await vi.waitFor(() => expect(held).toHaveLength(3));
    held[2]?.(good);
    expect((await stays).body).toEqual([{ id: 1, slug: 'a' }]);
    expect(server.requests).toHaveLength(3);
  });
});

it('a WordPress that hangs is seen to, though all callers leave before the time of their calls is over', async () => {
  const outcomes: string[] = [];
  let queueOf: Parameters<UpstreamMetrics['watchQueue']>[0] | undefined;
  const metrics: UpstreamMetrics = {
    asked: (_route, outcome) => void outcomes.push(outcome),
    watchQueue(queue) {
      queueOf = queue;
    },
  };
  await withClient([stall()], { logger, metrics, timeoutMs: 200 }, async (client, server) => {
    for (let call = 0; call < 5; call += 1) await leave(client, server);
    await vi.waitFor(() => expect(outcomes).toEqual(Array(5).fill('UPSTREAM_TIMEOUT')));
    expect((await failureOf(client.request(listPosts))).message).toContain('not asked');
    expect(server.requests).toHaveLength(5);
    expect(queueOf?.()).toMatchObject({ active: 0, waiting: 0 });
    expect(queueOf?.().slots).toBeLessThan(4);
  });
});

it('a WordPress that is left alone is asked by one call at a time, whoever leaves', async () => {
  const busy = answer('', { status: 503 });
  let isHanging = false;
  await withClient(
    () => (isHanging ? stall() : busy),
    { logger },
    async (client, server) => {
      for (let call = 0; call < 5; call += 1) await failureOf(client.request(listPosts));
      isHanging = true;
      passSeconds(10);
      const before = server.requests.length;
      await leave(client, server);
      for (let call = 0; call < 5; call += 1) {
        const { signal } = new AbortController();
        expect((await failureOf(client.request({ ...listPosts, signal }))).message).toContain('not asked');
      }
      expect(server.requests).toHaveLength(before + 1);
    },
  );
});

describe('for who has left', () => {
  it.each([
    ['a hang-up is not tried again', hangUp()],
    ['a 503 is not tried again', answer('', { status: 503 })],
    ['a redirect is not followed', redirect('/elsewhere')],
  ])('%s', async (_name, ending) => {
    const { held, script } = createHeld();
    await withClient(script, { logger, maxConcurrent: 1 }, async (client, server) => {
      await leave(client, server);
      const next = client.request({ ...listPosts, query: { page: 3 } });
      held[0]?.(ending);
      await vi.waitFor(() => expect(held).toHaveLength(2));
      held[1]?.(good);
      await next;
      expect(server.requests.map(({ target }) => target.includes('page=3'))).toEqual([false, true]);
    });
  });
});
