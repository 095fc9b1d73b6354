// Owns whose turn it is: each kind in order, and between two of them one that has just changed.

import type { Watched } from './read-whole.ts';

/** A kind that is asked in turn. */
export interface Turn {
  readonly kind: Watched;
  /** Until then it is passed over: it refuses. */
  closedUntil: number;
  /** When it answered last. */
  answeredAt: number;
  /** How often in a row it was refused without having answered. */
  refusals: number;
  /** For how many turns more it counts as just changed. */
  hot: number;
}

/** The turns of all kinds. */
export interface Turns {
  readonly all: readonly Turn[];
  /** Whose turn it is, the order going on; undefined where all refuse. */
  next(now: number): Turn | undefined;
  /** Who has just changed: asked between two turns, it takes nobody's. */
  between(now: number): Turn | undefined;
}

/** Turns in the order of the kinds. */
export function createTurns(kinds: readonly Watched[]): Turns {
  const all: readonly Turn[] = kinds.map((kind) => ({
    kind,
    closedUntil: 0,
    answeredAt: Number.NEGATIVE_INFINITY,
    refusals: 0,
    hot: 0,
  }));
  let cursor = 0;
  let hottest = 0;

  /** The first one from a place on, and what follows it. */
  function find(from: number, isWanted: (turn: Turn) => boolean): readonly [Turn | undefined, number] {
    const found = [...all.slice(from), ...all.slice(0, from)].find(isWanted);
    return [found, found ? (all.indexOf(found) + 1) % all.length : from];
  }

  return {
    all,
    next(now) {
      const [turn, after] = find(cursor, ({ closedUntil }) => closedUntil <= now);
      cursor = after;
      return turn;
    },
    between(now) {
      const [turn, after] = find(hottest, ({ closedUntil, hot }) => closedUntil <= now && hot > 0);
      hottest = after;
      return turn;
    },
  };
}
