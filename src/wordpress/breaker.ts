// Owns when WordPress is left alone: after failures it is asked by one call at a time, further and further apart.

import { UpstreamError } from '../errors.ts';
import { isNotAsked } from './failures.ts';
import type { Judge, Judged, Verdict } from './verdicts.ts';
import { createWait } from './wait.ts';

/** What a breaker needs. */
export interface BreakerOptions {
  /** Told when it opens, with the last failure and for how long, and when WordPress answers again. */
  readonly onOpen: (failure: UpstreamError, waitMs: number) => void;
  readonly onClose: () => void;
  readonly judge: Judge;
  /** Whether a target was answered when it was asked last: it finds out sooner than what may never work, and for that. */
  readonly isKnown?: (target: string) => boolean;
  /** Whether others may be answered while it fails like that: their answers do not tell that it is over. */
  readonly holdsOut?: (failure: UpstreamError) => boolean;
  /** Whether a probe may be sent now for this call, be it of what was answered before; always without. */
  readonly mayProbe?: (call: AskedCall, isOfKnown: boolean) => boolean;
  /** It opens by failures in a row only, not by many among answers. */
  readonly onlyInARow?: boolean;
  /** It does not heed `Retry-After`, which is meant for somebody else. */
  readonly ignoresRetryAfter?: boolean;
  readonly now?: () => number;
  /** Spreads probes; a number from 0 to 1. */
  readonly random?: () => number;
}

/** Stands between callers and a part of WordPress that may be down. */
export interface Breaker {
  /** Runs a call to a target, or rejects at once with an `UpstreamError` while that part is left alone. */
  run<T>(call: AskedCall, task: Task<T>): Promise<T>;
}

/** A breaker that can be told of answers that came by another way. */
export interface ToldBreaker extends Breaker {
  answered(asked: Omit<Judged, 'isProbe'>): void;
}

/** What is asked, by method and route, of what kind it is, and for what exactly. */
export interface AskedCall extends Omit<Judged, 'isProbe'> {
  readonly label: string;
  /** Asks it once more, for nobody, as a probe. */
  readonly again?: (() => Promise<unknown>) | undefined;
}

/** What a call is told that may be made. */
export interface Pass {
  /** It is the one that finds out whether WordPress is back. */
  readonly isProbe: boolean;
  /** What it took before to find that out by another one. */
  readonly spentMs: number;
  /** Throws where that part has been left alone since: a call may have waited for long until it was its turn. */
  check(): void;
}

/** A call that may be made. */
export type Task<T> = (pass: Pass) => Promise<T>;

/** What was answered, and is asked for again. */
interface Remembered extends AskedCall {
  readonly again: () => Promise<unknown>;
}

/** It opens after this many failures in a row, or where half of the last calls failed. */
const failuresInARow = 5;
const calls = 20;
const fewestCalls = 10;
/** What nobody waited for to its end has told nothing, and is no reason to ask more often. */
const betweenProbesMs = 1000;
/** Of so many kinds the last answer is asked for again: each may be broken for itself by then. */
const maxRemembered = 3;
const longestRemembered = 1024;

/** A breaker that is closed: all calls pass. */
export function createBreaker(options: BreakerOptions): ToldBreaker {
  const { onOpen, onClose, judge, isKnown, holdsOut = () => false, mayProbe = () => true } = options;
  const { onlyInARow, ignoresRetryAfter, now = () => performance.now(), random = Math.random } = options;
  const wait = createWait({ ignoresRetryAfter, now, random });
  let last: UpstreamError | undefined;
  let isProbing = false;
  let inARow = 0;
  let recent: boolean[] = [];
  let remembered: readonly Remembered[] = [];
  /** One of these was asked for again in vain: it is the turn of somebody else. */
  let isVain = false;

  /** What was answered is asked for again in the place of what may never work, which anybody can ask. */
  function remember({ target, kind, label, again }: AskedCall): void {
    if (!isKnown || !again || target.length > longestRemembered) return;
    const others = remembered.filter((call) => call.kind !== kind);
    remembered = [{ target, kind, label, again }, ...others].slice(0, maxRemembered);
  }

  /** Finds out by what was answered before whether WordPress is back. */
  async function findOut(call: Remembered): Promise<void> {
    try {
      await probe(call, call.again);
    } catch {
      remembered = [...remembered.filter((other) => other !== call), call];
      isVain = last !== undefined;
    }
  }

  /** What was answered before that can tell whether a failure is over. */
  const witnessOf = (failure: UpstreamError) => (holdsOut(failure) ? undefined : remembered[0]);

  function open(failure: UpstreamError, since: number, doubtedMs?: number): void {
    last = failure;
    onOpen(failure, wait.begin(failure, since, doubtedMs));
  }

  function close(): void {
    last = undefined;
    wait.reset();
    inARow = 0;
    isVain = false;
    recent = [];
    onClose();
  }

  function count(verdict: Verdict, error?: unknown, doubtedMs?: number): void {
    if (verdict === 'unknown') return;
    inARow = verdict === 'fails' ? inARow + 1 : 0;
    recent = [...recent, verdict === 'fails'].slice(-calls);
    if (!(error instanceof UpstreamError) || verdict !== 'fails') return;
    const failures = recent.filter(Boolean).length;
    const isHalf = !onlyInARow && recent.length >= fewestCalls && 2 * failures >= recent.length;
    if (wait.isAskedFor(error) || inARow >= failuresInARow || isHalf) open(error, now(), doubtedMs);
  }

  async function probe<T>(call: AskedCall, task: Task<T>, doubtedMs?: number): Promise<T> {
    const { target, kind } = call;
    const asked = { target, kind };
    isProbing = true;
    const since = now();
    try {
      const value = await task({ isProbe: true, spentMs: 0, check: () => undefined });
      judge(undefined, { ...asked, isProbe: true });
      remember(call);
      close();
      return value;
    } catch (error) {
      const verdict = judge(error, { ...asked, isProbe: true });
      if (verdict === 'works') close();
      else if (verdict === 'fails' && error instanceof UpstreamError) open(error, since, doubtedMs);
      else if (!isNotAsked(error)) wait.prolong(since + betweenProbesMs);
      throw error;
    } finally {
      isProbing = false;
    }
  }

  return {
    answered(asked) {
      const verdict = judge(undefined, { ...asked, isProbe: false });
      if (last) close();
      else count(verdict);
    },
    async run(call, task) {
      const { label, target, kind } = call;
      const asked = { target, kind };
      let spentMs = 0;
      if (last) {
        const isOwn = isKnown?.(target) === true;
        const known = isOwn || isVain ? undefined : witnessOf(last);
        const leftMs = wait.leftFor(isOwn ? 'known' : known ? 'witness' : 'anyone');
        if (leftMs > 0 || isProbing || !mayProbe(call, isOwn || remembered.length > 0))
          throw refusal(label, last, leftMs);
        if (!known) {
          isVain = false;
          return probe(call, task, !isOwn && witnessOf(last) ? betweenProbesMs : undefined);
        }
        const [failure, since] = [last, now()];
        await findOut(known);
        spentMs = now() - since;
        // Who has waited for long has no time for his own.
        if (last || spentMs > betweenProbesMs) throw refusal(label, last ?? failure, last ? wait.leftFor('anyone') : 0);
      }
      const check = () => {
        if (last) throw refusal(label, last, wait.leftFor('anyone'));
      };
      try {
        const value = await task({ isProbe: false, spentMs, check });
        const verdict = judge(undefined, { ...asked, isProbe: false });
        if (verdict === 'works') remember(call);
        if (!last) count(verdict);
        return value;
      } catch (error) {
        // What was never answered may have failed for itself: what is known to work shows that at once.
        const witness = error instanceof UpstreamError && !isKnown?.(target) ? witnessOf(error) : undefined;
        const isDoubted = witness && isKnown?.(witness.target);
        // Calls that were under way when it opened have nothing new to tell.
        if (!last) count(judge(error, { ...asked, isProbe: false }), error, isDoubted ? 0 : undefined);
        throw error;
      }
    },
  };
}

/** A breaker of what is asked for by way of two. */
export function within(outer: Breaker, inner: Breaker): Breaker {
  return {
    run: (call, task) =>
      outer.run(call, (pass) =>
        inner.run(call, ({ isProbe, spentMs, check }) =>
          task({
            isProbe: isProbe || pass.isProbe,
            spentMs: spentMs + pass.spentMs,
            check() {
              pass.check();
              check();
            },
          }),
        ),
      ),
  };
}

function refusal(label: string, cause: UpstreamError, leftMs: number): UpstreamError {
  const code = cause.code === 'UPSTREAM_RATE_LIMITED' ? cause.code : 'UPSTREAM_UNAVAILABLE';
  const retryAfterSeconds = Math.max(1, Math.ceil(leftMs / 1000));
  const details = { retryAfterSeconds, isNotAsked: true, cause };
  return new UpstreamError(code, `${label}: not asked, after ${cause.message}`, details);
}
