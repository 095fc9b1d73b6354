// A stream whose client waits for something ends at once when its client leaves or the gateway stops.

import { createSchema, createYoga } from 'graphql-yoga';
import { describe, expect, it, vi } from 'vitest';
import { createLimits } from '../../../src/limits.ts';
import { createFollowingBudget } from '../../../src/operations/asked-budget.ts';
import { createStreams } from '../../../src/responses/streams.ts';

const yoga = createYoga({ schema: createSchema({ typeDefs: 'type Query { a: Int }' }) });
const hello = new TextEncoder().encode('hello');

describe.each([
  ['of Yoga', yoga.fetchAPI.ReadableStream],
  ['of Node.js', ReadableStream],
])('a stream %s', (_name, Stream) => {
  async function open() {
    const streams = createStreams(createLimits(), createFollowingBudget());
    const place = streams.enter({ documentBytes: 400, requestBytes: 60 });
    if (place instanceof Error) throw place;
    const cancel = vi.fn();
    const body = new Stream<Uint8Array>({
      start: (controller) => controller.enqueue(hello),
      pull: () => new Promise<void>(() => undefined),
      cancel,
    });
    const client = new AbortController();
    const bytes = place.pass(body, client.signal)[Symbol.asyncIterator]();
    expect(new Uint8Array((await bytes.next()).value)).toEqual(hello);
    return { streams, client, cancel, waiting: bytes.next() };
  }

  it('ends with the gateway', async () => {
    const { streams, cancel, waiting } = await open();
    streams.end();
    expect((await waiting).done).toBe(true);
    await vi.waitFor(() => expect(cancel).toHaveBeenCalled());
  });

  it('ends with its client', async () => {
    const { client, cancel, waiting } = await open();
    client.abort();
    expect((await waiting).done).toBe(true);
    await vi.waitFor(() => expect(cancel).toHaveBeenCalled());
  });
});
