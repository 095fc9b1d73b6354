// Owns the tests of clients that do not read: their answers are in nobody's way, and those who read get all of theirs.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, it, vi } from 'vitest';
import { toOwnAnswer } from '../../src/responses/answer.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';
import { createStandInGateway, startStandInServer } from '../support/stand-in.ts';

const log = createRecordingLogger();
/** More than the system takes before a client reads it. */
const answerBytes = 32 * 1024 * 1024;
const random = randomBytes(answerBytes);

const nothing = Buffer.alloc(0);

/** Each answer is another one. */
const gateway = {
  ...createStandInGateway(log),
  handle: () => toOwnAnswer(200, [['content-type', 'application/json']], Buffer.from(random)),
};

const get = 'GET /graphql?query={large} HTTP/1.1\r\nHost: a\r\n\r\n';
const last = get.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');

/** A connection on which an answer has begun, of which no more is read. */
async function begin(port: number, bytes: string) {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.write(bytes);
  await once(socket, 'readable');
  return socket;
}

it('who does not read is cut off where others need the room, and who reads has all', { timeout: 60_000 }, async () => {
  const untaken = vi.fn();
  const metrics = { failed: () => {}, limited: () => {}, untaken };
  await using server = await startStandInServer(gateway, log, { metrics, maxUntakenBytes: 2.5 * answerBytes });
  const unread = await begin(server.port, get);
  const slow = await begin(server.port, last);
  // Its client takes something now and then.
  const parts: Buffer[] = [];
  const reading = setInterval(() => parts.push(slow.read() ?? nothing), 20);
  await vi.waitFor(() => expect(parts.length).toBeGreaterThan(75), { timeout: 30_000 });
  expect(untaken).not.toHaveBeenCalled();
  const other = await begin(server.port, last);
  await vi.waitFor(() => expect(untaken).toHaveBeenCalledTimes(1), { timeout: 30_000 });
  clearInterval(reading);
  expect((await buffer(unread).catch(() => nothing)).length).toBeLessThan(answerBytes);
  const rest = await buffer(slow);
  for (const answer of [Buffer.concat([...parts, rest]), await buffer(other)]) {
    expect(answer.subarray(-answerBytes).equals(random)).toBe(true);
  }
  expect(untaken).toHaveBeenCalledTimes(1);
});

it('pipelined answers that are large come whole and in their order', async () => {
  await using server = await startStandInServer(gateway, log);
  const answers = await buffer(await begin(server.port, get + last));
  const heads = String(answers.subarray(0, 1000)).indexOf('\r\n\r\n') + 4;
  expect(answers.subarray(heads, heads + answerBytes).equals(random)).toBe(true);
  expect(String(answers.subarray(heads + answerBytes, heads + answerBytes + 20))).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(answers.subarray(-answerBytes).equals(random)).toBe(true);
});
