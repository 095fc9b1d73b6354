// Owns the watcher: it asks WordPress what changed, one kind in turn after the other, and hands on what became stale.

import { UpstreamError } from '../errors.ts';
import { isOverload } from '../loaders/staleness.ts';
import type { Logger } from '../log.ts';
import { isOwnRefusal, isRefusal } from '../wordpress/failures.ts';
import type { Resource, Resources } from '../wordpress/resources.ts';
import type { Site, WordPressClient } from '../wordpress/rest.ts';
import type { Change } from './change-stream.ts';
import type { Edit } from './facts.ts';
import { followEdits, type Purge } from './follow-edits.ts';
import { createKnownFacts } from './known-facts.ts';
import { lookAt } from './look-at.ts';
import { type Before, nothingBefore } from './missed.ts';
import { paceOf } from './pace.ts';
import { createReadRows } from './read-rows.ts';
import { createRemembered, nothingRemembered, type Remembrance } from './remembered.ts';
import { createTurns, type Turn } from './turns.ts';
import { createWatchedKinds } from './watched-kinds.ts';

/** How WordPress is watched, from the configuration. */
export interface WatchOptions {
  /** Seconds from one turn to the next at least; 0: not at all. */
  readonly intervalSeconds: number;
  /** Most of what WordPress can do that watching takes, from 0 to 1. */
  readonly share: number;
  /** Memory for what is known of the site. */
  readonly maxBytes: number;
}

/** What the watcher stands on. */
export interface WatchWordPressOptions extends WatchOptions {
  readonly client: WordPressClient;
  /** How many requests WordPress takes at the same time. */
  readonly slots: number;
  readonly site: Site;
  readonly resources: Resources;
  /** The gateway's own credentials. */
  readonly authorization?: string | undefined;
  /** Ids of what is kept of a type before it is watched; nothing where not told. */
  readonly keptOf?: Before['keptOf'];
  /** Whether it is kept that there are none of a type; never where not told. */
  readonly isKeptEmpty?: Before['isKeptEmpty'];
  /** Where it is kept what there was, for who watches next; nowhere where not told. */
  readonly remembrance?: Remembrance | undefined;
  readonly onPurge: (purge: Purge) => void | Promise<void>;
  readonly logger: Logger;
}

/** A running watcher. */
export interface WordPressWatch extends AsyncDisposable {
  /** Somebody asked the gateway: there is somebody to be fresh for. */
  asked(): void;
  /**
   * Looks at entities that somebody told of, when the turn that runs is over: see {@link lookAt}. Null as well where
   * WordPress does not answer.
   */
  look(changes: readonly Change[]): Promise<Purge | null>;
  /** Name of the type of an entity, if it is known. */
  typeOf(kind: Resource['kind'], id: number): string | undefined;
  /** Takes in what another process noticed. */
  learn(edits: readonly Edit[]): void;
  /** Gives every kind its turn now, or those of some names, and resolves when what that showed is purged. */
  round(names?: readonly string[]): Promise<void>;
}

/** Kinds that refuse are asked again after this time at most. */
const closedMs = 600_000;
/** At first after this, where it was not WordPress's own word. */
const doubtedMs = 8000;
/** What has answered within this time is asked at its next turn: a proxy may be in the way, or a plugin be updated. */
const answeredMs = 3_600_000;
/** A kind that changed is soon asked again: who writes once writes twice. */
const hotTurns = 2;
/** How many wait to be looked at: who tells of more at a time is believed. */
const maxLooks = 20;
/** What a turn begins with, and fails after so long, hung. */
const hungMs = 1000;
/** How many of the slots what hung may hold. */
const partOfLeft = 1 / 2;
/** How often it is looked whether somebody asked. */
const lookMs = 100;

/** Starts watching. */
export function watchWordPress(options: WatchWordPressOptions): WordPressWatch {
  const { client, site, resources, authorization, intervalSeconds, share, slots, maxBytes, onPurge, logger } = options;
  const controller = new AbortController();
  const { signal } = controller;
  const bornAt = performance.now();
  let tookMs = 0;
  /** Requests of the turn. */
  let reads = 0;
  const reading = {
    ...{ client, signal, mostLeft: Math.max(1, Math.floor(partOfLeft * slots)), isFirst: () => reads === 0 },
    onRead(ms: number) {
      tookMs = ms;
      reads += 1;
    },
  };
  /** What was noticed and not yet handed on: a request that fails in the middle loses none of it. */
  const journal: Edit[] = [];
  const remembered = options.remembrance ? createRemembered(options.remembrance) : nothingRemembered;
  const { kinds, states } = createWatchedKinds({
    ...{ site, resources, known: createKnownFacts(maxBytes), journal },
    before: {
      ageMs: () => performance.now() - bornAt,
      keptOf: options.keptOf ?? nothingBefore.keptOf,
      isKeptEmpty: options.isKeptEmpty ?? nothingBefore.isKeptEmpty,
      remembered,
    },
    read: createReadRows(reading),
    readOwn: authorization ? createReadRows({ ...reading, authorization }) : null,
  });
  const turns = createTurns(kinds);
  let isAsked = true;
  let askedAt = performance.now();
  let dueAt = performance.now();
  let endedAt = dueAt;
  let running: Promise<void> = Promise.resolve();

  async function take(turn: Turn): Promise<void> {
    const left = journal.splice(0);
    reads = 0;
    try {
      const edits = await turn.kind.probe();
      journal.splice(0, journal.length, ...edits);
      Object.assign(turn, { answeredAt: performance.now(), refusals: 0 });
      turns.answered(turn, performance.now());
      turn.hot = edits.length > 0 ? hotTurns : Math.max(0, turn.hot - 1);
      if (left.length + edits.length === 0) return keep([]);
      const purge = await followEdits([...left, ...edits], { site, resources, states });
      signal.throwIfAborted();
      left.length = 0;
      journal.length = 0;
      logger.debug({ kind: turn.kind.name, changes: purge.changes.length, tags: purge.tags }, 'WordPress changed');
      await onPurge(purge);
      keep(purge.edits);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof UpstreamError && isRefusal(error)) pass(turn, error);
      else turns.failed();
      if (reads === 1 && tookMs >= hungMs && !isOverload(error)) turns.hung(turn);
      logger.debug({ err: error, kind: turn.kind.name }, 'WordPress was not asked for changes');
    } finally {
      journal.unshift(...left);
      endedAt = performance.now();
    }
  }

  /** What took effect will not be noticed again by who watches next. */
  function keep(edits: readonly Edit[]): void {
    const changed = new Set(edits.map(({ type }) => type));
    for (const [name, state] of states) remembered.keep(state, changed.has(name));
  }

  async function lookNow(changes: readonly Change[]): Promise<Purge | null> {
    try {
      return signal.aborted ? null : await lookAt(changes, { site, resources, states, journal });
    } catch (error) {
      logger.debug({ err: error }, 'WordPress did not tell what changed');
      return null;
    }
  }

  /** One after the other, whoever wants a turn. */
  function run(turn: Turn): Promise<void> {
    running = running.then(() => (signal.aborted ? undefined : take(turn)));
    return running;
  }

  let isBusy = false;
  /** Whether a turn was given between the last one and the next. */
  let isBetween = false;
  let looks = 0;
  const timer = setInterval(look, lookMs);
  timer.unref();

  /** Whose turn it is now, if it is time for one. */
  function choose(now: number): Turn | undefined {
    const pace = { intervalMs: 1000 * intervalSeconds, kinds: turns.all.length, share, slots };
    const { failures } = turns;
    const state = { dueAt, endedAt, idleMs: now - askedAt, tookMs, failures, isBack: turns.isBack(now) };
    const { nextAt, betweenAt } = paceOf(pace, state);
    if (now >= nextAt) {
      // It is looked a little late each time: that must not add up. What was due long ago is not made up for.
      dueAt = now - nextAt < lookMs ? nextAt : now;
      isBetween = false;
      return turns.next(now);
    }
    if (isBetween || now < betweenAt) return undefined;
    const turn = turns.between(now);
    isBetween = turn !== undefined;
    return turn;
  }

  function look(): void {
    const now = performance.now();
    if (isAsked) askedAt = now;
    isAsked = false;
    if (isBusy) return;
    const turn = choose(now);
    if (!turn) return;
    isBusy = true;
    void run(turn).finally(() => {
      isBusy = false;
    });
  }

  return {
    asked() {
      isAsked = true;
    },
    async look(changes) {
      if (looks >= maxLooks) return null;
      looks += 1;
      const looking = running.then(() => lookNow(changes));
      running = looking.then(() => {
        looks -= 1;
      });
      return looking;
    },
    typeOf(kind, id) {
      const own = [...states.values()].filter(({ resource }) => resource.kind === kind);
      return own.find(({ known }) => known.facts.has(id))?.resource.name;
    },
    learn(edits) {
      for (const edit of edits) states.get(edit.type)?.learn(edit);
    },
    async round(names) {
      for (const turn of turns.all) if (!names || names.includes(turn.kind.name)) await run(turn);
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      controller.abort();
      await running;
    },
  };
}

/** Passes a kind over that the site does not show at all, which is no reason to ask less for the rest. */
function pass(turn: Turn, error: UpstreamError): void {
  const now = performance.now();
  const hasAnswered = now - turn.answeredAt < answeredMs;
  // Who goes on with a password that was taken back is locked out, and with him all that the gateway asks for visitors.
  if (hasAnswered && error.details.status !== 401) return;
  const isBelieved = isOwnRefusal(error) && !hasAnswered;
  const ms = isBelieved ? closedMs : Math.min(closedMs, doubtedMs * 2 ** turn.refusals);
  turn.refusals += 1;
  turn.closedUntil = now + ms;
}
