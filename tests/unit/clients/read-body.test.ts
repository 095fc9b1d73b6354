// What bodies take that have not ended is bounded for all of them together; those that have ended count no more.

import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { type BodyProblem, createBodyReader } from '../../../src/clients/read-body.ts';

const piece = Buffer.alloc(1024 * 1024, 'x');

/** A request whose body comes in these pieces; it ends unless it is told not to. */
function arrive(pieces: readonly Buffer[], { ends = true } = {}) {
  const body = new Readable({ read() {} });
  for (const one of pieces) body.push(one);
  if (ends) body.push(null);
  return Object.assign(body, { headers: {}, complete: ends });
}

function readAll(read = createBodyReader()) {
  return (request: ReturnType<typeof arrive>, maxBytes = 8 * piece.length) =>
    new Promise<number | BodyProblem>((resolve) => {
      read(request, maxBytes, ({ length }) => resolve(length), resolve);
    });
}

it('reads any number of bodies, one after the other', async () => {
  const read = readAll();
  // Together they are twice as much as may be unfinished at a time.
  for (let index = 0; index < 64; index += 1) expect(await read(arrive([piece, piece]))).toBe(2 * piece.length);
});

it('refuses what is more than may be unfinished at a time, until what is comes to an end', async () => {
  const read = readAll();
  const open = Array.from({ length: 10 }, () => arrive(Array(7).fill(piece), { ends: false }));
  const outcomes = open.map((request) => read(request));
  expect(await Promise.race(outcomes)).toBe('tooMuch');
  expect(await read(arrive([piece, piece]))).toBe('tooMuch');
  expect(await read(arrive([Buffer.alloc(1000)]))).toBe(1000);
  for (const request of open) request.destroy();
  await Promise.all(open.map((request) => request.closed || new Promise((resolve) => request.once('close', resolve))));
  expect(await read(arrive([piece, piece]))).toBe(2 * piece.length);
});

it('refuses a body that is too large as soon as that is known', async () => {
  expect(await readAll()(arrive([piece, piece], { ends: false }), 1.5 * piece.length)).toBe('tooLarge');
});

it('counts what it holds for a body, which may be twice what came', async () => {
  const read = readAll();
  const almostDouble = [Buffer.alloc(4 * piece.length), Buffer.alloc(1)];
  const open = Array.from({ length: 9 }, () => arrive(almostDouble, { ends: false }));
  expect(await Promise.race(open.map((request) => read(request)))).toBe('tooMuch');
  for (const request of open) request.destroy();
});

it('keeps no piece itself: each would take a hundred bytes beside what is in it', async () => {
  const body = arrive([], { ends: false });
  const read = new Promise<string>((resolve) => {
    createBodyReader()(body, 1000, (bytes) => resolve(bytes.toString()), resolve);
  });
  const letter = Buffer.alloc(1);
  for (const text of 'crumbs') {
    letter.write(text);
    body.push(letter);
    await new Promise(setImmediate);
  }
  body.push(null);
  expect(await read).toBe('crumbs');
});
