// Owns when a breaker opens, whom it lets through while it is open, and how it closes.

import { describe, expect, it } from 'vitest';
import { UpstreamError, type UpstreamErrorCode, type UpstreamErrorDetails } from '../../../src/errors.ts';
import { type BreakerOptions, createBreaker } from '../../../src/wordpress/breaker.ts';
import { createJudges, type Judges } from '../../../src/wordpress/verdicts.ts';

const ofPart = ({ createOfPart }: Judges) => createOfPart();
const ofShape = ({ createOfShape }: Judges) => createOfShape();
const ofTarget = ({ ofTarget: judge }: Judges) => ({ judge });

/** A breaker with a clock of its own, and what it did. */
function openBreaker(
  judgeOf: (judges: Judges) => Pick<BreakerOptions, 'judge' | 'isKnown'> = ofPart,
  options: Partial<BreakerOptions> = {},
) {
  let time = 0;
  let made = 0;
  const events: string[] = [];
  const breaker = createBreaker({
    onOpen: (_failure, waitMs) => events.push(`open ${waitMs}`),
    onClose: () => events.push('closed'),
    ...judgeOf(createJudges(() => time)),
    ...options,
    now: () => time,
    random: () => 0.5,
  });
  const call = async (outcome: Error | 'good', target = `/${made}`, kind = target): Promise<string> => {
    try {
      await breaker.run({ label: 'GET /x', kind, target }, async () => {
        made += 1;
        if (outcome !== 'good') throw outcome;
      });
      return 'good';
    } catch (error) {
      return error instanceof UpstreamError ? `${error.code} ${error.details.retryAfterSeconds ?? ''}`.trim() : 'other';
    }
  };
  return {
    events,
    call,
    breaker,
    made: () => made,
    pass: (ms: number) => {
      time += ms;
    },
    async fail(times: number, error: Error) {
      for (let index = 0; index < times; index++) await call(error);
    },
  };
}

const failure = (code: UpstreamErrorCode, details: UpstreamErrorDetails = {}) =>
  new UpstreamError(code, 'GET /x', details);
const down = failure('UPSTREAM_UNAVAILABLE');

describe('a breaker', () => {
  it('opens after five failures in a row, and makes no call then', async () => {
    const { fail, call, made, events } = openBreaker();
    await fail(4, down);
    expect(events).toEqual([]);
    await fail(1, down);
    expect(events).toEqual(['open 5000']);
    expect(await call('good')).toBe('UPSTREAM_UNAVAILABLE 5');
    expect(made()).toBe(5);
  });

  it('takes nothing at all for what PHP does at an error, of one page or of all', async () => {
    const { call, events } = openBreaker();
    const empty = failure('UPSTREAM_BAD_RESPONSE', { kind: 'empty' });
    for (let time = 0; time < 6; time++) await call(empty, '/one');
    expect(events).toEqual([]);
    for (const target of ['/two', '/three', '/four', '/five']) await call(empty, target);
    expect(events).toEqual(['open 5000']);
    const other = openBreaker();
    for (let time = 0; time < 6; time++) await other.call(failure('UPSTREAM_BAD_RESPONSE'));
    expect(other.events).toEqual([]);
  });

  it('opens where half of the last calls fail', async () => {
    const { call, events } = openBreaker();
    for (let index = 0; index < 10; index++) await call('good', `/${index}`);
    for (let index = 0; index < 9; index++) {
      await call(down, `/${index}`);
      await call('good', '/works');
    }
    expect(events).toEqual([]);
    await call(down, '/9');
    expect(events).toEqual(['open 5000']);
  });

  it.each([
    'UPSTREAM_NOT_FOUND',
    'UPSTREAM_FORBIDDEN',
    'UPSTREAM_REFUSED',
    'UPSTREAM_BAD_RESPONSE',
    'OVERLOADED',
  ] as const)('takes %s for no failure', async (code) => {
    const { fail, events } = openBreaker();
    await fail(30, failure(code));
    expect(events).toEqual([]);
  });

  it('does not open for one address that fails, however often', async () => {
    const { call, events } = openBreaker();
    for (let index = 0; index < 30; index++) await call(failure('UPSTREAM_ERROR'), '/broken');
    expect(events).toEqual([]);
  });

  it('opens for as long as WordPress asks, five minutes at most', async () => {
    const { call, events, pass } = openBreaker();
    await call(failure('UPSTREAM_RATE_LIMITED', { retryAfterSeconds: 60 }));
    expect(await call('good')).toBe('UPSTREAM_RATE_LIMITED 60');
    pass(60_000);
    expect(await call('good')).toBe('good');
    await call(failure('UPSTREAM_RATE_LIMITED', { retryAfterSeconds: 86_400 }));
    expect(events).toEqual(['open 60000', 'closed', 'open 300000']);
  });

  it('does not believe how long it takes until WordPress is back', async () => {
    const { fail, events } = openBreaker();
    await fail(4, failure('UPSTREAM_UNAVAILABLE', { status: 503, retryAfterSeconds: 600 }));
    expect(events).toEqual([]);
    await fail(1, failure('UPSTREAM_UNAVAILABLE', { status: 503, retryAfterSeconds: 600 }));
    expect(events).toEqual(['open 5000']);
  });

  it('lets one call through at a time when the wait is over', async () => {
    const { fail, pass, breaker, call, events } = openBreaker();
    await fail(5, down);
    pass(5000);
    let finish = () => {};
    const probe = breaker.run(
      { label: 'GET /x', kind: 'x', target: '/' },
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    expect(await call('good')).toBe('UPSTREAM_UNAVAILABLE 1');
    finish();
    await probe;
    expect(events).toEqual(['open 5000', 'closed']);
    expect(await call('good')).toBe('good');
  });

  it('waits longer after a probe that fails, and never so long that it is noticed late that WordPress is back', async () => {
    const { fail, pass, events } = openBreaker();
    await fail(5, down);
    for (let probe = 0; probe < 6; probe++) {
      pass(60_000);
      await fail(1, down);
    }
    expect(events).toEqual([5000, 7500, 7500, 7500, 7500, 7500, 7500].map((ms) => `open ${ms}`));
  });

  it('does not wait once more for what a probe has waited for already', async () => {
    const { fail, pass, breaker, call, events, made } = openBreaker();
    await fail(5, down);
    pass(5000);
    const late = breaker.run({ label: 'GET /x', kind: 'x', target: '/' }, async () => {
      await null;
      pass(9000);
      throw failure('UPSTREAM_TIMEOUT');
    });
    await expect(late).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    expect(events).toEqual(['open 5000', 'open 0']);
    expect(await call('good')).toBe('good');
    expect(made()).toBe(6);
  });

  it('tells a call that waited for its turn that it has opened since, and one that finds out that it is the one', async () => {
    const { breaker, fail, pass } = openBreaker();
    let start = () => {};
    const turn = new Promise<void>((resolve) => {
      start = resolve;
    });
    const waiting = breaker.run({ label: 'GET /x', kind: 'x', target: '/waiting' }, async ({ isProbe, check }) => {
      await turn;
      check();
      return isProbe;
    });
    await fail(5, down);
    start();
    await expect(waiting).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    pass(5000);
    expect(await breaker.run({ label: 'GET /x', kind: 'x', target: '/probe' }, async ({ isProbe }) => isProbe)).toBe(
      true,
    );
    expect(await breaker.run({ label: 'GET /x', kind: 'x', target: '/next' }, async ({ isProbe }) => isProbe)).toBe(
      false,
    );
  });

  it('closes where WordPress refuses, since it works', async () => {
    const { fail, pass, call, events } = openBreaker();
    await fail(5, down);
    pass(5000);
    await call(failure('UPSTREAM_NOT_FOUND'));
    expect(events).toEqual(['open 5000', 'closed']);
  });

  it('lets another call try where the one that tried was given up', async () => {
    const { fail, pass, call, events } = openBreaker();
    await fail(5, down);
    pass(5000);
    expect(await call(new Error('gone'))).toBe('other');
    // Nothing is known of it, which is no reason to ask more often than once a second.
    expect(await call('good')).toBe('UPSTREAM_UNAVAILABLE 1');
    pass(1000);
    expect(await call('good')).toBe('good');
    expect(events).toEqual(['open 5000', 'closed']);
  });
});

describe('a breaker of a part of a site', () => {
  const open = () => openBreaker(ofPart, { onlyInARow: true });

  it('does not open for one question, whatever comes of it', async () => {
    for (const error of [down, failure('UPSTREAM_TIMEOUT'), failure('UPSTREAM_ERROR')]) {
      const { call, events } = open();
      for (let index = 0; index < 30; index++) await call(error, '/broken');
      expect(events).toEqual([]);
    }
  });

  it('opens where questions of two kinds come to nothing, and not for all of one kind', async () => {
    const { call, events } = open();
    for (let index = 0; index < 30; index++) await call(down, `/pages/${index}`, 'pages');
    expect(events).toEqual([]);
    for (let index = 0; index < 2; index++) await call(down, `/posts/${index}`, 'posts');
    expect(events).toEqual(['open 5000']);
  });

  it('opens as soon as ever after a refusal, which ends the row', async () => {
    const { call, events } = open();
    for (let index = 0; index < 3; index++) await call(down, `/posts/${index}`, 'posts');
    await call(failure('UPSTREAM_NOT_FOUND'), '/gone', 'posts');
    for (let index = 3; index < 6; index++) await call(down, `/posts/${index}`, 'posts');
    for (let index = 0; index < 2; index++) await call(down, `/pages/${index}`, 'pages');
    expect(events).toEqual(['open 5000']);
  });

  it('stays closed where another kind is answered in between', async () => {
    const { call, events } = open();
    for (let index = 0; index < 30; index++) {
      await call(down, `/pages/${index}`, 'pages');
      await call('good', `/posts/${index}`, 'posts');
    }
    expect(events).toEqual([]);
  });

  it('opens again by whatever question does not come to anything, and closes by JSON that makes no sense', async () => {
    const { call, events, pass } = open();
    for (const target of ['/1', '/2', '/3', '/4', '/5']) await call(down, target, target);
    pass(5000);
    await call(failure('UPSTREAM_ERROR'), '/1');
    pass(7500);
    await call(failure('UPSTREAM_BAD_RESPONSE'), '/1');
    expect(events).toEqual(['open 5000', 'open 7500', 'closed']);
  });
});

describe.each([
  ['a part of a site', ofPart],
  ['questions of one shape', ofShape],
])('a breaker of %s', (_, judgeOf) => {
  const targets = ['/1', '/2', '/3', '/4', '/5'];

  it('stays closed for what was never answered while others are, and opens once none was for ten seconds', async () => {
    const { call, fail, pass, events } = openBreaker(judgeOf, { onlyInARow: true });
    for (let second = 0; second < 30; second++) {
      await call('good');
      await fail(20, down);
      pass(1000);
    }
    expect(events).toEqual([]);
    pass(9000);
    await fail(5, down);
    expect(events).toEqual(['open 5000']);
  });

  it('opens at once for what was answered before, however new that is', async () => {
    const { call, events } = openBreaker(judgeOf, { onlyInARow: true });
    for (const target of targets) await call('good', target);
    for (const target of targets) await call(down, target);
    expect(events).toEqual(['open 5000']);
  });

  it('opens at once for what cannot be about the question', async () => {
    const gone = failure('UPSTREAM_UNAVAILABLE', { cause: Object.assign(new Error(), { code: 'ECONNREFUSED' }) });
    const { call, fail, events } = openBreaker(judgeOf, { onlyInARow: true });
    await call('good');
    await fail(5, gone);
    await fail(1, failure('UPSTREAM_RATE_LIMITED', { retryAfterSeconds: 60 }));
    expect(events).toEqual(['open 5000']);
  });

  it('lets what was answered when it was asked last find out sooner', async () => {
    const { call, fail, pass, events } = openBreaker(judgeOf, { onlyInARow: true });
    for (const target of ['/first', '/second']) await call('good', target);
    pass(10_000);
    await fail(5, down);
    pass(3749);
    expect(await call('good', '/first')).toBe('UPSTREAM_UNAVAILABLE 1');
    pass(1);
    expect(await call('good', '/new')).toBe('UPSTREAM_UNAVAILABLE 2');
    expect(await call(down, '/first')).toBe('UPSTREAM_UNAVAILABLE');
    pass(5625);
    expect(await call('good', '/first')).toBe('UPSTREAM_UNAVAILABLE 2');
    expect(await call('good', '/second')).toBe('good');
    expect(events).toEqual(['open 5000', 'open 7500', 'closed']);
  });
});

describe('a breaker of what makes sense', () => {
  const page = failure('UPSTREAM_NOT_JSON', { kind: 'html' });
  const targets = ['/1', '/2', '/3', '/4', '/5'];

  it('opens where pages come in the place of five answers that were there before', async () => {
    const { call, events } = openBreaker(ofShape);
    for (const target of targets) await call('good', target);
    for (const target of targets) await call(page, target);
    expect(events).toEqual(['open 5000']);
  });

  it('takes JSON that is no answer, and the way to elsewhere, for the same', async () => {
    const { call, events } = openBreaker(ofShape);
    for (const target of targets) await call('good', target);
    for (const target of targets.slice(0, 3)) await call(failure('UPSTREAM_BAD_RESPONSE'), target);
    for (const target of targets.slice(3)) await call(failure('UPSTREAM_REDIRECT'), target);
    expect(events).toEqual(['open 5000']);
  });

  it('stays closed where nothing else was there before, or it is one question only', async () => {
    const { call, events } = openBreaker(ofShape);
    for (let index = 0; index < 24; index++) await call(page);
    await call('good', '/one');
    for (let index = 0; index < 20; index++) await call(page);
    await call('good', '/one');
    for (let index = 0; index < 30; index++) await call(page, '/one');
    expect(events).toEqual([]);
  });

  it.each([
    ['pages', page],
    ['failures', down],
  ])('opens where nothing but %s come for many, shortly after others were answered', async (_name, error) => {
    const { call, events, pass } = openBreaker(ofShape);
    await call('good', '/one');
    for (let index = 0; index < 50; index++) await call(error);
    expect(events).toEqual([]);
    pass(3000);
    for (let index = 0; index < 4; index++) await call(error);
    expect(events).toEqual([]);
    await call(error);
    expect(events).toEqual(['open 5000']);
  });

  const hours = (count: number) => count * 3_600_000;
  const many = Array.from({ length: 24 }, (_, index) => `/${index}`);
  const wall = failure('UPSTREAM_FORBIDDEN', { status: 403 });

  it.each([
    ['a part', ofPart],
    ['a shape', ofShape],
  ])('of %s opens where pages refuse many that were answered, and closes once one is', async (_name, judgeOf) => {
    const { call, events, pass } = openBreaker(judgeOf);
    for (const target of many) await call('good', target);
    for (const target of many) await call(wall, target);
    expect(events).toEqual([]);
    pass(3000);
    for (const target of many.slice(0, 12)) await call(wall, target, target);
    expect(events).toEqual(['open 5000']);
    pass(5000);
    await call(failure('UPSTREAM_NOT_FOUND', { status: 404 }), '/1');
    pass(7500);
    await call('good', '/1');
    expect(events).toEqual(['open 5000', 'open 7500', 'closed']);
  });

  it.each([
    ['that were never answered', wall, false],
    ["in WordPress's words", failure('UPSTREAM_FORBIDDEN', { status: 403, restCode: 'rest_forbidden' }), true],
  ])('takes refusals %s for no outage', async (_name, refusal, isOfKnown) => {
    const { call, events, pass } = openBreaker(ofShape);
    for (const target of many) await call('good', target);
    for (let round = 0; round < 4; round++) {
      for (const target of many) await call(refusal, isOfKnown ? target : `/x${target}`);
      pass(3000);
    }
    expect(events).toEqual([]);
  });

  it('takes pages that refuse for what has come to stay where nothing was answered for an hour', async () => {
    const { call, events, pass } = openBreaker(ofShape);
    for (const target of many) await call('good', target);
    for (const target of many) await call(wall, target);
    pass(3000);
    for (const target of many.slice(0, 5)) await call(wall, target);
    pass(hours(1));
    await call(wall, '/1');
    pass(3000);
    for (const target of many) await call(wall, target);
    expect(events).toEqual(['open 5000', 'closed']);
  });

  it('of one question opens where that comes to nothing five times', async () => {
    const { call, events, pass } = openBreaker(ofTarget);
    await call('good', '/one');
    for (const outcome of [page, failure('UPSTREAM_ERROR'), page, page]) await call(outcome, '/one');
    expect(events).toEqual([]);
    await call(page, '/one');
    expect(events).toEqual(['open 5000']);
    pass(5000);
    await call('good', '/one');
    expect(events).toEqual(['open 5000', 'closed']);
  });

  it('of one question opens where a page refuses it five times, for an hour after its last answer at most', async () => {
    const { call, events, pass, fail } = openBreaker(ofTarget);
    await fail(6, wall);
    await call('good', '/one');
    for (let index = 0; index < 5; index++) await call(wall, '/one');
    expect(events).toEqual(['open 5000']);
    pass(hours(1));
    for (let index = 0; index < 6; index++) await call(wall, '/one');
    expect(events).toEqual(['open 5000', 'closed']);
  });

  it('of one question stays closed where it was never answered', async () => {
    const { call, events } = openBreaker(ofTarget);
    for (let index = 0; index < 30; index++) await call(page, '/one');
    expect(events).toEqual([]);
  });

  it('opens where five questions come to nothing, each of which counts once until it is answered', async () => {
    const { call, events } = openBreaker(ofShape);
    for (const target of [...targets.slice(1), ...targets.slice(1), ...targets.slice(1)]) await call(down, target);
    expect(events).toEqual([]);
    await call(down, '/1');
    expect(events).toEqual(['open 5000']);
  });

  it('closes once there is an answer again, or a refusal, and not by a page of whatever question', async () => {
    const { call, events, pass } = openBreaker(ofShape);
    for (const target of targets) await call('good', target);
    for (const target of targets) await call(page, target);
    pass(5000);
    await call(page, '/new');
    pass(7500);
    await call(failure('UPSTREAM_REFUSED'), '/1');
    expect(events).toEqual(['open 5000', 'open 7500', 'closed']);
  });
});
