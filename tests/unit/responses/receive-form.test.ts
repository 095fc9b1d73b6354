// Who may take the few places for forms with files: nobody whose credentials are still looked at.

import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { UserError } from '../../../src/errors.ts';
import { createFormReceiver, type FormRequest } from '../../../src/responses/receive-form.ts';

const boundary = 'b';
const form = [
  `--${boundary}\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"mutation { a }"}\r\n`,
  `--${boundary}\r\ncontent-disposition: form-data; name="map"\r\n\r\n{}\r\n--${boundary}--\r\n`,
].join('');

function formOf(authorization: string, body: FormRequest['body']): FormRequest {
  const headers = { authorization, 'content-type': `multipart/form-data; boundary=${boundary}` };
  return { method: 'POST', path: '/graphql', headers, body, signal: () => undefined };
}

/** Takes in forms; of who is unknown WordPress says nothing until it is let. */
function openReceiver() {
  let told = () => {};
  const asked = new Promise<void>((resolve) => {
    told = resolve;
  });
  const receive = createFormReceiver({
    limits: { maxBodyBytes: 10_000, maxFileBytes: 10_000 },
    readOperation: () => new UserError('no operation'),
    verify: async ({ headers }) => {
      if (headers['authorization'] !== 'Basic unknown') return;
      await asked;
      throw new UserError('Nobody.', 'UNAUTHENTICATED');
    },
  });
  const statusOf = async (request: FormRequest) => {
    const received = await receive(request);
    return 'status' in received ? received.status : 'taken';
  };
  return { statusOf, tell: () => told() };
}

it('those who are not known yet take none', async () => {
  const { statusOf, tell } = openReceiver();
  const waiting = Array.from({ length: 20 }, () => statusOf(formOf('Basic unknown', Buffer.from(form))));
  expect(await statusOf(formOf('Basic known', Buffer.from(form)))).toBe(400);
  tell();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([401]));
});

it('eight at a time take one each, and give it back', async () => {
  const { statusOf } = openReceiver();
  const bodies = Array.from({ length: 8 }, () => new PassThrough());
  const taken = bodies.map((body) => statusOf(formOf('Basic known', body)));
  expect(await statusOf(formOf('Basic known', Buffer.from(form)))).toBe(503);
  for (const body of bodies) body.end(form);
  expect(new Set(await Promise.all(taken))).toEqual(new Set([400]));
  expect(await statusOf(formOf('Basic known', Buffer.from(form)))).toBe(400);
});
