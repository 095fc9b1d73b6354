// Owns the processes that take part: the upstream, the gateway, the bare server, default Yoga, and the load.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type Child, startChild } from './child.ts';
import type { Load } from './programs/load.ts';
import type { OpenLoad } from './programs/open-load.ts';

/** A server under test. */
export interface Server extends AsyncDisposable {
  readonly url: string;
  /** What it used since its start. */
  usage(): Promise<{ readonly cpuSeconds: number; readonly rssBytes: number }>;
  /** The longest time, in ms, for which its event loop did nothing else while `work` ran. */
  holdMs(work: () => Promise<void>): Promise<number>;
  /** How late, in ms, its event loop was while `work` ran: at the 99th percentile. */
  loopP99Ms(work: () => Promise<void>): Promise<number>;
  /** The CPU time, in ms, of the longest turn of its event loop while `work` ran: others waited no longer. */
  turnMs(work: () => Promise<void>): Promise<number>;
}

/** What the upstream was asked. */
export type Counts = z.output<typeof countsSchema>;

/** The replaying upstream. */
export interface Upstream extends AsyncDisposable {
  readonly url: string;
  delay(ms: number): Promise<void>;
  /** The counts since the last time; rejects if something was asked that it does not know. */
  takeCounts(): Promise<Counts>;
}

/** The server that answers what it is told to. */
export interface Bare extends Server {
  reply(replies: readonly Reply[]): Promise<void>;
}

/** An answer to repeat. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What sends requests at a rate, whether they are answered or not. */
export interface OpenLoader extends AsyncDisposable {
  run(load: OpenLoad): Promise<OpenLoadResult>;
}

/** What came of it. */
export type OpenLoadResult = z.output<typeof openLoadResultSchema>;

/** What sends many requests. */
export interface Loader extends AsyncDisposable {
  run(load: Load): Promise<LoadResult>;
}

/** What came back. */
export type LoadResult = z.output<typeof loadResultSchema>;

const urlSchema = z.object({ url: z.string() });
const usageSchema = z.object({ cpuSeconds: z.number(), rssBytes: z.number() });
const countsSchema = z.object({ requests: z.number(), bytes: z.number(), unknown: z.array(z.string()) });
const loadResultSchema = z.object({
  /** How many answers had which status. */
  statuses: z.record(z.string(), z.number()),
  /** Requests without an answer. */
  errors: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  seconds: z.number(),
});
const openLoadResultSchema = z.object({
  phases: z.array(
    z.object({
      /** How many answers had which status; 0 where there was none. */
      statuses: z.record(z.string(), z.number()),
      /** Answers without errors, and those a second that were there before the phase was over. */
      good: z.number(),
      goodPerSecond: z.number(),
      goodP50Ms: z.number(),
      goodP99Ms: z.number(),
      refusalP50Ms: z.number(),
      refusalP99Ms: z.number(),
      /** Of each quarter of a second: whether all that came in it was answered well, and how long the slowest took. */
      windows: z.array(z.object({ allGood: z.boolean(), slowestMs: z.number() })),
    }),
  ),
  /** How late requests were sent, for lack of time of the sender. */
  sentLateP99Ms: z.number(),
  /** Connections that ended before their answer. */
  cutOff: z.number(),
});

/** Starts the upstream. */
export async function startUpstream(): Promise<Upstream> {
  const child = startChild({ program: './programs/upstream.js' });
  const { url } = await child.told(urlSchema);
  return {
    url,
    delay: async (ms) => void (await child.ask('delay', ms)),
    async takeCounts() {
      const counts = countsSchema.parse(await child.ask('takeCounts'));
      if (counts.unknown.length > 0) throw new Error(`the upstream does not know ${counts.unknown.join(', ')}`);
      return counts;
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/** Settings that the servers under test share: nothing becomes old, nothing is looked up in the background. */
const settings = {
  LOG_LEVEL: 'warn',
  FRESH_SECONDS: '86400',
  WATCH_INTERVAL_SECONDS: '0',
  DISCOVERY_SECONDS: '0',
  DISCOVERY_FILE: 'off',
};

/** Starts the gateway as it is released; resolves when it is ready. One that is not watched tells nothing of itself. */
export async function startGateway(
  upstream: Pick<Upstream, 'url'>,
  env: Readonly<Record<string, string>> = {},
  { isWatched = true }: { readonly isWatched?: boolean } = {},
): Promise<Server> {
  const port = await findPort();
  const child = startChild({
    program: '../dist/cli/main.js',
    args: ['start'],
    ...(isWatched ? { preload: './programs/gauge.js' } : {}),
    env: { ...settings, WORDPRESS_URL: upstream.url, HOST: '127.0.0.1', PORT: String(port), ...env },
  });
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(`${url}/ready`);
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
  return toServer(child, url);
}

/** Starts default Yoga over the gateway's parts. */
export async function startDefaultYoga(upstream: Pick<Upstream, 'url'>): Promise<Server> {
  const env = { ...settings, WORDPRESS_URL: upstream.url };
  const child = startChild({ program: './programs/default-yoga.js', preload: './programs/gauge.js', env });
  return toServer(child, (await child.told(urlSchema)).url);
}

/** Starts the bare server. */
export async function startBare(): Promise<Bare> {
  const child = startChild({ program: './programs/bare.js', preload: './programs/gauge.js' });
  const server = toServer(child, (await child.told(urlSchema)).url);
  return {
    ...server,
    async reply(replies) {
      await child.ask(
        'replies',
        replies.map((reply) => ({ ...reply, body: reply.body.toString('base64') })),
      );
    },
  };
}

/** Starts what sends at a rate. */
export function startOpenLoader(): OpenLoader {
  const child = startChild({ program: './programs/open-load.js' });
  return {
    run: async (load) => openLoadResultSchema.parse(await child.ask('run', load)),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/** Starts what sends the load. */
export function startLoader(): Loader {
  const child = startChild({ program: './programs/load.js' });
  return {
    run: async (load) => loadResultSchema.parse(await child.ask('run', load)),
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

function toServer(child: Child, url: string): Server {
  return {
    url,
    usage: async () => usageSchema.parse(await child.ask('usage')),
    async holdMs(work) {
      await child.ask('watchLoop');
      await work();
      return z.number().parse(await child.ask('longestHoldMs'));
    },
    async loopP99Ms(work) {
      await child.ask('watchLoop');
      await work();
      return z.number().parse(await child.ask('loopP99Ms'));
    },
    async turnMs(work) {
      await child.ask('watchTurns');
      await work();
      return z.number().parse(await child.ask('longestTurnMs'));
    },
    [Symbol.asyncDispose]: () => child[Symbol.asyncDispose](),
  };
}

/** A port of this machine on which nothing listens at this moment. */
export async function findPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const response = await fetch(url).catch(() => null);
    await response?.arrayBuffer();
    if (response?.ok) return;
    // Who asks all the time takes the processor away from what starts.
    await sleep(10);
  }
  throw new Error(`${url}: not ready after 30 s`);
}
