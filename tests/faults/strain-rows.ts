// Owns the rows of the matrix that take many calls: a host that dies of some at once, and one that comes back.

import { setTimeout as sleep } from 'node:timers/promises';
import { vi } from 'vitest';
import type { RestResponse, WordPressClient } from '../../src/wordpress/rest.ts';
import { answer, type Behaviour, json, type Script } from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { withClient } from './with-client.ts';

type Ask = (client: WordPressClient) => Promise<RestResponse>;

const { logger } = createRecordingLogger();
const good = json([{ id: 1, slug: 'a' }]);
const busy = answer('', { status: 503 });

/** Sixty calls at once, twice, to a host that answers two at once and fails beyond: what becomes of the second sixty. */
export async function observeOverrun(ask: Ask): Promise<string> {
  let active = 0;
  let most = 0;
  const overrun: Behaviour = (socket, request) => {
    most = Math.max(most, active + 1);
    if (active >= 2) return busy(socket, request);
    active += 1;
    void sleep(10).then(() => {
      active -= 1;
      good(socket, request);
    });
  };
  let observed = '';
  await withClient([overrun], { logger, maxConcurrent: 16, random: Math.random }, async (client) => {
    await askAtOnce(client, ask, 60);
    most = 0;
    const answered = await askAtOnce(client, ask, 60);
    const few = most <= 4 ? 'at most 4' : String(most);
    observed = `data to ${answered >= 50 ? 'at least 50' : answered} of 60, ${few} at once`;
  });
  return observed;
}

/** Ten calls at once, twice, to a host that was down for a while and is back: how many requests each ten took. */
export async function observeReturn(ask: Ask): Promise<string> {
  let isUp = false;
  let active = 0;
  let most = 0;
  const slow: Behaviour = (socket, request) => {
    active += 1;
    most = Math.max(most, active);
    void sleep(10).then(() => {
      active -= 1;
      good(socket, request);
    });
  };
  const script: Script = () => (isUp ? slow : busy);
  let observed = '';
  await withClient(script, { logger, maxConcurrent: 16 }, async (client, server) => {
    for (let call = 0; call < 5; call += 1) await askAtOnce(client, ask, 1);
    isUp = true;
    const now = performance.now.bind(performance);
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 10_000);
    try {
      const before = server.requests.length;
      const first = await askAtOnce(client, ask, 10);
      const probes = server.requests.length - before;
      const then = await askAtOnce(client, ask, 10);
      observed = `data to ${first}, ${probes} request; then data to ${then}, ${most <= 5 ? 'at most 5' : most} at once`;
    } finally {
      clock.mockRestore();
    }
  });
  return observed;
}

async function askAtOnce(client: WordPressClient, ask: Ask, times: number): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: times }, () => ask(client)));
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}
