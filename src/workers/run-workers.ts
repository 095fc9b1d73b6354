// Owns the processes of a gateway on many cores: it starts them, replaces those that die, and passes on what they say.

import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import type { Logger } from '../log.ts';
import { closeUntaken } from './handed-connections.ts';
import { createLink } from './link.ts';
import { isWorkerMessage, type WorkerMessage } from './messages.ts';
import { createPulse, type Pulse } from './pulse.ts';

/** Whether this process is the one of several that speaks to people, or the only one. */
export function isFirst(): boolean {
  return cluster.isPrimary || cluster.worker?.id === 1;
}

/** Whether this process is to run workers rather than to be one. */
export function isPrimary(): boolean {
  return cluster.isPrimary;
}

/** How long a worker that died is mourned at first; longer each time, as long as they die young. */
const restartMs = 1000;
const longestRestartMs = 30_000;

/** A worker as its primary knows it. */
interface Hand {
  readonly send: (message: WorkerMessage) => void;
  readonly pulse: Pulse;
}

/** What workers run with. */
export interface WorkersOptions {
  readonly count: number;
  readonly logger: Logger;
  readonly stop: AbortSignal;
  /** How long a stop may take: who has not ended by then is killed. */
  readonly stopMs: number;
  /** How often workers are asked whether they hang. */
  readonly tickMs?: number;
}

/**
 * Runs this very program in `count` processes that share the port. Resolves with the exit code when they have ended:
 * because `stop` was aborted, at once where none listens yet, or because the first one could not start.
 */
export async function runWorkers({ count, logger, stop, stopMs, tickMs = 5000 }: WorkersOptions): Promise<number> {
  let failures = 0;
  const timers = new Set<NodeJS.Timeout>();
  const hands = new Map<Worker, Hand>();

  /** Workers that may watch WordPress, in the order in which they came; the first one does. */
  const watchers = new Set<Worker>();
  const leave = (worker: Worker) => {
    const [watching] = watchers;
    hands.delete(worker);
    watchers.delete(worker);
    const [next] = watchers;
    if (watching === worker && next) hands.get(next)?.send(watch);
  };
  const watch = { headgate: 'watch', content: null } satisfies WorkerMessage;

  function passOn(message: WorkerMessage, from: Worker): void {
    const { headgate, to } = message;
    const meant = [...hands].filter(
      ([worker]) => worker !== from && worker.isConnected() && (to ?? worker.id) === worker.id,
    );
    for (const [, { send }] of meant) send(message);
    if (headgate === 'ask-metrics') hands.get(from)?.send({ headgate: 'asked', content: meant.length });
  }

  function fork(): Worker {
    const worker = cluster.fork();
    closeUntaken(worker.process);
    // One that ends meanwhile does not hear it; without a callback, that would be an error which ends the primary.
    const send = createLink((message, onLeft) => {
      if (worker.isConnected()) worker.send(message, onLeft);
      else onLeft();
    });
    const pulse = createPulse(() => send({ headgate: 'ping', content: null }));
    hands.set(worker, { send, pulse });
    worker.on('message', (message: unknown) => {
      if (!isWorkerMessage(message)) return;
      pulse.heard();
      if (message.headgate === 'pong') return;
      if (message.headgate === 'leave') return send({ headgate: 'left', content: null });
      if (message.headgate !== 'may-watch') return passOn(message, worker);
      watchers.add(worker);
      if (watchers.size === 1) send(watch);
    });
    worker.once('exit', () => leave(worker));
    worker.once('listening', () => {
      failures = 0;
    });
    return worker;
  }

  function replace(): void {
    const waitMs = Math.min(longestRestartMs, restartMs * 2 ** Math.min(failures, 10));
    failures += 1;
    const timer = setTimeout(() => {
      timers.delete(timer);
      fork();
    }, waitMs);
    timers.add(timer);
  }

  // What keeps the first from listening keeps all: it is told once.
  const first = fork();
  const kill = () => {
    for (const worker of Object.values(cluster.workers ?? {})) {
      if (!worker || worker.isDead()) continue;
      logger.warn({ pid: worker.process.pid }, 'a worker did not end in time; killing it');
      worker.process.kill('SIGKILL');
    }
  };
  const ticking = setInterval(() => {
    for (const [{ process }, { pulse }] of hands) {
      if (!pulse.tick()) continue;
      logger.error({ pid: process.pid }, 'a worker hangs; killing it');
      process.kill('SIGKILL');
    }
  }, tickMs).unref();
  const end = () => {
    clearInterval(ticking);
    for (const timer of timers) clearTimeout(timer);
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM');
    // One that is frozen hears nothing else.
    setTimeout(kill, stopMs).unref();
  };
  stop.addEventListener('abort', end, { once: true });
  const started = await Promise.race([
    once(first, 'listening').then(() => true),
    once(first, 'exit').then(() => false),
  ]);
  // What is told to stop before it listens may have no exit code: it ends by the signal.
  if (!started) return stop.aborted ? 0 : (first.process.exitCode ?? 1);
  const ended = new Promise<number>((resolve) => {
    const check = () => {
      // One whose line is not closed yet is still listed.
      if (Object.values(cluster.workers ?? {}).every((worker) => worker?.isDead())) resolve(0);
    };
    // All may be dead and mourned when the stop comes.
    stop.addEventListener('abort', check, { once: true });
    cluster.on('exit', (worker, code, signal) => {
      if (stop.aborted) return check();
      logger.error({ pid: worker.process.pid, code, signal }, 'a worker died; another one takes its place');
      replace();
    });
  });
  if (!stop.aborted) for (let index = 1; index < count; index += 1) fork();
  return ended;
}
