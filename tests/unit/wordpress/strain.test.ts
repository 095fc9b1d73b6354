// Owns which failures slow down what WordPress is asked, and how far.

import { expect, it } from 'vitest';
import { UpstreamError, type UpstreamErrorCode } from '../../../src/errors.ts';
import { createLimiter } from '../../../src/wordpress/limiter.ts';
import { createStrain } from '../../../src/wordpress/strain.ts';

type Question = ReturnType<ReturnType<typeof createWatched>['ask']>;

const open = new AbortController().signal;
const busy = failureOf('UPSTREAM_UNAVAILABLE', 503);

function failureOf(code: UpstreamErrorCode, status?: number): UpstreamError {
  return new UpstreamError(code, 'GET /x', status === undefined ? {} : { status });
}

/** A limiter with eight slots, of which some are taken, and tries of questions of anybody that were never answered. */
function createWatched(active: number) {
  const limiter = createLimiter({ maxConcurrent: 8, firstSlots: 8, maxQueued: 0, queueTimeoutMs: 10_000 });
  for (let task = 0; task < active; task++) void limiter.run(() => new Promise(() => undefined), open);
  const watchStrain = createStrain(limiter);
  const watch = (known = { isOpen: true, isKnown: false }) =>
    watchStrain({ isOpen: known.isOpen, isKnown: () => known.isKnown });
  const ask = (known?: { readonly isOpen: boolean; readonly isKnown: boolean }) => {
    const { began, answered, failed } = watch(known);
    return {
      answered() {
        began();
        answered();
      },
      failed(failure: UpstreamError) {
        began();
        failed(failure);
      },
    };
  };
  return { limiter, ask, watch };
}

it('503 to new questions among many leaves two slots', () => {
  const { limiter, ask } = createWatched(6);
  ask().failed(busy);
  expect(limiter.slots).toBe(4);
  for (let question = 0; question < 9; question++) ask().failed(busy);
  expect(limiter.slots).toBe(2);
});

it.each([
  ['as it is tried again', (question: Question) => question.answered()],
  ['with a refusal', (question: Question) => question.failed(failureOf('UPSTREAM_NOT_FOUND', 404))],
])('503 to a new question among few is no sign, until it is answered %s', (_, end) => {
  const { limiter, ask } = createWatched(2);
  const question = ask();
  for (let time = 0; time < 3; time++) question.failed(busy);
  expect(limiter.slots).toBe(8);
  end(question);
  expect(limiter.slots).toBe(4);
});

it('503 to a new question that was among few at first, and among many then, is a sign', () => {
  const { limiter, ask, watch } = createWatched(2);
  const [first, second] = [watch(), watch()];
  first.began();
  void limiter.run(() => new Promise(() => undefined), open);
  second.began();
  first.failed(busy);
  expect(limiter.slots).toBe(4);
  ask().failed(busy);
  expect(limiter.slots).toBe(2);
});

it('503 to what was answered before is a sign however few are asked, and leaves one slot', () => {
  const { limiter, ask } = createWatched(1);
  for (let question = 0; question < 9; question++) ask({ isOpen: true, isKnown: true }).failed(busy);
  expect(limiter.slots).toBe(1);
});

it.each([
  ['a time-out', failureOf('UPSTREAM_TIMEOUT'), 4, 4],
  ['429', failureOf('UPSTREAM_RATE_LIMITED', 429), 4, 8],
  ['408 among few', failureOf('UPSTREAM_TIMEOUT', 408), 8, 8],
  ['500', failureOf('UPSTREAM_ERROR', 500), 8, 8],
  ['an end of the connection', failureOf('UPSTREAM_UNAVAILABLE'), 8, 8],
] as const)('%s is one of anybody, or of a caller, or of neither', (_, failure, ofAnybody, ofCaller) => {
  const slots = [true, false].map((isOpen) => {
    const { limiter, ask } = createWatched(1);
    ask({ isOpen, isKnown: false }).failed(failure);
    return limiter.slots;
  });
  expect(slots).toEqual([ofAnybody, ofCaller]);
});
