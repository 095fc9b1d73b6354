// What a turn begins with is not waited for to its end where that hangs; everything else is, however slow it is.

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createReadRows } from '../../../src/changes/read-rows.ts';
import type { RestRequest, RestResponse } from '../../../src/wordpress/rest.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function open(mostLeft = 2) {
  const site = { linedMs: 0, tookMs: 100, times: 1, isFirst: true };
  const read = createReadRows({
    client: {
      async request({ onSent }: RestRequest): Promise<RestResponse> {
        const { linedMs, tookMs, times } = site;
        for (let time = 0; time < times; time += 1) {
          if (linedMs > 0) await new Promise((resolve) => setTimeout(resolve, linedMs));
          onSent?.();
          await new Promise((resolve) => setTimeout(resolve, tookMs));
        }
        return { status: 200, body: [{ id: 1 }], bytes: 2, total: 1, dateMs: 0, cacheable: true };
      },
      readPage: () => Promise.reject(new Error('no page')),
      sendForm: () => Promise.reject(new Error('no form')),
      [Symbol.asyncDispose]: async () => undefined,
    },
    ...{ signal: new AbortController().signal, onRead: () => undefined, isFirst: () => site.isFirst, mostLeft },
  });
  return {
    site,
    /** What becomes of a request, and after how long. */
    async ask(): Promise<string> {
      const startedAt = performance.now();
      const told = read('wp/v2/posts', {}).then(
        ({ rows }) => `${rows.length} row after ${performance.now() - startedAt} ms`,
        ({ code }) => `${code} after ${performance.now() - startedAt} ms`,
      );
      let isTold = false;
      void told.then(() => {
        isTold = true;
      });
      while (!isTold) await vi.advanceTimersByTimeAsync(100);
      return told;
    },
  };
}

it('is left two seconds after it was sent, or after three times as long as it took', async () => {
  const { site, ask } = open();
  expect(await ask()).toBe('1 row after 100 ms');
  site.tookMs = 1900;
  expect(await ask()).toBe('1 row after 1900 ms');
  site.tookMs = 9000;
  expect(await ask()).toBe('UPSTREAM_TIMEOUT after 5700 ms');
});

it('is not left in the line', async () => {
  const { site, ask } = open();
  await ask();
  Object.assign(site, { linedMs: 4000, tookMs: 1500 });
  expect(await ask()).toBe('1 row after 5500 ms');
});

it('is waited for to its end where it was never answered, or the turn goes on', async () => {
  const { site, ask } = open();
  site.tookMs = 9000;
  expect(await ask()).toBe('1 row after 9000 ms');
  const other = open();
  await other.ask();
  Object.assign(other.site, { tookMs: 9000, isFirst: false });
  expect(await other.ask()).toBe('1 row after 9000 ms');
});

it('is not asked while as many as may be were left and are under way', async () => {
  const { site, ask } = open(1);
  await ask();
  site.tookMs = 10_000;
  expect(await ask()).toBe('UPSTREAM_TIMEOUT after 2000 ms');
  site.tookMs = 100;
  expect(await ask()).toBe('1 row after 8100 ms');
});

it('is waited for longer once an answer came too late', async () => {
  const { site, ask } = open();
  await ask();
  site.tookMs = 6000;
  expect(await ask()).toBe('UPSTREAM_TIMEOUT after 2000 ms');
  await vi.advanceTimersByTimeAsync(6000);
  expect(await ask()).toBe('1 row after 6000 ms');
});

it('has its time anew where it is sent twice, and is not left once it was answered', async () => {
  const { site, ask } = open(1);
  await ask();
  Object.assign(site, { tookMs: 1500, times: 2 });
  expect(await ask()).toBe('1 row after 3000 ms');
  await vi.advanceTimersByTimeAsync(10_000);
  Object.assign(site, { tookMs: 10_000, times: 1 });
  expect(await ask()).toBe('UPSTREAM_TIMEOUT after 4500 ms');
  site.tookMs = 100;
  expect(await ask()).toBe('1 row after 5600 ms');
});
