// Owns the HTTP listener: bounds while reading, health and readiness, and a stop that loses no answer.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError, errorCodes } from './errors.ts';
import type { Gateway } from './gateway.ts';
import type { Logger } from './log.ts';
import { toGatewayPath } from './operations/gateway-path.ts';
import { prefersHtml } from './plugins/use-graphiql.ts';
import { type Answer, toOwnAnswer } from './responses/answer.ts';
import { toErrorAnswer } from './responses/error-answer.ts';
import { textOf } from './responses/public-request.ts';

/** What a listener needs. */
export interface ListenerOptions {
  readonly gateway: Gateway;
  readonly logger: Logger;
  /** Bound of the body of a request; larger ones are answered with 413. */
  readonly maxBodyBytes: number;
  /** Whether the process is about to stop: `/ready` says so, and connections are closed after their answer. */
  readonly isDraining?: () => boolean;
}

/** What a server needs. */
export interface ServerOptions extends Omit<ListenerOptions, 'isDraining'> {
  readonly port: number;
  /** Address to listen on; undefined for all. */
  readonly host?: string | undefined;
  /** How long a stop waits for answers that are under way. */
  readonly drainMs?: number;
  /** How long a stop goes on taking requests, so that clients with an idle connection learn that it ends. */
  readonly lingerMs?: number;
}

/** A server that listens. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  /** Where people on this machine reach it, without trailing slash. */
  readonly url: string;
  /** Stops: says so at `/ready`, finishes what is under way, then closes; at the latest after `drainMs`. */
  readonly close: () => Promise<void>;
}

/** Listens; rejects with a {@link ConfigError} where it cannot. */
export async function startServer(options: ServerOptions): Promise<Server> {
  let draining = false;
  const listener = createListener({ ...options, isDraining: () => draining });
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 }, listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(toListenError(error, options)));
    server.listen({ port: options.port, host: options.host }, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const drain = async () => {
    draining = true;
    const connections = await new Promise<number>((resolve) =>
      server.getConnections((_error, count) => resolve(count)),
    );
    if (connections > 0) await delay(options.lingerMs ?? 250);
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const deadline = setTimeout(() => server.closeAllConnections(), options.drainMs ?? 10_000);
    await closed;
    clearTimeout(deadline);
  };
  let stopping: Promise<void> | undefined;
  const close = () => (stopping ??= drain());
  return { port, url: toUrl(options.host, port), close, [Symbol.asyncDispose]: close };
}

/** A listener for node:http, for those who have a server of their own. */
export function createListener(options: ListenerOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const { gateway, logger, maxBodyBytes, isDraining = () => false } = options;

  const answer = (request: IncomingMessage, body: Buffer<ArrayBuffer> | null, signal: AbortSignal) =>
    gateway.handle({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: request.headers,
      body,
      signal,
    });

  function route(request: IncomingMessage, signal: AbortSignal): Answer | Promise<Answer> {
    const url = request.url ?? '/';
    const [path] = url.split('?', 1);
    if (path === '/health') return toJsonAnswer(200, { status: 'ok' });
    if (path === '/ready') {
      return isDraining() ? toJsonAnswer(503, { status: 'draining' }) : toJsonAnswer(200, { status: 'ready' });
    }
    const gatewayPath = toGatewayPath(url);
    if (gatewayPath === null && path === '/') return home(request, gateway.graphiql);
    const unusable = gatewayPath === null ? undefined : whyUnreadable(request);
    if (unusable !== undefined) return toErrorAnswer(415, 'BAD_USER_INPUT', unusable);
    if (request.method === 'GET' || request.method === 'HEAD') return answer(request, null, signal);
    return readBody(request, maxBodyBytes).then((body) =>
      body === 'too large'
        ? toErrorAnswer(413, 'LIMIT_EXCEEDED', `The body of the request is larger than ${maxBodyBytes} bytes.`)
        : answer(request, body, signal),
    );
  }

  return (request, response) => {
    const controller = new AbortController();
    response.once('close', () => {
      if (!response.writableFinished) controller.abort();
    });
    const fail = (error: unknown) => {
      if (controller.signal.aborted || request.destroyed) return;
      logger.error({ err: error }, 'a request failed');
      send(request, response, toErrorAnswer(500, 'INTERNAL_SERVER_ERROR', errorCodes.INTERNAL_SERVER_ERROR), true);
    };
    try {
      const answered = route(request, controller.signal);
      if (answered instanceof Promise) {
        answered.then((late) => send(request, response, late, isDraining())).catch(fail);
      } else send(request, response, answered, isDraining());
    } catch (error) {
      fail(error);
    }
  };
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer, isLast: boolean): void {
  if (response.destroyed || response.headersSent) return;
  const { status, headers, body } = answer;
  response.writeHead(status, isLast ? [...headers, 'connection', 'close'] : [...headers]);
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** The body, or word that it is too large; what follows then is discarded until the time for a request is over. */
function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer<ArrayBuffer> | 'too large'> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.resolve('too large');
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const collect = (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size <= maxBytes) return;
      request.off('data', collect);
      request.resume();
      resolve('too large');
    };
    request.on('data', collect);
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('The client left while it sent its request.')));
  });
}

/** Encodings are refused rather than guessed: a body means to a cache what it means to GraphQL. */
function whyUnreadable(request: IncomingMessage): string | undefined {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity') return 'The body of a request must not be compressed.';
  const charset = /charset\s*=\s*"?([\w-]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  return /^(utf-?8|us-ascii)$/i.test(charset) ? undefined : 'The body of a request must be UTF-8.';
}

function toJsonAnswer(status: number, body: object): Answer {
  return toOwnAnswer(status, [['content-type', 'application/json']], Buffer.from(JSON.stringify(body)));
}

function home(request: IncomingMessage, graphiql: boolean): Answer {
  if (graphiql && prefersHtml(textOf(request.headers.accept) ?? '')) {
    return toOwnAnswer(302, [['location', './graphql']], Buffer.alloc(0));
  }
  const text = 'Headgate: GraphQL for WordPress, at /graphql.\n';
  return toOwnAnswer(200, [['content-type', 'text/plain; charset=utf-8']], Buffer.from(text));
}

function toUrl(host: string | undefined, port: number): string {
  if (host === undefined || host === '::' || host === '0.0.0.0') return `http://localhost:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function toListenError(error: NodeJS.ErrnoException, { port, host }: ServerOptions): Error {
  const where = host === undefined ? `port ${port}` : `${host}, port ${port}`;
  if (error.code === 'EADDRINUSE') {
    return new ConfigError(`Something else listens on ${where} already. Stop it, or set PORT to another port.`);
  }
  if (error.code === 'EACCES')
    return new ConfigError(`Listening on ${where} is not permitted; set PORT to 1024 or more.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new ConfigError(`HOST is ${JSON.stringify(host)}, which is no address of this machine.`);
  }
  return error;
}
