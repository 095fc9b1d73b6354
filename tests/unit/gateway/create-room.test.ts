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

it('tells the same before an operation is run, instead of that, and of other work', async () => {
  const room = createRoom({ load: full, metrics: undefined });
  const never = () => Promise.reject(new Error('there was no room for it'));
  const operation: Operation = {
    ...{ key: 'key', documentId: 'id', type: 'query' as const, name: undefined, query: '{ a }' },
    ...{ variables: undefined, operationName: undefined },
  };
  const request = { media, requestId: 'mine', signal: undefined, acceptsStale: false } as const;
  const told = toldBy(await room.answer(media, never));
  const { status, headers, body } = await room.limit(never)(operation, request);
  const before = room.turnAway({ isGet: false, media, ifNoneMatch: undefined, requestId: 'mine' });
  expect(told).toMatchObject({
    status: 503,
    headers: { 'retry-after': '1', 'content-type': 'application/json; charset=utf-8' },
  });
  expect({ status, headers: Object.fromEntries(headers), body: String(body) }).toEqual(told);
  expect(toldBy(before?.answer)).toEqual(told);
  expect(before?.answer.headers).toEqual(['x-request-id', 'mine']);
});
