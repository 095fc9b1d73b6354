// Owns telling changes on: signed webhooks to the addresses that the operator named, gathered, retried, and never piling up.

import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { startDeadline } from '../wordpress/deadline.ts';
import { createTransport } from '../wordpress/transport.ts';
import { createBacklog } from './backlog.ts';
import type { Change, ChangeStream } from './change-stream.ts';
import { type Attempt, type Delivery, deliver, toDelivery } from './deliver-webhook.ts';
import { toSigningKey } from './webhook-signature.ts';

/** Who is told, and how patiently. */
export interface TellOptions {
  /** Addresses, as the operator wrote them: private ones too. */
  readonly urls: readonly string[];
  /** What webhooks are signed with. */
  readonly secret: string;
  readonly changes: ChangeStream;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How long changes are gathered before they are told, so that what is told twice is told once. */
  readonly gatherMs?: number;
  /** How often a delivery is tried. */
  readonly attempts?: number;
  /** Before the second attempt at most; twice as long before each further one. */
  readonly retryMs?: number;
  readonly timeoutMs?: number;
  /** How long a stop waits for what is not yet told. */
  readonly closeMs?: number;
  /** From 0 to 1. */
  readonly random?: () => number;
}

const longestRetryMs = 300_000;

/** Tells the changes that this process noticed to all targets, until it is disposed of. */
export function tellTargets(options: TellOptions): AsyncDisposable {
  const targets = options.urls.map((url) => createTarget(new URL(url), options));
  const stop = options.changes.subscribe(({ changes, isOwn }) => {
    // What another process noticed it tells itself.
    if (isOwn) for (const target of targets) target.add(changes);
  });
  return {
    async [Symbol.asyncDispose]() {
      stop();
      await Promise.all(targets.map((target) => target[Symbol.asyncDispose]()));
    },
  };
}

interface Target extends AsyncDisposable {
  add(changes: readonly Change[]): void;
}

/** One delivery at a time; what comes meanwhile is merged into the next, however long that takes. */
function createTarget(url: URL, options: TellOptions): Target {
  const { secret, logger, metrics, random = Math.random, gatherMs = 1000, attempts = 8 } = options;
  const { retryMs = 1000, timeoutMs = 15_000, closeMs = 2000 } = options;
  // Without its query, in which there may be a secret.
  const name = url.origin + url.pathname;
  const transport = createTransport(url.origin, { connectTimeoutMs: 5000, maxConnections: 1 });
  const stopping = new AbortController();
  const closing = new AbortController();
  const waiting = createBacklog();
  let running: Promise<void> | undefined;
  /** Whether something came since the last delivery began. */
  let hasNews = false;

  async function tryOnce(delivery: Delivery): Promise<Attempt> {
    const { signal, clear } = startDeadline(timeoutMs, closing.signal);
    const key = toSigningKey(secret);
    return deliver(delivery, { transport, target: url.pathname + url.search, key, signal }).finally(clear);
  }

  /** Resolves when the time is over or the process stops. */
  async function wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined);
  }

  async function tryAll(changes: readonly Change[]): Promise<Attempt> {
    const delivery = toDelivery(changes);
    for (let attempt = 1; ; attempt += 1) {
      const result = await tryOnce(delivery);
      if (result.is !== 'failed' || attempt >= attempts || stopping.signal.aborted) return result;
      metrics.told('retried');
      logger.debug({ target: name, attempt }, `a webhook was not delivered: ${result.why}`);
      const longest = Math.min(longestRetryMs, retryMs * 2 ** (attempt - 1));
      await wait(Math.max(result.retryAfterMs ?? 0, longest * (0.5 + random() / 2)));
    }
  }

  async function send(): Promise<void> {
    const changes = waiting.take();
    const result = await tryAll(changes);
    metrics.told(result.is);
    if (result.is === 'delivered') return;
    if (result.is === 'refused') {
      logger.error({ target: name }, `a webhook was refused: ${result.why}`);
      return;
    }
    // What could not be told is told with what comes next.
    const later = waiting.take();
    waiting.add(changes);
    waiting.add(later);
    if (!stopping.signal.aborted) logger.error({ target: name }, `a webhook could not be delivered: ${result.why}`);
  }

  async function run(): Promise<void> {
    await wait(gatherMs);
    hasNews = false;
    await send();
    running = undefined;
    if (hasNews) start();
  }

  function start(): void {
    if (!stopping.signal.aborted) running ??= run();
  }

  return {
    add(changes) {
      waiting.add(changes);
      hasNews = true;
      start();
    },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      const deadline = setTimeout(() => closing.abort(), closeMs);
      await running;
      // Once more, with all there is: the next process does not know of it.
      if (waiting.size > 0) await send();
      if (waiting.size > 0) logger.error({ target: name }, 'changes that a target was not told of are lost');
      clearTimeout(deadline);
      await transport[Symbol.asyncDispose]();
    },
  };
}
