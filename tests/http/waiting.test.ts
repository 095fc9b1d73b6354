// A gateway that is to wait for a site of which it knows nothing: it listens, says so, and serves once the site is there.

import { get } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { startWhenThere } from '../../src/cli/wait-for-site.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { startHeadgate } from '../../src/index.ts';
import { findFreePort } from '../support/free-port.ts';
import { html, json, restError, startHostileServer } from '../support/hostile-server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const { logger, lines } = createRecordingLogger();

/** A site that gives no answer until it is there, and then all that a start asks of it. */
async function startLateSite() {
  const state = { isThere: false };
  const index = json({ name: 'Late', home: 'http://late.example', namespaces: ['wp/v2'] });
  const server = await startHostileServer(({ target }) => {
    if (!state.isThere) return () => {};
    return target.startsWith('/wp-json/?') ? index : restError(404, 'rest_no_route');
  });
  return { server, state };
}

async function configFor(url: string) {
  const port = await findFreePort();
  // What is asked before the site is there is never answered.
  const env = { WORDPRESS_URL: `${url}/wp-json/`, UPSTREAM_TIMEOUT_SECONDS: '120', WATCH_INTERVAL_SECONDS: '0' };
  const config = loadConfig({ ...env, HOST: '127.0.0.1', PORT: String(port), DISCOVERY_FILE: 'off' });
  return { config, base: `http://127.0.0.1:${port}` };
}

async function readyOf(base: string): Promise<readonly [number, unknown]> {
  const response = await fetch(`${base}/ready`);
  return [response.status, await response.json()];
}

it('listens meanwhile, and serves when it is there, whatever became of what was asked before', {
  timeout: 60_000,
}, async () => {
  const { server, state } = await startLateSite();
  await using site = server;
  const { config, base } = await configFor(site.url);
  const starting = startWhenThere({ config, logger, stop: new AbortController().signal, start: startHeadgate });
  const waiting = await vi.waitFor(() => readyOf(base), { timeout: 30_000 });
  expect(waiting).toEqual([503, { status: 'starting' }]);
  expect((await fetch(`${base}/health`)).status).toBe(200);
  const early = await fetch(`${base}/graphql?query={__typename}`);
  expect([early.status, early.headers.get('retry-after')]).toEqual([503, '5']);
  expect(await early.json()).toMatchObject({ errors: [{ extensions: { code: 'UPSTREAM_UNAVAILABLE' } }] });

  state.isThere = true;
  await using headgate = await starting;
  expect(headgate?.site.name).toBe('Late');
  expect(await readyOf(base)).toEqual([200, { status: 'ready' }]);
  expect((await fetch(`${base}/graphql?query={__typename}`)).status).toBe(200);
});

it('listens without a gap when the site is back, whoever has sent half a body', { timeout: 60_000 }, async () => {
  const { server, state } = await startLateSite();
  await using site = server;
  const { config, base } = await configFor(site.url);
  const starting = startWhenThere({ config, logger, stop: new AbortController().signal, start: startHeadgate });
  await vi.waitFor(() => readyOf(base), { timeout: 30_000 });
  const body = '{"query":"{__typename}"}';
  const stalled = connect(config.server.port, '127.0.0.1');
  let said = '';
  stalled.on('data', (chunk) => {
    said += chunk;
  });
  const head = [
    'POST /graphql HTTP/1.1',
    'Host: a',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  stalled.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, 9)}`);

  const seen = new Map<string, number>();
  let isOver = false;
  const client = async () => {
    for (; !isOver; await sleep(5)) {
      const status = await new Promise<string>((resolve) => {
        get(`${base}/ready`, { agent: false }, (response) => resolve(String(response.resume().statusCode))).on(
          'error',
          (error) => resolve(String(error)),
        );
      });
      seen.set(status, (seen.get(status) ?? 0) + 1);
    }
  };
  const clients = [client(), client()];
  await vi.waitFor(() => expect(seen.get('503')).toBeGreaterThan(5), { timeout: 30_000 });
  state.isThere = true;
  await using headgate = await starting;
  expect(headgate?.site.name).toBe('Late');
  // Who has begun before is not cut off, and holds nobody up.
  expect(said).toBe('');
  await vi.waitFor(() => expect(seen.get('200')).toBeGreaterThan(5), { timeout: 30_000 });
  isOver = true;
  await Promise.all(clients);
  expect([...seen.keys()]).toEqual(['503', '200']);
  stalled.write(body.slice(9));
  await vi.waitFor(() => expect(said).toContain('503'), { timeout: 30_000 });
  stalled.destroy();
});

it('ends when it is told to, and where the site turns out to be wrong', { timeout: 60_000 }, async () => {
  const { server } = await startLateSite();
  await using site = server;
  const stop = new AbortController();
  const { config, base } = await configFor(site.url);
  const starting = startWhenThere({ config, logger, stop: stop.signal, start: startHeadgate });
  await vi.waitFor(() => readyOf(base), { timeout: 30_000 });
  stop.abort();
  expect(await starting).toBeNull();
  await expect(readyOf(base)).rejects.toThrow();

  await using other = await startHostileServer([html('<h1>Not a site</h1>')]);
  const wrong = { ...(await configFor(other.url)), logger, stop: new AbortController().signal, start: startHeadgate };
  await expect(startWhenThere(wrong)).rejects.toMatchObject({ name: 'SiteError', isTemporary: false });
});

it('says once that it waits', { timeout: 60_000 }, async () => {
  const { config } = await configFor('http://127.0.0.1:9');
  const stop = new AbortController();
  lines.length = 0;
  const starting = startWhenThere({ config, logger, stop: stop.signal, start: startHeadgate });
  await vi.waitFor(() => expect(lines.map(({ msg }) => msg).join()).toContain('Waiting for the site.'), {
    timeout: 30_000,
  });
  stop.abort();
  expect(await starting).toBeNull();
});
