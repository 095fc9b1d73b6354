// Owns the runs of events: in turns, a bounded number at once, and one for all who ask the same of an event as anybody.

import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import type { DocumentNode, ExecutionResult, GraphQLSchema, SubscriptionArgs } from 'graphql';
import type { EnterTurn } from './event-turns.ts';

/** What one subscription asks of each event. */
export interface Asked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  /** Name and variables, in print; null where its runs are its own. */
  readonly key: string | null;
}

/** Executes the operation until the signal aborts. */
export type RunEvent = (signal: AbortSignal) => Promise<ExecutionResult>;

/** The result of an event for a subscriber; undefined where nobody waits for it any more. */
export type ResultOf = (asked: Asked, event: unknown, run: RunEvent, left: AbortSignal) => Promise<Result>;

type Result = ExecutionResult | undefined;

interface Run {
  readonly schema: GraphQLSchema;
  readonly result: Promise<Result>;
  readonly own: AbortController;
  followers: number;
}

/** All that wait for the same read go on in the turn in which it comes; the rest finds it in the cache. */
const mostAtOnce = 16;

/** Who waits longer for WordPress keeps nobody else waiting. */
const longestMs = 250;

/** The runs of all subscribers of a gateway. A run that is over is never shared: whoever comes later is told what is then. */
export function createEventRuns(enter: EnterTurn, heldMs = longestMs): ResultOf {
  const going = new WeakMap<object, WeakMap<DocumentNode, Map<string, Run>>>();
  const enterSlot = createSlots(mostAtOnce, heldMs);

  async function runInTurn(run: RunEvent, signal: AbortSignal): Promise<Result> {
    const leaveSlot = await enterSlot();
    try {
      if (!signal.aborted) await enter(signal);
      return signal.aborted ? undefined : await run(signal);
    } finally {
      leaveSlot();
    }
  }

  function start(schema: GraphQLSchema, run: RunEvent): Run {
    const own = new AbortController();
    return { schema, result: runInTurn(run, own.signal), own, followers: 0 };
  }

  function share({ schema, document, key }: Asked, event: unknown, run: RunEvent): Run {
    if (key === null || typeof event !== 'object' || event === null) return start(schema, run);
    const ofEvent = going.get(event) ?? new WeakMap<DocumentNode, Map<string, Run>>();
    going.set(event, ofEvent);
    const runs = ofEvent.get(document) ?? new Map<string, Run>();
    ofEvent.set(document, runs);
    const before = runs.get(key);
    if (before?.schema === schema && !before.own.signal.aborted) return before;
    const begun = start(schema, run);
    runs.set(key, begun);
    const forget = () => {
      if (runs.get(key) === begun) runs.delete(key);
    };
    begun.result.then(forget, forget);
    return begun;
  }

  return async (asked, event, run, left) => {
    const shared = share(asked, event, run);
    shared.followers += 1;
    const leave = () => {
      shared.followers -= 1;
      if (shared.followers === 0) shared.own.abort(left.reason);
    };
    left.addEventListener('abort', leave, { once: true });
    try {
      return await shared.result;
    } finally {
      left.removeEventListener('abort', leave);
    }
  };
}

/** A key that no other name and variables have; null where there is none. */
export function toKey({ operationName, variableValues }: SubscriptionArgs): string | null {
  try {
    // JSON has one text for several values.
    const text = serialize([operationName ?? null, variableValues ?? null]);
    return createHash('sha256').update(text).digest('base64');
  } catch {
    return null;
  }
}

/** Gives what is to be called when the place is free again, which it is after so long in any case. */
function createSlots(most: number, heldMs: number): () => Promise<() => void> {
  const waiting: (() => void)[] = [];
  let taken = 0;

  function hold(): () => void {
    let isHeld = true;
    const leave = () => {
      clearTimeout(timer);
      if (!isHeld) return;
      isHeld = false;
      const next = waiting.shift();
      if (next) next();
      else taken -= 1;
    };
    const timer = setTimeout(leave, heldMs);
    return leave;
  }

  return async () => {
    if (taken < most) taken += 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return hold();
  };
}
