// Owns a proxy that breaks a part of what goes through it, and counts: the same for whatever stands in front of it.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, request as sendRequest } from 'node:http';

/** A proxy in front of an upstream. */
export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** How many of its answers are broken, from 0 to 1. */
  share: number;
  /** How long each answer takes, in ms. */
  delayMs: number;
  /** Requests so far. */
  readonly requests: number;
}

type Break = (response: ServerResponse) => void;

const page = (status: number, html: string): Break => {
  return (response) => void response.writeHead(status, { 'content-type': 'text/html' }).end(html);
};

/** Ways in which an answer is broken. */
const breaks: readonly Break[] = [
  page(500, '<p>There has been a critical error on this website.</p>'),
  page(502, '<h1>Bad Gateway</h1>'),
  page(503, '<h1>Service Unavailable</h1>'),
  page(429, '<h1>Too Many Requests</h1>'),
  page(200, '<!doctype html><title>Maintenance</title>'),
  (response) => void response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":{"po'),
  (response) => void response.socket?.destroy(),
];

/** Starts one. What it breaks, and how, is the same in each run. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const state = { share: 0, delayMs: 0, requests: 0 };
  let seed = 20_261_126;
  const random = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };

  function pass(incoming: IncomingMessage, response: ServerResponse): void {
    const { method, headers } = incoming;
    const sent = sendRequest(new URL(incoming.url ?? '/', target), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    sent.on('error', () => response.destroy());
    incoming.pipe(sent);
  }

  const server = createServer((incoming, response) => {
    state.requests += 1;
    const [isBroken, which] = [random() < state.share, Math.floor(random() * breaks.length)];
    setTimeout(() => {
      if (!isBroken) return pass(incoming, response);
      incoming.resume();
      breaks[which]?.(response);
    }, state.delayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  });
}
