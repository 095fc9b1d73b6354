// Owns the proof that the tests' proxy repeats an answer only where WordPress would give the same one again.

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RememberingProxy, startRememberingProxy } from '../support/remembering-proxy.ts';

let upstream: Server;
let proxy: RememberingProxy;
let asked: string[];
let status: number;

beforeEach(async () => {
  [asked, status] = [[], 200];
  upstream = createServer((request, response) => {
    const { method, url, headers } = request;
    asked.push(`${method} ${url} ${headers.authorization ?? 'nobody'}`);
    response.writeHead(status, { 'x-host': headers.host, 'x-wp-total': '7' }).end(`answer ${asked.length}`);
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  proxy = await startRememberingProxy();
  proxy.standBefore(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
});

afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
});

async function ask(path: string, init: RequestInit = {}): Promise<string> {
  return (await fetch(proxy.url + path, init)).text();
}

it('sends a question on once, also while it waits', async () => {
  expect(await Promise.all([ask('/a?b=1'), ask('/a?b=1')])).toEqual(['answer 1', 'answer 1']);
  const again = await fetch(`${proxy.url}/a?b=1`);
  expect([await again.text(), again.headers.get('x-wp-total')]).toEqual(['answer 1', '7']);
  expect(again.headers.get('x-host')).toBe(new URL(proxy.url).host);
  expect(asked).toHaveLength(1);
  expect(proxy.counts).toEqual({ asked: 3, sent: 1 });
});

it('keeps people, addresses and methods apart', async () => {
  await ask('/a');
  await ask('/a', { headers: { authorization: 'Basic YTpi' } });
  await ask('/b');
  await ask('/a', { method: 'HEAD' });
  await ask('/a');
  expect(asked).toEqual(['GET /a nobody', 'GET /a Basic YTpi', 'GET /b nobody', 'HEAD /a nobody']);
});

it('forgets everything when somebody writes, and failures at once', async () => {
  await ask('/a');
  await ask('/a', { method: 'POST', body: '{}' });
  expect(await ask('/a')).toBe('answer 3');
  status = 503;
  expect(await ask('/b')).toBe('answer 4');
  expect(await ask('/b')).toBe('answer 5');
});
