// Owns asking for several things at once: what fails is found in few requests, and in an outage hardly more are sent.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LimitError, UpstreamError } from '../../../src/errors.ts';
import { createAskMany } from '../../../src/loaders/ask-many.ts';
import { createTrace } from '../../../src/loaders/trace.ts';

const fault = () => new UpstreamError('UPSTREAM_ERROR', 'GET /x: 500', { status: 500 });
const items = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

/** Asking a site where some things fail; what was asked is printed as `1,2,3`, and what failed as its ids. */
function open(failing: (part: readonly number[]) => Error | null, maySearch = () => true) {
  const clock = { now: 0 };
  const askMany = createAskMany(() => clock.now)({ maySearch });
  const run = async (ids: readonly number[], kind = 'post') => {
    const asked: string[] = [];
    const failures = await askMany(kind, ids, async (part) => {
      asked.push(part.join());
      const error = failing(part);
      if (error) throw error;
      return null;
    });
    return { asked, failures, failed: [...failures.keys()].sort((a, b) => a - b) };
  };
  return { clock, run };
}

const without =
  (...bad: readonly number[]) =>
  (part: readonly number[]) =>
    part.some((id) => bad.includes(id)) ? fault() : null;

describe('of several things', () => {
  it('one that fails is found by halves, and is asked for by itself for a minute', async () => {
    const { clock, run } = open(without(3));
    const first = await run(items(8));
    expect(first.asked).toEqual(['1,2,3,4,5,6,7,8', '1,2,3,4', '5,6,7,8', '1,2', '3,4', '3', '4']);
    expect(first.failed).toEqual([3]);
    clock.now += 50_000;
    expect(await run(items(8))).toMatchObject({ asked: ['1,2,4,5,6,7,8', '3'], failed: [3] });
    clock.now += 50_000;
    expect((await run(items(4))).asked).toEqual(['1,2,4', '3']);
    expect((await run(items(4), 'page')).asked).toHaveLength(5);
    clock.now += 60_000;
    expect((await run(items(4))).asked).toEqual(['1,2,3,4', '1,2', '3,4', '3', '4']);
  });

  it('one is looked for as long as the operation may ask more, and so no longer than half of its calls', async () => {
    const trace = createTrace();
    const { run } = open(without(3), () => trace.maySearch());
    for (let calls = 0; calls < 29; calls++) trace.countCall();
    expect((await run(items(8))).asked).toHaveLength(7);
    trace.countCall();
    expect(await run(items(8), 'page')).toMatchObject({ asked: ['1,2,3,4,5,6,7,8'], failed: items(8) });
    const others = createTrace();
    const some = open(without(3), () => others.maySearch());
    for (const kind of ['post', 'page', 'user', 'tag', 'book']) await some.run(items(8), kind);
    expect((await some.run(items(8), 'media')).asked).toHaveLength(1);
  });

  it('one works again as soon as it does, and goes with the others again after the minute', async () => {
    let isDown = true;
    const { clock, run } = open((part) => (isDown ? without(3)(part) : null));
    await run(items(4));
    isDown = false;
    expect(await run(items(4))).toMatchObject({ asked: ['1,2,4', '3'], failed: [] });
    clock.now += 60_000;
    expect(await run(items(4))).toMatchObject({ asked: ['1,2,3,4'], failed: [] });
  });

  it('one is found, and so are two, in no more than twice and four times as many requests as there are halvings', async () => {
    const sizes = fc.integer({ min: 2, max: 100 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async (size, one, two) => {
        // The last one tells whether anything works, where it is one of each half that fails.
        const bad = [...new Set([1 + (one % (size - 1)), 1 + (two % (size - 1))])];
        const { run } = open(without(...bad));
        const { asked, failed } = await run(items(size));
        expect(failed).toEqual(bad.sort((a, b) => a - b));
        expect(asked.length).toBeLessThanOrEqual(2 + 2 * bad.length * Math.ceil(Math.log2(size)));
      }),
    );
  });

  it('many that fail cost no more than two would, and those beyond are asked for together from then on', async () => {
    const bad = [2, 9, 17, 25, 33, 41, 49, 57];
    const { run } = open(without(...bad));
    const first = await run(items(64));
    expect(first.asked).toHaveLength(1 + 4 * 6);
    const runs = [];
    for (let time = 0; time < 6; time += 1) runs.push(await run(items(64)));
    for (const { asked } of runs) expect(asked.length).toBeLessThanOrEqual(1 + 4 * 6 + 5);
    const last = runs.at(-1);
    expect(last?.failed).toEqual(bad);
    expect(last?.asked.map((part) => part.split(',').length)).toEqual([56, 1, 1, 1, 1, 4]);
  });

  it('all fail: it takes three requests more to see that, and none in the next ten seconds', async () => {
    let isDown = true;
    const { clock, run } = open(() => (isDown ? fault() : null));
    const first = await run(items(8));
    expect(first.asked).toEqual(['1,2,3,4,5,6,7,8', '1,2,3,4', '5,6,7,8', '8']);
    expect(first.failed).toEqual(items(8));
    clock.now += 5000;
    expect((await run(items(8))).asked).toHaveLength(1);
    clock.now += 5000;
    expect((await run(items(8))).asked).toHaveLength(4);
    isDown = false;
    // Nothing was taken for broken.
    expect(await run(items(8))).toMatchObject({ asked: ['1,2,3,4,5,6,7,8'], failed: [] });
    isDown = true;
    expect((await run(items(2))).asked).toEqual(['1,2', '1', '2']);
  });

  it('some in each half fail: one by itself tells that others work', async () => {
    const { run } = open(without(1, 5));
    const { asked, failed } = await run(items(8));
    expect(asked.slice(0, 4)).toEqual(['1,2,3,4,5,6,7,8', '1,2,3,4', '5,6,7,8', '8']);
    expect(failed).toEqual([1, 5]);
  });

  it.each([
    ['takes too long', new UpstreamError('UPSTREAM_TIMEOUT', 'x')],
    ['cannot be reached', new UpstreamError('UPSTREAM_UNAVAILABLE', 'x', { cause: { code: 'ECONNREFUSED' } })],
    ['is not available', new UpstreamError('UPSTREAM_UNAVAILABLE', 'x', { status: 503 })],
    ['is left alone', new UpstreamError('UPSTREAM_UNAVAILABLE', 'x', { status: 502, isNotAsked: true })],
    ['asks for fewer requests', new UpstreamError('UPSTREAM_RATE_LIMITED', 'x', { status: 429 })],
    ['is in maintenance', new UpstreamError('UPSTREAM_NOT_JSON', 'x', { kind: 'maintenance' })],
    ['has too much to do', new UpstreamError('OVERLOADED', 'x')],
    ['refuses a parameter', new UpstreamError('UPSTREAM_REFUSED', 'x', { status: 400, restCode: 'rest_x' })],
  ])('none is searched for where WordPress %s', async (_, error) => {
    const { run } = open((part) => (part.includes(3) ? error : null));
    expect(await run(items(8))).toMatchObject({ asked: ['1,2,3,4,5,6,7,8'], failed: items(8) });
  });

  it.each([
    ['ends by a signal behind a proxy', new UpstreamError('UPSTREAM_UNAVAILABLE', 'x', { status: 502 })],
    ['closes the connection', new UpstreamError('UPSTREAM_UNAVAILABLE', 'x', { cause: { code: 'ECONNRESET' } })],
    ['ends with nothing', new UpstreamError('UPSTREAM_BAD_RESPONSE', 'x', { kind: 'empty' })],
    ['shows a page', new UpstreamError('UPSTREAM_NOT_JSON', 'x', { kind: 'html' })],
    ['forbids it', new UpstreamError('UPSTREAM_FORBIDDEN', 'x', { status: 403, restCode: 'rest_cannot_read_post' })],
    ['is kept from it', new UpstreamError('UPSTREAM_REFUSED', 'x', { status: 406 })],
    ['says too much', new UpstreamError('UPSTREAM_TOO_LARGE', 'x')],
  ])('one is found where WordPress %s', async (_, error) => {
    const { run } = open((part) => (part.includes(3) ? error : null));
    const { failed, failures } = await run(items(8));
    expect(failed).toEqual([3]);
    expect(failures.get(3)).toBe(error);
  });

  it('those that an address has no room for are asked for in parts, however often that takes', async () => {
    const tooLong = new UpstreamError('UPSTREAM_REFUSED', 'x', { status: 414 });
    const { run } = open((part) => (part.length > 2 ? tooLong : null));
    const { asked, failed } = await run(items(16));
    expect(asked.map((part) => part.split(',').length)).toEqual([16, 8, 8, 4, 4, 4, 4, ...Array(8).fill(2)]);
    expect(failed).toEqual([]);
  });

  it('each has the outcome of its own part', async () => {
    const refused = new UpstreamError('UPSTREAM_FORBIDDEN', 'x', { status: 403 });
    const tooLong = new UpstreamError('UPSTREAM_REFUSED', 'x', { status: 414 });
    const { run } = open((part) => (part.length > 2 ? tooLong : part.includes(1) ? refused : null));
    const { failures } = await run(items(4));
    expect([...failures]).toEqual([[1, refused]]);
  });

  it('what fails keeps its own error where the operation may not ask any more', async () => {
    let left = 2;
    const limit = new LimitError('no more', { name: 'upstreamCalls', max: 2 });
    const own = fault();
    const { run } = open((part) => (left-- <= 0 ? limit : part.includes(1) ? own : null));
    const { failures } = await run(items(8));
    expect([...new Set(failures.values())]).toEqual([own]);
  });

  it('those that are missing in an answer are not asked for again', async () => {
    const asked: string[] = [];
    const missing = new UpstreamError('UPSTREAM_BAD_RESPONSE', 'a row that is no object');
    const failures = await createAskMany()({ maySearch: () => true })('post', items(4), async (part) => {
      asked.push(part.join());
      return missing;
    });
    expect(asked).toEqual(['1,2,3,4']);
    expect([...failures.values()]).toEqual(Array(4).fill(missing));
  });
});
