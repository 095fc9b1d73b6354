// A webhook is taken from whoever proves that he knows the secret, once, and now.

import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { SharedMarks } from '../../../src/cache/redis/shared-marks.ts';
import { createWebhookCheck, toleranceSeconds, type WebhookCheckOptions } from '../../../src/changes/check-webhook.ts';
import { isSameSecret, signWebhook, toSigningKey } from '../../../src/changes/webhook-signature.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const token = 'a token of more than thirty-two characters';
const now = 1_614_265_330;

function open(options: Partial<WebhookCheckOptions> = {}) {
  const clock = { seconds: now };
  const { check, forget } = createWebhookCheck({ secret, token, ...options }, () => 1000 * clock.seconds);
  const toRequest = (headers: Record<string, string>, body = '{"test": 2432232314}', url = '/webhooks/purge') =>
    ({ method: 'POST', url, header: (name: string) => headers[name], body: Buffer.from(body) }) as const;
  return {
    clock,
    ask: (...given: Parameters<typeof toRequest>) => check(toRequest(...given)),
    forget: (...given: Parameters<typeof toRequest>) => forget(toRequest(...given)),
  };
}

function sign(body: string, { id = 'msg_1', at = now, by = secret } = {}): Record<string, string> {
  const signature = signWebhook(toSigningKey(by), { id, timestampSeconds: at, body });
  return { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature };
}

const refused = (text: string) => ({ refusal: expect.stringContaining(text) });

describe('a signature', () => {
  it('is that of Standard Webhooks: its own example passes', () => {
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    expect(open().ask(headers)).toBe('new');
    const several = { ...headers, 'webhook-signature': `v1,b3RoZXI= ${headers['webhook-signature']} v1a,x` };
    expect(open().ask(several)).toBe('new');
  });

  it('is looked for among the first ten of a header, however many blanks separate them', () => {
    const headers = sign('{}');
    const among = (before: string) => ({ ...headers, 'webhook-signature': before + headers['webhook-signature'] });
    expect(open().ask(among(`${' '.repeat(5000)}v1,b3RoZXI=  `.repeat(9)), '{}')).toBe('new');
    expect(open().ask(among('v1,b3RoZXI= '.repeat(10)), '{}')).toEqual(refused('not that of this body'));
  });

  it('may be by a secret that is plain text', () => {
    const by = 'a secret that is no base64 at all, yet long';
    expect(open({ secret: by }).ask(sign('{}', { by }), '{}')).toBe('new');
  });

  it('is of this body, id and time, and no other', () => {
    const { ask } = open();
    const headers = sign('{"a":1}');
    expect(ask(headers, '{"a":2}')).toEqual(refused('not that of this body'));
    expect(ask({ ...headers, 'webhook-id': 'msg_2' }, '{"a":1}')).toEqual(refused('not that of this body'));
    expect(ask({ ...headers, 'webhook-timestamp': String(now + 1) }, '{"a":1}')).toEqual(refused('not that of'));
    expect(ask({ ...headers, 'webhook-timestamp': 'soon' }, '{"a":1}')).toEqual(refused('in seconds'));
    expect(ask({ ...headers, 'webhook-id': '' }, '{"a":1}')).toEqual(refused('webhook-id'));
    expect(ask(sign('{"a":1}', { by: 'whsec_b3RoZXI=' }), '{"a":1}')).toEqual(refused('not that of this body'));
    expect(ask(headers, '{"a":1}')).toBe('new');
  });

  it('passes once, and within its time', () => {
    const { ask, clock } = open();
    const headers = sign('{}');
    expect([ask(headers, '{}'), ask(headers, '{}'), ask(sign('{}', { id: 'msg_2' }), '{}')]).toEqual([
      'new',
      'known',
      'new',
    ]);
    clock.seconds = now + toleranceSeconds;
    expect([ask(headers, '{}'), ask(sign('{}', { id: 'msg_3' }), '{}')]).toEqual(['known', 'new']);
    clock.seconds += 1;
    expect(ask(headers, '{}')).toEqual(refused('5 minutes ago'));
    expect(ask(sign('{}', { at: clock.seconds + toleranceSeconds + 1 }), '{}')).toEqual(refused('a time to come'));
  });

  it('passes once in all processes that tell each other of it, and in each where they cannot', async () => {
    const left = new Map<string, Buffer>();
    let isThere = true;
    const marks: SharedMarks = {
      async leave(name, mark) {
        if (!isThere) return undefined;
        const before = left.get(name) ?? null;
        if (!before) left.set(name, mark);
        return before;
      },
      replace: async () => undefined,
      remove: async (name) => void left.delete(name),
    };
    const [first, second] = [open({ marks }), open({ marks })];
    const headers = sign('{}');
    expect(await Promise.all([first.ask(headers, '{}'), second.ask(headers, '{}')])).toEqual(['new', 'known']);
    expect(await first.ask(headers, '{}')).toBe('known');
    expect([...left].join()).not.toContain(headers['webhook-signature']?.slice(3));
    await first.forget(headers, '{}');
    expect(await first.ask(headers, '{}')).toBe('new');
    isThere = false;
    const later = sign('{}', { id: 'msg_2' });
    expect([await first.ask(later, '{}'), await second.ask(later, '{}'), await second.ask(later, '{}')]).toEqual([
      'new',
      'new',
      'known',
    ]);
  });

  it('is not taken where there is no secret', () => {
    expect(open({ secret: null }).ask(sign('{}'), '{}')).toEqual(refused('WEBHOOK_SECRET is not set'));
  });
});

describe('other proofs', () => {
  it('are a token, in the address or as a bearer', () => {
    const { ask } = open();
    const at = (given: string) => `/webhooks/purge?token=${encodeURIComponent(given)}`;
    expect([ask({}, '', at(token)), ask({ authorization: `Bearer ${token}` })]).toEqual(['new', 'new']);
    expect(ask({}, '', at(`${token}.`))).toEqual(refused('token is not valid'));
    expect(ask({ authorization: 'Bearer ' })).toEqual(refused('needs a signature or a token'));
    expect(open({ token: null }).ask({}, '', at(token))).toEqual(refused('token is not valid'));
    expect(open({ token: null }).ask({}, '', at(''))).toEqual(refused('token is not valid'));
  });

  it('are the signature of WooCommerce', () => {
    const { ask } = open();
    const headers = { 'x-wc-webhook-signature': createHmac('sha256', secret).update('{"id":9}').digest('base64') };
    expect(ask(headers, '{"id":9}')).toBe('new');
    expect(ask(headers, '{"id":8}')).toEqual(refused('not that of this body'));
    expect(open({ secret: null }).ask(headers, '{"id":9}')).toEqual(refused('needs a signature'));
  });

  it('are compared whole, whatever their length', () => {
    const pairs = [
      ['a', 'a'],
      ['', ''],
      ['a', 'ab'],
      ['ab', 'a'],
      ['ä', 'a'],
    ] as const;
    expect(pairs.map(([one, other]) => isSameSecret(one, other))).toEqual([true, true, false, false, false]);
  });
});
