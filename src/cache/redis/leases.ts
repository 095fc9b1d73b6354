// Owns what one process makes for all that want it at the same time: it holds a lease meanwhile, and the others wait.

import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isRestObject } from '../fields-record.ts';
import { parseEntry, printEntry, type Stamp } from './entry.ts';
import type { Guard } from './guard.ts';
import { type RedisCommand, type RedisLink, toSet } from './redis-link.ts';
import type { SharedLog } from './shared-log.ts';
import { isLater, parseId } from './stream-entries.ts';
import { within } from './within.ts';

/** Something that one process makes and others wait for. */
export interface SharedCall<Value> {
  readonly key: string;
  /** Ends the waiting: for other processes as well. */
  readonly signal: AbortSignal;
  readonly call: () => Promise<Value>;
  /** What others may have of it; undefined where they must make it themselves. */
  readonly toShared: (value: Value) => unknown;
  /** What came from another process; undefined where that is not what was wanted. */
  readonly fromShared: (shared: unknown) => Value | undefined;
}

/** Makes something once for all processes that want it at the same time; each by itself where they cannot agree. */
export type Share = <Value>(call: SharedCall<Value>) => Promise<Value>;

/** What leases stand on. */
export interface LeasesOptions {
  readonly prefix: string;
  readonly link: RedisLink;
  /** Of all that somebody waits for. */
  readonly guard: Guard;
  readonly log: Pick<SharedLog, 'state' | 'beginning' | 'stands' | 'clock'>;
  /** How long a reply may take that nobody waits for. */
  readonly patientMs: number;
  /** Ends all of it. */
  readonly signal: AbortSignal;
}

/** A lease lasts so long without being renewed. */
const leaseMs = 3000;
/** How long what was made stays for those who waited for it. */
const handoverMs = 3000;
/** What was made so shortly before somebody wanted it will do: it is on its way to where it is kept. */
const overlapMs = 250;
const pollMs = { first: 10, longest: 100 };
/** What Redis did not take for want of a connection is told again so much later. */
const retryMs = 100;

/** Leases below a prefix. */
export function createLeases({ prefix, link, guard, log, patientMs, signal: closing }: LeasesOptions): Share {
  const { clock } = log;
  const now = () => performance.now() + clock.offset();
  const send = async (key: string, command: RedisCommand) => within(link.send(key, command), patientMs);

  /** What was handed over of something that was begun after a purge; undefined where there is nothing. */
  function readHandover(key: string, bytes: unknown, seen: string): Handover | undefined {
    const kept = parseEntry(key, bytes, clock.offset());
    if (!kept || !log.stands(kept) || !isHandover(kept.value)) return undefined;
    // What was begun before a purge that is known here is not for those who begin after it.
    return isLater(seen, kept.value.seen) ? undefined : kept.value;
  }

  function printHandover(key: string, handover: Handover, began: Stamp): Promise<Buffer> {
    const storedAt = performance.now();
    const until = storedAt + handoverMs;
    const times = { storedAt, freshUntil: until, staleUntil: until, errorUntil: until };
    return printEntry(key, { value: handover, times, tags: [] }, began, clock.offset());
  }

  /** Tells something as soon as there is a connection; after so long the lease has ended by itself. */
  async function tell(task: () => Promise<unknown>): Promise<void> {
    for (const until = performance.now() + leaseMs; performance.now() < until && !closing.aborted; ) {
      try {
        await task();
        return;
      } catch {
        await delay(retryMs, undefined, { ref: false });
      }
    }
  }

  return async function share({ key: name, signal, call, toShared, fromShared }) {
    // What another process made before a purge of this one is not for those who ask after it.
    const began = log.beginning();
    if (!began) return call();
    const id = createHash('sha256').update(name).digest('base64url');
    const [leaseKey, valueKey] = [`${prefix}lease:${id}`, `${prefix}made:${id}`];
    const beganAt = now();
    const self = randomUUID();
    let renewals = 0;
    const toLease = (...how: string[]) => toSet(leaseKey, `${self} ${renewals++}`, leaseMs, ...how);
    const release = async () => {
      // It may have ended, and be another one's by now.
      const found = await send(leaseKey, ['GET', leaseKey]);
      if (String(found).startsWith(self)) await send(leaseKey, ['DEL', leaseKey]);
    };

    const isStuck = createStuckCheck();
    let isForTaking = false;
    for (let pause = pollMs.first; ; pause = Math.min(pollMs.longest, 2 * pause)) {
      // No reply is no reason to wait.
      if (!guard.isOpen || !log.state()) return call();
      const taking = guard.run(() => link.send(leaseKey, isForTaking ? toLease() : toLease('NX')));
      const [lease, bytes] = (await guard.run(() => link.getAll([leaseKey, valueKey]))) ?? [];
      const taken = await taking;
      const handover = readHandover(valueKey, bytes, began.seen);
      const isShared = handover !== undefined && 'shared' in handover;
      const made = isShared && handover.at >= beganAt - overlapMs ? fromShared(handover.shared) : undefined;
      if (made !== undefined) {
        if (taken !== null) void tell(release);
        return made;
      }
      if (taken !== null) break;
      // All who waited for it in vain make it at once: one after the other would take as many times as long.
      if (handover && !isShared && handover.at >= beganAt) return call();
      isForTaking = isStuck(lease);
      await delay(pause, undefined, { signal });
    }

    const renewal = setInterval(() => void send(leaseKey, toLease('XX')).catch(() => undefined), leaseMs / 3);
    const handOver = async (shared: unknown) => {
      const handover = { seen: began.seen, at: now(), ...(shared === undefined ? {} : { shared }) };
      const bytes = await printHandover(valueKey, handover, began);
      await tell(async () => {
        // Others wait for it, as for the end of the lease.
        if (guard.isOpen) void send(valueKey, toSet(valueKey, bytes, handoverMs)).catch(() => undefined);
        await release();
      });
    };
    try {
      signal.throwIfAborted();
      const value = await call();
      // Who has it does not wait until the others can.
      handOver(toShared(value)).catch(() => tell(release));
      return value;
    } catch (error) {
      // That all have left here says nothing of what it comes to.
      void (error === signal.reason ? tell(release) : handOver(undefined));
      throw error;
    } finally {
      clearInterval(renewal);
    }
  };
}

/** Tells of a lease, each time that it is looked at, whether it is nobody's: it has not been renewed for so long as one lasts. */
function createStuckCheck(): (lease: unknown) => boolean {
  let [last, changedAt] = ['', 0];
  return (lease) => {
    const found = String(lease);
    if (found !== last) [last, changedAt] = [found, performance.now()];
    return performance.now() - changedAt > leaseMs;
  };
}

interface Handover {
  /** The last purge that was known when it was begun, by its id in the log. */
  readonly seen: string;
  /** When it was made, in ms of the shared clock. */
  readonly at: number;
  /** Not there where it is for nobody else. */
  readonly shared?: unknown;
}

function isHandover(value: unknown): value is Handover {
  return isRestObject(value) && parseId(value['seen']) === value['seen'] && typeof value['at'] === 'number';
}
