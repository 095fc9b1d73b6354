// Owns the end of a listener: it takes requests until no more come, then waits for what is under way.

import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises';
import type { Logger } from '../log.ts';
import type { Connections } from './connections.ts';
import type { OpenExchanges } from './open-exchanges.ts';
import { pauseMs, type Traffic } from './traffic.ts';

/** What is under way at a listener. */
export interface UnderWay {
  readonly open: OpenExchanges;
  readonly connections: Connections;
  readonly traffic: Traffic;
}

/** How long a stop takes. */
export interface DrainTimes {
  /** How long a stop waits for answers that are under way, beside `lingerMs`; {@link drainMs} unless it is set. */
  readonly drainMs?: number;
  /**
   * A stop goes on taking requests until none has come for so long, and none for a second where they came steadily, so
   * that balancers and clients learn of it; for {@link longestLingerMs} at most, or for this where it is longer. 250 unless
   * it is set; with 0 it takes no more at once.
   */
  readonly lingerMs?: number;
}

/** What stops. */
export interface DrainOptions extends DrainTimes {
  readonly server: Server;
  readonly underWay: UnderWay;
  readonly logger: Logger;
}

/** Docker and others kill what has not ended ten seconds after SIGTERM: this leaves a second for the least linger, and the rest. */
export const drainMs = 9000;

/**
 * What a process that is late and a client that is far away need for a short answer: whoever waits longer is told to come
 * again rather than cut off, since a call to WordPress may take longer than a stop.
 */
export const lastWordMs = 1000;

/** Who still sends then does not heed what it is told; and what came last has as long for its answer. */
const longestLingerMs = 5000;

/** What was under way may have left its connection idle: it is looked for as often. */
const sweepMs = 50;

/** Balancers that watch a gateway look at it more often. */
const forgottenMs = 60_000;

/**
 * Ends a listener: at the latest `lingerMs` and `drainMs` after it was called, however long it took requests. Who has no
 * answer {@link lastWordMs} before that is told to come again.
 */
export async function drain(options: DrainOptions): Promise<void> {
  const { server, underWay, logger, lingerMs = 250 } = options;
  const { connections } = underWay;
  const endsAt = performance.now() + lingerMs + (options.drainMs ?? drainMs);
  await linger(server, underWay.traffic, lingerMs);
  // That of node:http ends connections as well, under answers that are on their way.
  const closed = new Promise<void>((resolve) => NetServer.prototype.close.call(server, () => resolve()));
  // What came while this process was late is read before.
  const sweep = setInterval(() => setImmediate(connections.endIdle), sweepMs);
  const leftMs = endsAt - performance.now();
  const lastWord = setTimeout(
    () => {
      const count = underWay.open.turnAway();
      if (count > 0) logger.warn({ count }, 'the stop could not wait for all answers');
    },
    Math.max(0, leftMs - lastWordMs),
  );
  const deadline = setTimeout(
    () => {
      const count = connections.endAll();
      if (count > 0) logger.warn({ count }, 'the stop cut off answers that were on their way');
    },
    Math.max(0, leftMs),
  );
  await closed;
  // What node:http looks after beside connections ends only by this.
  server.close();
  clearInterval(sweep);
  clearTimeout(lastWord);
  clearTimeout(deadline);
}

/**
 * Waits until nobody sends any more. That nobody is connected does not say so: who was just told to close its connection
 * comes again, here as well until a balancer knows better.
 */
async function linger(server: Server, traffic: Traffic, lingerMs: number): Promise<void> {
  if (lingerMs === 0) return;
  const toldAt = performance.now();
  if (toldAt - traffic.seenAt > forgottenMs && (await countConnections(server)) === 0) return;
  const isOver = () => {
    const { askedAt, steadySince } = traffic;
    const now = performance.now();
    if (now - toldAt >= Math.max(lingerMs, longestLingerMs)) return true;
    const isSteady = toldAt - askedAt < pauseMs && askedAt - steadySince >= pauseMs;
    return now - Math.max(toldAt, askedAt) >= (isSteady ? Math.max(lingerMs, pauseMs) : lingerMs);
  };
  while (!isOver()) {
    await delay(25);
    // Where this process was late, what came meanwhile is read first: one turn takes connections, the next one reads them.
    await turn();
    await turn();
  }
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)));
}
