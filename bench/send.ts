// Owns single requests of the bench: sent as the load sends them, timed, and checked to be answers without errors.

import { connect } from 'node:net';
import { request as sendRequest } from 'undici';
import { z } from 'zod';
import type { LoadRequest } from './queries.ts';
import type { Reply, Server } from './servers.ts';

/** An answer, and how long it took. */
export interface TimedReply extends Reply {
  readonly ms: number;
}

const answerSchema = z.object({ data: z.record(z.string(), z.unknown()), errors: z.undefined().optional() });

/** Made by every server itself, for each of its connections. */
const hopHeaders = new Set(['connection', 'date', 'keep-alive', 'transfer-encoding']);

/** Sends a request; the body comes as it is on the wire. */
export async function send({ url }: Pick<Server, 'url'>, request: LoadRequest): Promise<TimedReply> {
  const { method, path, headers, body = null } = request;
  const startedAt = performance.now();
  const response = await sendRequest(new URL(path, url), { method, headers, body });
  const bytes = Buffer.from(await response.body.arrayBuffer());
  const ms = performance.now() - startedAt;
  const pairs = Object.entries(response.headers).flatMap(([name, value]) =>
    value === undefined || hopHeaders.has(name) ? [] : [[name, [value].flat().join(', ')] as const],
  );
  return { status: response.statusCode, headers: Object.fromEntries(pairs), body: bytes, ms };
}

/** Sends a request that has to be answered with data and no error. */
export async function sendGood(server: Pick<Server, 'url'>, request: LoadRequest): Promise<TimedReply> {
  const reply = await send(server, request);
  if (reply.status === 200 && isGood(reply.body)) return reply;
  throw new Error(`${server.url}${request.path}: ${reply.status} ${reply.body.toString().slice(0, 500)}`);
}

/** Writes something on a connection of its own, and reads until that ends; gives the status of the first answer, or 0. */
export async function write({ url }: Pick<Server, 'url'>, text: string): Promise<number> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let first = '';
  // Whoever is cut off may not have sent all.
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    if (first.length < 20) first += chunk.toString('latin1', 0, 20);
  });
  socket.write(text);
  await new Promise((resolve) => socket.once('close', resolve));
  return Number(/^HTTP\/1\.1 (\d+)/.exec(first)?.[1] ?? 0);
}

/** Whether a body is a GraphQL answer without errors. */
export function isGood(body: Buffer): boolean {
  try {
    return answerSchema.safeParse(JSON.parse(body.toString())).success;
  } catch {
    return false;
  }
}
