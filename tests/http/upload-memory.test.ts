// A file passes through the gateway, and no more than a part of it is ever in memory, whichever way it comes.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createContextFactory } from '../../src/context.ts';
import { createGateway } from '../../src/gateway.ts';
import { buildSchema } from '../../src/schema/build.ts';
import { type Server, startServer } from '../../src/server.ts';
import { createClient } from '../../src/wordpress/client.ts';
import type { Site } from '../../src/wordpress/rest.ts';
import { bookSite } from '../support/book-resources.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const MiB = 1024 * 1024;
const bytes = 100 * MiB;
/** Left to itself V8 lets 32 MB of what has passed lie about. */
const mostInMemory = 20 * MiB;
const { logger } = createRecordingLogger();

let peer: Worker;
let peerUrl: string;
let server: Server;
let client: ReturnType<typeof createClient>;
const heard: Record<string, unknown> = {};

beforeAll(async () => {
  peer = new Worker(new URL('../support/upload-peer.mjs', import.meta.url), { workerData: { bytes } });
  peer.on('message', (message: object) => void Object.assign(heard, message));
  await once(peer, 'message');
  const host = `127.0.0.1:${heard['port']}`;
  peerUrl = `http://${host}`;
  const site: Site = { ...bookSite, root: { origin: peerUrl, path: '/wp-json/', style: 'path' } };
  client = createClient(site.root, { logger, timeoutMs: 120_000 });
  const createContext = createContextFactory({
    ...{ client, site, logger, scanLimit: 100, files: { allowedHosts: [host], maxBytes: bytes, timeoutMs: 120_000 } },
    cache: { maxBytes: MiB, freshSeconds: 60, negativeSeconds: 10 },
  });
  const forms = { maxBodyBytes: 10_000, maxFileBytes: bytes };
  const gateway = createGateway({ schema: buildSchema(site), createContext, logger, forms });
  server = await startServer({ gateway, logger, port: 0, host: '127.0.0.1', maxBodyBytes: 10_000 });
});
afterAll(async () => {
  await server.close();
  await client[Symbol.asyncDispose]();
  await peer.terminate();
});

/** What buffers grow by at most while something passes, looked at whenever a piece of it is sent on. */
async function growth(pass: () => Promise<string>): Promise<{ readonly answer: string; readonly grown: number }> {
  const before = process.memoryUsage().arrayBuffers;
  let [most, looks] = [0, 0];
  const look = () => {
    looks += 1;
    most = Math.max(most, process.memoryUsage().arrayBuffers);
  };
  const channels = ['undici:request:bodyChunkSent', 'undici:request:bodyChunkReceived'];
  for (const channel of channels) subscribe(channel, look);
  try {
    const answer = await pass();
    expect(looks).toBeGreaterThan(100);
    return { answer, grown: most - before };
  } finally {
    for (const channel of channels) unsubscribe(channel, look);
  }
}

const taken = '{"data":{"createMediaItem":{"clientMutationId":"1"}}}';

it('comes from an address', { timeout: 240_000 }, async () => {
  const query = `mutation { createMediaItem(input: { filePath: "${peerUrl}/file.png", clientMutationId: "1" }) { clientMutationId } }`;
  const { answer, grown } = await growth(async () => {
    const headers = { 'content-type': 'application/json', authorization: 'Basic eDp5' };
    const body = JSON.stringify({ query });
    return (await fetch(`${server.url}/graphql`, { method: 'POST', headers, body })).text();
  });
  expect(answer).toBe(taken);
  expect(heard['received']).toBeGreaterThan(bytes);
  expect(grown).toBeLessThan(mostInMemory);
});

it('comes with the request', { timeout: 240_000 }, async () => {
  delete heard['received'];
  const query =
    'mutation ($file: Upload) { createMediaItem(input: { file: $file, clientMutationId: "1" }) { clientMutationId } }';
  const { answer, grown } = await growth(async () => {
    peer.postMessage({ url: server.url, query });
    while (heard['answer'] === undefined) await once(peer, 'message');
    return String(heard['answer']);
  });
  expect(answer).toBe(taken);
  expect(heard['received']).toBeGreaterThan(bytes);
  expect(grown).toBeLessThan(mostInMemory);
});
