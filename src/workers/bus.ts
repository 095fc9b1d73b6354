// Owns a worker's line to the others: what one is told all know, and what all know one can tell.

import cluster from 'node:cluster';
import { createLink } from './link.ts';
import { isWorkerMessage } from './messages.ts';

/** What a worker does when another one speaks. */
export interface BusHandlers {
  /** What is no longer true. */
  readonly onPurge: (purge: Purged) => void;
  /** This process is the one that watches WordPress for all of them. */
  readonly onWatch: () => void;
  /** A document that a client registered. */
  readonly onLearn: (document: string) => void;
  /** A request came to another one. */
  readonly onTraffic: () => void;
  readonly snapshot: () => Promise<object[]>;
}

/** What is no longer true, and what others know of it. */
export interface Purged {
  /** Null for everything. */
  readonly tags: readonly string[] | null;
  /** What the process that noticed it tells beside the tags, as it was sent. */
  readonly details?: unknown;
}

/** A worker's line to the other workers; a process that is alone has nobody to tell. */
export interface Bus extends AsyncDisposable {
  purge(purge: Purged): void;
  learn(document: string): void;
  /** Tells that a request came. */
  tellTraffic(): void;
  /** Metrics of all workers, this one included; of those that answer in time. */
  snapshots(): Promise<object[][]>;
}

interface Gathering {
  expect(others: number): void;
  add(metrics: object[]): void;
}

/** How long a worker that is busy is waited for. */
const gatherMs = 2000;
/** How long a primary that is busy is waited for at the end. */
const leaveMs = 250;

/** Opens the line. */
export function openBus({ onPurge, onWatch, onLearn, onTraffic, snapshot }: BusHandlers): Bus {
  const own = cluster.worker?.id;
  const link = createLink((message, onLeft) => {
    if (process.connected) process.send?.({ ...message, from: own }, undefined, undefined, onLeft);
    else onLeft();
  });
  const send = own === undefined ? () => {} : link;
  let gathering: Gathering | undefined;
  let onLeft = () => {};

  const receive = (message: unknown) => {
    if (!isWorkerMessage(message)) return;
    const { headgate, content, from } = message;
    if (headgate === 'purge') onPurge(toPurged(content));
    else if (headgate === 'watch') onWatch();
    else if (headgate === 'traffic') onTraffic();
    else if (headgate === 'ping') send({ headgate: 'pong', content: null });
    else if (headgate === 'left') onLeft();
    else if (headgate === 'learn' && typeof content === 'string') onLearn(content);
    else if (headgate === 'metrics' && Array.isArray(content)) gathering?.add(content);
    else if (headgate === 'asked') gathering?.expect(Number(content));
    else if (headgate === 'ask-metrics' && from !== undefined) {
      void snapshot().then((metrics) => send({ headgate: 'metrics', to: from, content: metrics }));
    }
  };
  if (own !== undefined) {
    process.on('message', receive);
    send({ headgate: 'may-watch', content: null });
  } else queueMicrotask(onWatch);

  async function gather(): Promise<object[][]> {
    const mine = await snapshot();
    if (own === undefined) return [mine];
    return new Promise((resolve) => {
      const all = [mine];
      const finish = () => {
        clearTimeout(timer);
        gathering = undefined;
        resolve(all);
      };
      const timer = setTimeout(finish, gatherMs);
      let others = Number.POSITIVE_INFINITY;
      const check = () => {
        if (all.length > others) finish();
      };
      gathering = {
        expect(count) {
          others = count;
          check();
        },
        add(metrics) {
          all.push(metrics);
          check();
        },
      };
      send({ headgate: 'ask-metrics', content: null });
    });
  }

  /**
   * Messages come in their order. Once this one has its answer the primary knows that nobody listens here any more, and
   * what it had given to this process before is refused and with another one: it would be lost with the process.
   */
  async function leave(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      onLeft = resolve;
      timer = setTimeout(resolve, leaveMs);
      send({ headgate: 'leave', content: null });
    });
    clearTimeout(timer);
  }

  let running: Promise<object[][]> | undefined;
  return {
    purge: (purge) => send({ headgate: 'purge', content: purge }),
    learn: (document) => send({ headgate: 'learn', content: document }),
    tellTraffic: () => send({ headgate: 'traffic', content: null }),
    snapshots() {
      running ??= gather().finally(() => {
        running = undefined;
      });
      return running;
    },
    async [Symbol.asyncDispose]() {
      if (own !== undefined && process.connected) await leave();
      process.off('message', receive);
    },
  };
}

function toPurged(content: unknown): Purged {
  const { tags, details }: { tags?: unknown; details?: unknown } = Object(content);
  return { tags: Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : null, details };
}
