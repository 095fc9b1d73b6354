// An answer too many on a connection that is kept alive: what was kept shortly before it was noticed is asked for again.

import { expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { startHeadgate } from '../../src/index.ts';
import { type Fault, startMarkedServer } from '../reliability/marked-site.ts';
import { json } from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

vi.setConfig({ testTimeout: 60_000 });

it('a gateway forgets what it kept of the last minute, answers and parts of them', async () => {
  let isShifted = false;
  const asked: string[] = [];
  const fault: Fault = (request, right) => {
    const [route = ''] = /(posts|users|categories)\b[^?]*/.exec(request.target) ?? [];
    if (route !== '') asked.push(route);
    if (!isShifted || !route.startsWith('posts')) return null;
    isShifted = false;
    return (socket) => {
      json({ id: 666, title: { rendered: 'of another one' } })(socket, request);
      right(socket, request);
    };
  };
  await using server = await startMarkedServer(fault);
  const { logger } = createRecordingLogger();
  const fixed = { PORT: '0', HOST: '127.0.0.1', DISCOVERY_FILE: 'off', WATCH_INTERVAL_SECONDS: '0' };
  await using headgate = await startHeadgate(loadConfig({ ...fixed, WORDPRESS_URL: server.url }), logger);
  const ask = async (query: string): Promise<string> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
    return (await fetch(`${headgate.url}/graphql`, init)).text();
  };
  const post = (id: number) => `{ post(id: "${id}", idType: DATABASE_ID) { title } }`;
  const right = await ask(post(1));
  expect(right).toContain('@owner-0@');
  asked.length = 0;
  expect(await ask(post(1))).toBe(right);
  expect(asked).toEqual([]);

  isShifted = true;
  const second = await ask(post(2));
  expect(second).toContain('@owner-0@');
  expect(second).not.toContain('of another one');
  // What this very answer brought came on a new connection, and is kept.
  asked.length = 0;
  expect(await ask(post(1))).toBe(right);
  expect(asked).toHaveLength(1);
  expect(await ask(post(1))).toBe(right);
  expect(asked).toHaveLength(1);
  const metrics = await (await fetch(`${headgate.url}/metrics`)).text();
  expect(metrics).toMatch(/^headgate_purged_answers_total [1-9]/m);
});
