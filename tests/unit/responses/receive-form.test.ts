// Who may take the few places for forms with files: nobody whose credentials are still looked at.

import { PassThrough } from 'node:stream';
import { afterEach, expect, it, vi } from 'vitest';
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
    limits: { maxBodyBytes: 10_000, maxFileBytes: 100_000 },
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
  return { receive, statusOf, tell: () => told() };
}

afterEach(() => void vi.restoreAllMocks());

it('those who are not known yet take none', async () => {
  const { statusOf, tell } = openReceiver();
  const waiting = Array.from({ length: 20 }, () => statusOf(formOf('Basic unknown', Buffer.from(form))));
  expect(await statusOf(formOf('Basic known', Buffer.from(form)))).toBe(400);
  tell();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([401]));
});

it('eight at a time take one each, and give it back', async () => {
  const { receive, statusOf } = openReceiver();
  const bodies = Array.from({ length: 8 }, () => new PassThrough());
  const taken = bodies.map((body) => statusOf(formOf('Basic known', body)));
  const headers = expect.arrayContaining(['retry-after', '5']);
  expect(await receive(formOf('Basic known', Buffer.from(form)))).toMatchObject({ status: 503, headers });
  for (const body of bodies) body.end(form);
  expect(new Set(await Promise.all(taken))).toEqual(new Set([400]));
  expect(await statusOf(formOf('Basic known', Buffer.from(form)))).toBe(400);
});

/** Takes all places with forms of which so many bytes have come. */
async function takeAll(statusOf: (request: FormRequest) => Promise<number | string>, sizes: readonly number[]) {
  const forms = sizes.map((size) => {
    const body = new PassThrough({ highWaterMark: size + 1 });
    body.write('x'.repeat(size));
    return { body, status: statusOf(formOf('Basic known', body)), end: () => body.end(form) };
  });
  await vi.waitFor(() => expect(forms.map(({ body }) => body.readableLength)).toEqual(sizes.map(() => 0)));
  return forms;
}

function holdClock() {
  let now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  return (ms: number) => {
    now += ms;
  };
}

it('the slowest of those that bring next to nothing gives its place to one who needs it', async () => {
  const pass = holdClock();
  const { statusOf } = openReceiver();
  const forms = await takeAll(statusOf, [900, 700, 500, 300, 400, 600, 800, 50_000]);
  pass(4999);
  // Of what has just begun nobody knows how fast it comes.
  expect(await statusOf(formOf('Basic known', Buffer.from(form)))).toBe(503);
  pass(5001);
  forms.push(...(await takeAll(statusOf, [50_000, 50_000])));
  for (const { end } of forms) end();
  const rest = await Promise.all(forms.map(({ status }) => status));
  expect(rest).toEqual([400, 400, 400, 408, 408, 400, 400, 400, 400, 400]);
});

it('no form that comes slowly gives up its place, however long it takes', async () => {
  const pass = holdClock();
  const { statusOf } = openReceiver();
  const forms = await takeAll(
    statusOf,
    Array.from({ length: 8 }, () => 50_000),
  );
  pass(12_000);
  expect(await statusOf(formOf('Basic known', Buffer.from(form)))).toBe(503);
  for (const { end } of forms) end();
  expect(new Set(await Promise.all(forms.map(({ status }) => status)))).toEqual(new Set([400]));
});
