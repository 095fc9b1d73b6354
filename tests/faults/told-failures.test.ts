// What the log and the metrics tell of failures: those of WordPress once each, and none of clients that have left.

import { expect, it, vi } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { startHeadgate } from '../../src/index.ts';
import { startMarkedServer } from '../reliability/marked-site.ts';
import { type Behaviour, restError, stall } from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

async function open() {
  const site: { fault: Behaviour | null } = { fault: null };
  const server = await startMarkedServer(() => site.fault);
  const { logger, lines } = createRecordingLogger();
  const fixed = { PORT: '0', HOST: '127.0.0.1', DISCOVERY_FILE: 'off', WATCH_INTERVAL_SECONDS: '0' };
  const headgate = await startHeadgate(loadConfig({ ...fixed, WORDPRESS_URL: server.url }), logger);
  return {
    ...{ site, server, lines },
    async ask(query: string, signal?: AbortSignal): Promise<unknown> {
      const headers = { 'content-type': 'application/json' };
      const body = JSON.stringify({ query });
      const answer = await fetch(`${headgate.url}/graphql`, {
        ...{ method: 'POST', headers, body },
        ...(signal ? { signal } : {}),
      });
      return answer.json();
    },
    async metric(name: string): Promise<string[]> {
      const text = await (await fetch(`${headgate.url}/metrics`)).text();
      return text.split('\n').filter((line) => line.startsWith(name) && !line.endsWith(' 0'));
    },
    async [Symbol.asyncDispose]() {
      await headgate[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

it('tells of no more failed requests than were made, and once that WordPress is left alone', async () => {
  await using opened = await open();
  const { site, server, lines, ask } = opened;
  await ask('{ posts { nodes { title } } }');
  site.fault = restError(500, 'internal_server_error');
  const before = server.requests.length;
  for (let text = 0; text < 60; text += 1) await ask(`{ posts(where: { search: "${text}" }) { nodes { id } } }`);
  const asked = server.requests.length - before;
  const warned = lines.filter(({ level }) => level === 40).map(({ msg = '' }) => msg);
  expect(warned.filter((msg) => msg === 'a request to WordPress failed').length).toBeLessThanOrEqual(asked);
  expect(warned.filter((msg) => msg.includes('is left alone'))).toHaveLength(1);
  expect(lines.filter(({ msg }) => msg === 'operation')).toHaveLength(61);
});

it('counts no error of who has left', async () => {
  await using opened = await open();
  const { site, server, ask, metric } = opened;
  site.fault = stall();
  const before = server.requests.length;
  const leaving = new AbortController();
  const left = ask('{ posts(where: { search: "left" }) { nodes { id } } }', leaving.signal);
  await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(before));
  leaving.abort();
  await expect(left).rejects.toThrow();
  site.fault = null;
  await ask('{ nothing }');
  expect(await metric('headgate_graphql_errors_total')).toEqual([
    'headgate_graphql_errors_total{code="GRAPHQL_VALIDATION_FAILED"} 1',
  ]);
});
