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
  /** How often in a row it hung while others answered; until then it is passed over for that. */
  hangs: number;
  heldUntil: number;
}

/** The turns of all kinds. */
export interface Turns {
  readonly all: readonly Turn[];
  /** Whose turn it is, the order going on; undefined where all refuse. */
  next(now: number): Turn | undefined;
  /** Who has just changed: asked between two turns, it takes nobody's. */
  between(now: number): Turn | undefined;
  /** One was waited for in vain. */
  hung(turn: Turn): void;
  /** One was not answered, for a reason that may be WordPress's, not its own. */
  failed(): void;
  /** One was answered: it is told whether those that hung before did so by themselves. */
  answered(turn: Turn, now: number): void;
  /** How many failed one after the other. */
  readonly failures: number;
  /** Whether WordPress has failed until lately, and not all kinds were answered since. */
  isBack(now: number): boolean;
}

/** Once may be chance; then it is passed over for so long, and from the next time on for longer. */
const hangsUntilHeld = 2;
const firstHeldMs = 8000;
const longestHeldMs = 16_000;
/** So long after WordPress is back it counts as back: by then all that had been left alone is asked again. */
const backMs = 8000;

/** Turns in the order of the kinds. */
export function createTurns(kinds: readonly Watched[]): Turns {
  const all: readonly Turn[] = kinds.map((kind) => ({
    kind,
    closedUntil: 0,
    answeredAt: Number.NEGATIVE_INFINITY,
    refusals: 0,
    hot: 0,
    hangs: 0,
    heldUntil: 0,
  }));
  const hanging = new Set<Turn>();
  let failures = 0;
  /** Kinds that were not answered since WordPress was back, and when that was. */
  const missed = new Set<Turn>();
  let backAt = Number.NEGATIVE_INFINITY;
  let cursor = 0;
  let hottest = 0;

  /** The first one from a place on, and what follows it. */
  function find(from: number, isWanted: (turn: Turn) => boolean): readonly [Turn | undefined, number] {
    const found = [...all.slice(from), ...all.slice(0, from)].find(isWanted);
    return [found, found ? (all.indexOf(found) + 1) % all.length : from];
  }

  function hold(turn: Turn, now: number): void {
    turn.hangs += 1;
    const ms = Math.min(longestHeldMs, firstHeldMs * 2 ** (turn.hangs - hangsUntilHeld));
    if (turn.hangs >= hangsUntilHeld) turn.heldUntil = now + ms;
  }

  const isOpen = ({ closedUntil, heldUntil }: Turn, now: number) => Math.max(closedUntil, heldUntil) <= now;

  return {
    all,
    next(now) {
      const [turn, after] = find(cursor, (one) => isOpen(one, now));
      cursor = after;
      return turn;
    },
    between(now) {
      const [turn, after] = find(hottest, (one) => isOpen(one, now) && one.hot > 0);
      hottest = after;
      return turn;
    },
    hung: (turn) => void hanging.add(turn),
    failed() {
      failures += 1;
    },
    answered(turn, now) {
      if (2 * failures > all.length) {
        backAt = now;
        for (const one of all) missed.add(one);
      }
      failures = 0;
      missed.delete(turn);
      // Where most of them hung, or one that did is answered, it was WordPress that was away: all are asked again.
      const areBack = turn.hangs > 0 || 2 * hanging.size > all.length;
      if (areBack) for (const one of all) Object.assign(one, { hangs: 0, heldUntil: 0 });
      else for (const one of hanging) hold(one, now);
      hanging.clear();
    },
    get failures() {
      return failures;
    },
    isBack: (now) => missed.size > 0 && now - backAt < backMs,
  };
}
