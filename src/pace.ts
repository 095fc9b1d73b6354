// Owns how the operations of a process share its event loop: each goes on for some milliseconds, then all else has its turn.

import { setImmediate as nextTurn } from 'node:timers/promises';

/** How fast one operation may go on. */
export interface Pace {
  /** Whether the outcome of so many parts is waited for that others have to be held. */
  readonly isFull: boolean;
  /** Runs a part when there is room for it. */
  hold(part: () => unknown): Promise<unknown>;
  /** Counts a part whose outcome is waited for: `end` has to follow. */
  wait(): void;
  end(): void;
  /** To be awaited before so many more parts of the operation; undefined where it can go on at once. */
  pause(parts?: number): Promise<void> | undefined;
  /** Resolves when nothing of the operation is paused any more; undefined where nothing is. */
  paused(): Promise<void> | undefined;
}

/** How long an operation goes on before all else has its turn. */
const turnMs = 10;

/**
 * The outcome of so many is waited for at once: all may be the same entity, and all go on in the turn in which it comes.
 * The largest operations of front ends have some hundreds.
 */
const mostAtOnce = 1500;

/** Operations with so few parts wait for nobody. */
const freeParts = 64;

/** Every other turn is for operations with so few: a page of a hundred posts with all that front ends show of each. */
const lightParts = 2000;

interface Operation {
  /** Operations that began earlier have lower ones. */
  readonly order: number;
  readonly isLight: () => boolean;
  /** What is left of it is left out, which takes hardly any time and gives back what it holds. */
  readonly hasEnded: () => boolean;
  /** Goes on until its time in this turn is over; whether some of it waits still. */
  readonly goOn: () => Promise<boolean>;
}

/** Operations of which some waits, the oldest first. */
const queue: Operation[] = [];
let begun = 0;

/** Of the long ones the oldest goes on until it is done: by turns, all of them would be in memory, half made. */
async function takeTurns(): Promise<void> {
  for (let turn = 0; queue.length > 0; turn += 1) {
    await nextTurn();
    const next = chooseNext(turn % 2 === 1);
    if (!next || (await next.goOn())) continue;
    queue.splice(queue.indexOf(next), 1);
  }
}

function chooseNext(isForLight: boolean): Operation | undefined {
  const ended = queue.find((operation) => operation.hasEnded());
  return ended ?? (isForLight ? queue.find(({ isLight }) => isLight()) : undefined) ?? queue[0];
}

function join(operation: Operation): void {
  const next = queue.findIndex(({ order }) => order > operation.order);
  queue.splice(next < 0 ? queue.length : next, 0, operation);
  if (queue.length === 1) void takeTurns();
}

/** The pace of one operation, by the time that its parts take; its signal aborts when what is left of it is left out. */
export function createPace(signal?: AbortSignal, now: () => number = () => performance.now()): Pace {
  const order = begun++;
  let parts = 0;
  /** When it began in this turn of the loop. */
  let startedAt: number | undefined;
  /** This turn is its own: whoever is older waits for the next one. */
  let isOwnTurn = false;
  let waiting: (() => void)[] = [];
  let atOnce = 0;
  const held: (() => void)[] = [];
  let ended: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;

  function beginTurn(): void {
    startedAt = now();
    setImmediate(() => {
      startedAt = undefined;
      isOwnTurn = false;
    });
  }

  const isTurnOver = () => startedAt !== undefined && now() - startedAt >= turnMs;

  const isAnyOlder = () => queue[0] !== undefined && queue[0].order < order;

  /** Whether something waits still. */
  async function goOn(): Promise<boolean> {
    beginTurn();
    isOwnTurn = true;
    const ready = waiting;
    waiting = [];
    let next = 0;
    for (; next < ready.length && !isTurnOver(); next += 1) {
      ready[next]?.();
      // What it held up runs before this goes on.
      await null;
    }
    waiting = [...ready.slice(next), ...waiting];
    if (waiting.length > 0) return true;
    ended?.resolve();
    ended = undefined;
    return false;
  }

  function putOff(part: () => void): void {
    waiting.push(part);
    if (ended) return;
    ended = createEnd();
    join({ order, isLight: () => parts <= lightParts, hasEnded: () => signal?.aborted === true, goOn });
  }

  /** A part that is there at once makes room for the next one, as one does whose outcome is there. */
  function fill(): void {
    const next = atOnce < mostAtOnce ? held.pop() : undefined;
    if (next) putOff(next);
  }

  return {
    get isFull() {
      return atOnce >= mostAtOnce;
    },
    async hold(part) {
      await new Promise<void>((resolve) => held.push(resolve));
      try {
        return part();
      } finally {
        fill();
      }
    },
    wait() {
      atOnce += 1;
    },
    end() {
      atOnce -= 1;
      fill();
    },
    pause(more = 1) {
      parts += more;
      if (parts <= freeParts) return undefined;
      if (startedAt === undefined) beginTurn();
      if (!isTurnOver() && (isOwnTurn || !isAnyOlder())) return undefined;
      return new Promise(putOff);
    },
    paused: () => ended?.promise,
  };
}

function createEnd(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
