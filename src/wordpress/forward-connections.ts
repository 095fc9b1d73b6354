// Owns the connections over which requests are forwarded to one origin: which of them are used again, and how many there are.

import { once } from 'node:events';
import { Readable } from 'node:stream';
import { Client, type Dispatcher, errors } from 'undici';
import { createConnector } from './connector.ts';
import { untilAborted } from './deadline.ts';
import { isHangUp } from './failures.ts';
import { createLimiter } from './limiter.ts';

/** What is sent. */
export interface ForwardExchange extends Dispatcher.RequestOptions {
  readonly headers: Record<string, string | string[]>;
  readonly signal: AbortSignal;
}

/** Bounds of {@link ForwardConnections}. */
export interface ForwardConnectionsOptions {
  /** How many there are at the same time, and so requests; as many more wait, eight times over. */
  readonly maxConnections: number;
  /** Longest wait for a connection, for headers, and for each piece of a body. */
  readonly timeoutMs: number;
}

/** The connections to one origin. Rejects with undici's own errors, and with an `OverloadedError`. */
export interface ForwardConnections extends AsyncDisposable {
  request(exchange: ForwardExchange): Promise<Dispatcher.ResponseData>;
}

/** How long an answer is waited for that nobody wants any more: PHP gives up after as long, by default. */
const leftMs = 30_000;

/** Opens none before the first request. */
export function createForwardConnections(
  origin: string,
  { maxConnections, timeoutMs }: ForwardConnectionsOptions,
): ForwardConnections {
  const limiter = createLimiter({
    ...{ maxConcurrent: maxConnections, firstSlots: maxConnections },
    ...{ maxQueued: 8 * maxConnections, queueTimeoutMs: timeoutMs },
  });
  const connect = createConnector({ timeout: 5000 });
  const open = new Set<Client>();
  // Only answers to requests for files that are everybody's have come over these.
  const idle: Client[] = [];
  let isOver = false;

  function openOne(): Client {
    if (isOver) throw new errors.ClientDestroyedError();
    if (open.size >= maxConnections) close(idle.shift());
    const client = new Client(origin, {
      pipelining: 1,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxHeaderSize: 64 * 1024,
      connect,
    });
    open.add(client);
    return client;
  }

  function close(client: Client | undefined): void {
    if (!client) return;
    open.delete(client);
    void client.destroy();
  }

  /** Resolves with whether the connection may be used again, once it could be. */
  async function exchangeOver(
    client: Client,
    exchange: ForwardExchange,
    isAlone: boolean,
    onAnswer: (answer: Dispatcher.ResponseData) => void,
  ): Promise<boolean> {
    const { signal, body } = exchange;
    const cut = new AbortController();
    let isAnswered = false;
    let timer: NodeJS.Timeout | undefined;
    const end = () => cut.abort(signal.reason);
    const leave = () => {
      // WordPress goes on with what it has got whole, so that counts as under way until there is an answer.
      if (isAnswered || !isSentWhole(body)) end();
      else timer = setTimeout(end, leftMs);
    };
    signal.addEventListener('abort', leave);
    try {
      const answer = await client.request({ ...exchange, signal: cut.signal, reset: isAlone });
      isAnswered = true;
      const closed = once(answer.body, 'close');
      onAnswer(answer);
      if (signal.aborted) end();
      await closed.catch(() => {});
      return !isAlone && !isOver && answer.body.readableEnded && isOfEverybody(answer);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
    }
  }

  return {
    request: (exchange) => {
      const answered = new Promise<Dispatcher.ResponseData>((resolve, reject) => {
        const isAlone = !isForPublicFile(exchange);
        const runOver = async (client: Client) => {
          let isGood = false;
          try {
            isGood = await exchangeOver(client, exchange, isAlone, resolve);
          } finally {
            if (isGood) idle.push(client);
            else close(client);
          }
        };
        const run = async () => {
          exchange.signal.throwIfAborted();
          // The one that has rested longest: what came too much has closed it by now.
          const used = isAlone ? undefined : idle.shift();
          if (!used) return runOver(openOne());
          return runOver(used).catch((error: unknown) => {
            // The server may be closing it as it is used.
            if (!isHangUp(error)) throw error;
            exchange.signal.throwIfAborted();
            return runOver(openOne());
          });
        };
        limiter.run(run, exchange.signal).catch(reject);
      });
      return untilAborted(exchange.signal, answered);
    },
    async [Symbol.asyncDispose]() {
      isOver = true;
      await Promise.all([...open].map((client) => client.destroy()));
    },
  };
}

/** Whether nothing of what a client sends is still to come: WordPress begins with what it has got to its end. */
function isSentWhole(body: Dispatcher.RequestOptions['body']): boolean {
  return !(body instanceof Readable) || body.readableEnded;
}

/** Files that themes, plugins and uploads are made of: most of what pages ask for, and small. */
const publicFile =
  /^\/[^?;]*\.(?:avif|bmp|css|eot|gif|ico|jpe?g|js|m4a|map|mjs|mp3|mp4|og[gv]|otf|png|svg|ttf|wav|webm|webp|woff2?)(?:\?(?:ver|v)=[\w.-]*)?$/i;

/** Headers that may tell who somebody is, those of plugins and of proxies in front among them. */
const personal = /auth|cookie|credential|jwt|key|nonce|secret|session|token/;

/**
 * Whether the answer to a request is the same for everybody, and a file. All else is asked for on a connection of its own:
 * a response too many would be taken for the answer to the next request, which may be somebody else's, and which nothing can
 * be compared with here.
 */
function isForPublicFile({ method, path, headers }: ForwardExchange): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false;
  return publicFile.test(path) && !/\.php\//i.test(path) && !Object.keys(headers).some((name) => personal.test(name));
}

/** Whether what has come was made for nobody in particular: a program may answer where a file was asked for. */
function isOfEverybody({ statusCode, headers }: Dispatcher.ResponseData): boolean {
  if (![200, 206, 304].includes(statusCode) || headers['set-cookie'] !== undefined) return false;
  return !/\b(?:private|no-store)\b/i.test(String(headers['cache-control'] ?? ''));
}
