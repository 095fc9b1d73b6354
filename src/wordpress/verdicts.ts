// Owns what the outcome of a call tells of whether WordPress works.

import { createBoundedMap } from '../bounded-map.ts';
import { UpstreamError } from '../errors.ts';
import { isHiddenByPage, isRefusal, isUnanswered, isUnreachable } from './failures.ts';

/** What an outcome tells of what was asked. */
export type Verdict = 'works' | 'fails' | 'unknown';

/** What was asked, of what kind it is, and whether to find out if WordPress is back. */
export interface Judged {
  readonly target: string;
  readonly kind: string;
  readonly isProbe: boolean;
}

/** Judges an outcome: the error that a call came to, or undefined for its success. */
export type Judge = (error: unknown, judged: Judged) => Verdict;

/** Judges of what many have a hand in: also whether a question was answered when it was asked last. */
export interface KnowingJudge {
  readonly judge: Judge;
  readonly isKnown: (target: string) => boolean;
  /** Whether others may be answered while it fails like that. */
  readonly holdsOut?: (failure: UpstreamError) => boolean;
}

/** Judges of what is asked of one site. */
export interface Judges {
  /**
   * Makes one of the parts of it for one caller: whether WordPress can be asked at all. Three questions of one kind are no
   * more than that kind.
   */
  readonly createOfPart: () => KnowingJudge;
  /**
   * Makes one of questions of one shape: also whether it gives what it gave before. Pages, and JSON that is none of its
   * answers, may be its way with some, but not with those that it answered, and pages not with all.
   */
  readonly createOfShape: () => KnowingJudge;
  /** Of one question. */
  readonly ofTarget: Judge;
  /** Whether a question was answered when it was asked last. */
  readonly isKnown: (target: string) => boolean;
  /** The same of what is of no shape. */
  readonly isKnownOfPart: (target: string) => boolean;
}

const maxOfKind = 3;
/**
 * After so many questions in a row that came to nothing, for so long, what was answered before them is no matter. Where
 * WordPress has too much to do, many come to nothing between two that it answers.
 */
const longRow = 20;
const longRowMs = 3_000;

/** Where somebody was answered so shortly before, it is about those who were not. */
const worksForMs = 10_000;
/** Where nobody was for so long, a page that refuses is the way of it, and no wall that will fall. */
const shownForMs = 3_600_000;

type Now = () => number;
const sinceStart: Now = () => performance.now();

/** Judges that have seen nothing yet. */
export function createJudges(now: Now = sinceStart): Judges {
  const answered = createTargets(now);
  const failedOfParts = createTargets(now);
  const failedOfShapes = createTargets(now);

  /** Whether a call came to nothing, be it that WordPress is down or no longer makes sense. */
  const isFailure = (error: UpstreamError, target: string) =>
    isDown(error) || (isSenseless(error) && answered.has(target));

  return {
    createOfPart: () => createPartJudge(createOutcomes(answered, failedOfParts, now), createRow(now)),
    createOfShape: () => createShapeJudge(createOutcomes(answered, failedOfShapes, now), createRow(now), isFailure),
    ofTarget: toJudge({
      works: ({ target }) => answered.add(target),
      fails: (error, { target, isProbe }) =>
        isFailure(error, target) || isHiddenByPage(error) || (isProbe && isSenseless(error)),
      isShown: (target) => answered.ageMs(target) < shownForMs,
    }),
    isKnown: (target) => answered.has(target) && !failedOfShapes.has(target),
    isKnownOfPart: (target) => answered.has(target) && !failedOfParts.has(target),
  };
}

function createPartJudge(outcomes: Outcomes, row: Row): KnowingJudge {
  let ofKinds = new Map<string, number>();
  const judge = toJudge({
    works: ({ target }) => outcomes.works(target),
    endsRow() {
      ofKinds = new Map();
      row.end();
    },
    fails(error, { target, kind, isProbe }) {
      const isLong = row.isLong();
      if (isDown(error) || outcomes.isAmiss(error, target)) row.add(target);
      if (!isDown(error) && !(isLong && isPage(error))) return false;
      const before = ofKinds.get(kind) ?? 0;
      const isOfAll = isLong || isWhateverIsAsked(error);
      if (!isProbe && (before >= maxOfKind || !outcomes.tells(target, isOfAll))) return false;
      outcomes.fails(target);
      if (!isProbe) ofKinds.set(kind, before + 1);
      return true;
    },
    // What made no sense came from a server that can be asked, unless a host shows one page in the place of all.
    isAnswer: (error) => isSenseless(error) && !(isPage(error) && row.isLong()),
    isShown: outcomes.isShown,
  });
  return { judge, isKnown: outcomes.isKnown };
}

/** Judges whether anything listens where WordPress should: no caller has a hand in that, and any answer shows that it does. */
export const judgeReach: Judge = (error) => {
  if (error === undefined) return 'works';
  if (!(error instanceof UpstreamError) || isUnsent(error)) return 'unknown';
  if (isUnreachable(error)) return 'fails';
  return isUnanswered(error) ? 'unknown' : 'works';
};

/**
 * Judges whether WordPress gives nothing to anybody; targets are users. Each of them counts once until it works for
 * somebody, or one account that breaks a plugin would do for all.
 */
export function createCrowdJudge(now: Now = sinceStart): Judge {
  let workedAt = Number.NEGATIVE_INFINITY;
  let failed = new Set<string>();
  let ofKinds = new Map<string, number>();
  return toJudge({
    works() {
      workedAt = now();
    },
    endsRow() {
      failed = new Set();
      ofKinds = new Map();
    },
    fails(error, { target: user, kind, isProbe }) {
      if (!isDown(error) || now() - workedAt < worksForMs) return false;
      if (isProbe) return true;
      if (failed.has(user)) return false;
      const before = ofKinds.get(kind) ?? 0;
      if (before >= maxOfKind) return false;
      failed.add(user);
      ofKinds.set(kind, before + 1);
      return true;
    },
    isAnswer: isSenseless,
  });
}

function createShapeJudge(
  outcomes: Outcomes,
  row: Row,
  isFailure: (error: UpstreamError, target: string) => boolean,
): KnowingJudge {
  const judge = toJudge({
    works: ({ target }) => outcomes.works(target),
    endsRow: row.end,
    fails(error, { target, isProbe }) {
      const isLong = row.isLong();
      if (isDown(error) || outcomes.isAmiss(error, target)) row.add(target);
      const isOfAll = isLong || isWhateverIsAsked(error) || isEndless(error);
      const hasFailed = isProbe
        ? isDown(error) || isSenseless(error) || isPage(error)
        : (isFailure(error, target) || (isLong && isPage(error))) && outcomes.tells(target, isOfAll);
      if (hasFailed) outcomes.fails(target);
      return hasFailed;
    },
    isShown: outcomes.isShown,
  });
  return { judge, isKnown: outcomes.isKnown, holdsOut: isEndless };
}

type Row = ReturnType<typeof createRow>;

/** Different questions in a row that came to nothing. */
function createRow(now: Now) {
  let row = new Set<string>();
  let startedAt = 0;
  return {
    add(target: string) {
      if (row.size === 0) startedAt = now();
      if (row.size < longRow) row.add(target);
    },
    isLong: () => row.size >= longRow && now() - startedAt >= longRowMs,
    end() {
      row = new Set();
    },
  };
}

type Outcomes = ReturnType<typeof createOutcomes>;

/** What came of questions: each that came to nothing counts once until it is answered. */
function createOutcomes(answered: Targets, failed: Targets, now: Now) {
  let workedAt = Number.NEGATIVE_INFINITY;
  return {
    works(target: string) {
      workedAt = now();
      answered.add(target);
      failed.delete(target);
    },
    fails: (target: string) => failed.add(target),
    /** Whether anything was answered a while ago. */
    isShown: () => now() - workedAt < shownForMs,
    /** Whether a page is out of place. Firewalls refuse some questions for good: only what was answered tells of a wall. */
    isAmiss: (error: UpstreamError, target: string) =>
      isPage(error) && (!isHiddenByPage(error) || answered.has(target)),
    /** Whether it was answered when it was asked last. */
    isKnown: (target: string) => answered.has(target) && !failed.has(target),
    /** Whether it tells of more than itself that it came to nothing; what is new does not, while others are answered. */
    tells: (target: string, isOfAll: boolean) =>
      !failed.has(target) && (isOfAll || answered.has(target) || now() - workedAt >= worksForMs),
  };
}

interface Rules {
  /** Told of what was answered. */
  readonly works: (judged: Judged) => void;
  /** Told whenever WordPress works: failures are in a row no more. */
  readonly endsRow?: () => void;
  readonly fails: (error: UpstreamError, judged: Judged) => boolean;
  /** Which failures tell a probe that WordPress is back. */
  readonly isAnswer?: (error: UpstreamError) => boolean;
  /** Whether there were answers a while ago, so that a page that refuses is none. */
  readonly isShown?: (target: string) => boolean;
}

function toJudge({ works, endsRow, fails, isAnswer = () => false, isShown = () => false }: Rules): Judge {
  const judge: Judge = (error, judged) => {
    if (error === undefined) {
      works(judged);
      return 'works';
    }
    if (!(error instanceof UpstreamError) || isUnsent(error)) return 'unknown';
    // A refusal comes from a WordPress that works, unless it may be somebody else's.
    const isRefused = isRefusal(error) && !(isHiddenByPage(error) && isShown(judged.target));
    if (isRefused || (judged.isProbe && isAnswer(error))) return 'works';
    return fails(error, judged) ? 'fails' : 'unknown';
  };
  return (error, judged) => {
    const verdict = judge(error, judged);
    if (verdict === 'works') endsRow?.();
    return verdict;
  };
}

const targetsBytes = 512 * 1024;

type Targets = ReturnType<typeof createTargets>;

/** Some thousands of targets, and when each was added last. */
function createTargets(now: Now) {
  const targets = createBoundedMap<{ readonly at: number }>({ maxBytes: targetsBytes, bytesOf: () => 0 });
  return {
    has: (name: string) => targets.get(name) !== undefined,
    ageMs: (name: string) => now() - (targets.get(name)?.at ?? Number.NEGATIVE_INFINITY),
    add: (name: string) => targets.set(name, { at: now() }),
    delete: (name: string) => targets.delete(name),
  };
}

/** Whether it was not asked, which says nothing about WordPress. */
function isUnsent({ code, details }: UpstreamError): boolean {
  return code === 'OVERLOADED' || details.isNotAsked === true;
}

/** Whether an error cannot be about what was asked. */
function isWhateverIsAsked(error: UpstreamError): boolean {
  return error.code === 'UPSTREAM_RATE_LIMITED' || isUnreachable(error);
}

/** Whether nobody answered: that takes the place of others in the line. */
function isEndless(error: UpstreamError): boolean {
  return error.code === 'UPSTREAM_TIMEOUT';
}

/** Whether WordPress, or what it runs on, gave nothing. */
function isDown({ code, details: { kind } }: UpstreamError): boolean {
  if (code === 'UPSTREAM_NOT_JSON') return kind === 'challenge' || kind === 'maintenance';
  // PHP may end with nothing at all at an error.
  if (code === 'UPSTREAM_BAD_RESPONSE') return kind === 'empty';
  return /^UPSTREAM_(?:UNAVAILABLE|TIMEOUT|TLS|RATE_LIMITED|ERROR)$/.test(code);
}

/** Whether something for people came in the place of an answer, be it to refuse it. */
function isPage(error: UpstreamError): boolean {
  return (error.code === 'UPSTREAM_NOT_JSON' && isSenseless(error)) || isHiddenByPage(error);
}

/** Whether an answer is none of the REST API, and nothing else is known of it. */
function isSenseless(error: UpstreamError): boolean {
  return /^UPSTREAM_(?:BAD_RESPONSE|NOT_JSON|REDIRECT|TOO_LARGE)$/.test(error.code) && !isDown(error);
}
