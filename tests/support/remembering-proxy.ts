// Owns a proxy that remembers what a WordPress answers that nobody writes to: PHP in WebAssembly works once for each question.

import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request as send } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** A proxy that listens, and is told later what it stands before: its address is part of what WordPress answers. */
export interface RememberingProxy extends AsyncDisposable {
  readonly url: string;
  /** Where questions are sent on to. */
  standBefore(upstream: string): void;
  /** How many questions came, and how many of them were sent on. */
  readonly counts: { readonly asked: number; readonly sent: number };
}

interface Answer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
}

/** What an answer depends on, beside its address; whatever else a client sends changes nothing. */
const telling = ['host', 'authorization', 'cookie', 'accept', 'origin', 'range', 'x-wp-nonce', 'if-none-match'];

/** Starts a proxy. An answer is remembered if it was asked for in a way that changes nothing, and did not fail. */
export async function startRememberingProxy(): Promise<RememberingProxy> {
  const answers = new Map<string, Promise<Answer>>();
  const counts = { asked: 0, sent: 0 };
  let upstream = '';

  async function ask(request: IncomingMessage, body: Buffer): Promise<Answer> {
    counts.sent += 1;
    const { method } = request;
    const { connection: own, ...headers } = request.headers;
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      // A connection for each: a kept one may end just when it is used again, and PHP takes longer than a new one.
      const sent = send(new URL(request.url ?? '/', upstream), { agent: false, method, headers, setHost: false });
      sent.on('response', resolve).on('error', reject).end(body);
    });
    const { connection, 'keep-alive': time, 'transfer-encoding': form, ...kept } = response.headers;
    return { status: response.statusCode ?? 502, headers: kept, body: await buffer(response) };
  }

  async function answer(request: IncomingMessage): Promise<Answer> {
    counts.asked += 1;
    const body = await buffer(request);
    if (!/^(?:GET|HEAD|OPTIONS)$/.test(request.method ?? '') || body.length > 0) {
      answers.clear();
      return ask(request, body);
    }
    const key = [request.method, request.url, ...telling.map((name) => request.headers[name])].join('\n');
    const known = answers.get(key);
    if (known) return known;
    const asked = ask(request, body);
    answers.set(key, asked);
    const forget = () => answers.delete(key);
    asked.then(({ status }) => status >= 500 && forget(), forget);
    return asked;
  }

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, headers, body }) => response.writeHead(status, headers).end(body),
      (error: unknown) => response.writeHead(502, { 'content-type': 'text/plain' }).end(String(error)),
    );
  });
  // With Node's 5 s an idle connection ends just when somebody uses it again, on a machine that is busy.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    standBefore(url) {
      upstream = url;
    },
    counts,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
