// Owns the tests of room for work: whichever way an operation is turned away, it is told the same.

import { expect, it } from 'vitest';
import { createRoom } from '../../../src/gateway/create-room.ts';
import type { Operation } from '../../../src/operations/read-operation.ts';
import { type Answer, allHeaders } from '../../../src/responses/answer.ts';
import { toPairs } from '../../../src/responses/fetch-form.ts';

const full = { turnsAway: () => true, begin: () => null };
const media = 'application/json';

/** Without the id of the request, which the other ways add elsewhere. */
function toldBy(answer: Answer | undefined): object {
  if (!answer) throw new Error('it was not turned away');
  const { 'x-request-id': _, ...headers } = Object.fromEntries(toPairs(allHeaders(answer)));
  return { status: answer.status, headers, body: String(answer.body) };
}

const operation: Operation = {
  ...{ key: 'key', documentId: 'id', type: 'query' as const, name: undefined, query: '{ a }' },
  ...{ variables: undefined, operationName: undefined, documentBytes: 400, requestBytes: 60 },
};
const request = { media, requestId: 'mine', signal: undefined, acceptsStale: false } as const;
const open = { take: () => ({ [Symbol.dispose]: () => undefined }) };

it('tells the same before an operation is run, instead of that, and of other work', async () => {
  const room = createRoom({ load: full, metrics: undefined, asked: open });
  const never = () => Promise.reject(new Error('there was no room for it'));
  const told = toldBy(await room.answer(media, operation, never));
  const { status, headers, body } = await room.limit(never)(operation, request);
  const before = room.turnAway({ isGet: false, media, ifNoneMatch: undefined, requestId: 'mine' });
  expect(told).toMatchObject({
    status: 503,
    headers: { 'retry-after': '1', 'content-type': 'application/json; charset=utf-8' },
  });
  expect({ status, headers: Object.fromEntries(headers), body: String(body) }).toEqual(told);
  expect(toldBy(before?.answer)).toEqual(told);
  expect(before?.answer.headers).toEqual(['x-request-id', 'mine']);
  const crowded = createRoom({ load: undefined, metrics: undefined, asked: { take: () => null } });
  expect(toldBy(await crowded.answer(media, operation, never))).toEqual(told);
  expect(await crowded.limit(never)(operation, request)).toMatchObject({ status: 503 });
  expect(crowded.join(operation, media)).toMatchObject({ status: 503 });
});

it('gives back what work held, however it ends', async () => {
  let held = 0;
  const take = (bytes: number) => {
    held += bytes;
    return {
      [Symbol.dispose]: () => {
        held -= bytes;
      },
    };
  };
  const room = createRoom({ load: undefined, metrics: undefined, asked: { take } });
  const fail = async () => {
    expect(held).toBeGreaterThan(460);
    throw new Error('failed');
  };
  await expect(room.answer(media, operation, fail)).rejects.toThrow('failed');
  await expect(room.limit(fail)(operation, request)).rejects.toThrow('failed');
  expect(held).toBe(0);
  const joined = room.join(operation, media);
  // The document is the run's.
  expect(held).toBe(60);
  if ('status' in joined) throw new Error('it was refused');
  joined[Symbol.dispose]();
  expect(held).toBe(0);
});
