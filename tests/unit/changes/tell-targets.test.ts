// What changed is told to the addresses that the operator named: signed, once, again where it fails, and never in heaps.

import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { maxListed } from '../../../src/changes/backlog.ts';
import { type Change, createChangeStream } from '../../../src/changes/change-stream.ts';
import { type TellOptions, tellTargets } from '../../../src/changes/tell-targets.ts';
import { createMetrics, printMetrics } from '../../../src/metrics.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { createRecordingLogger } from '../../support/recording-logger.ts';
import { startWebhookTarget, type WebhookTarget } from '../../support/webhook-target.ts';

vi.setConfig({ testTimeout: 60_000 });

const secret = 'a secret of more than thirty-two characters';
let target: WebhookTarget;

beforeAll(async () => {
  target = await startWebhookTarget();
});
afterAll(() => target[Symbol.asyncDispose]());
beforeEach(() => {
  target.received.length = 0;
  target.answers.length = 0;
});

const post = (id: number, more: Partial<Change> = {}): Change => ({
  ...{ type: 'Post', id, action: 'updated', tags: [`post:${id}`, 'list:post'], uri: `/${id}/`, source: 'watcher' },
  ...more,
});

/** Tells at once and in quick steps, unless the test says otherwise. */
function open(options: Partial<TellOptions> = {}) {
  const changes = createChangeStream();
  const metrics = createMetrics();
  const { logger, takeErrors } = createRecordingLogger();
  const urls = [`${target.url}/hook?key=hidden`];
  const steps = { gatherMs: 1, retryMs: 1, timeoutMs: 30_000, closeMs: 30_000, attempts: 3 };
  const telling = tellTargets({ ...steps, urls, secret, changes, logger, metrics, ...options });
  return {
    publish: (...told: Change[]) => changes.publish({ changes: told, isOwn: true }),
    publishOthers: (...told: Change[]) => changes.publish({ changes: told, isOwn: false }),
    takeErrors,
    sent: async () => {
      const text = await printMetrics([await metrics.snapshot()]);
      return Object.fromEntries(
        [...text.matchAll(/^headgate_webhooks_sent_total\{result="(\w+)"\} (\d+)$/gm)].map(([, name, count]) => [
          name,
          Number(count),
        ]),
      );
    },
    [Symbol.asyncDispose]: () => telling[Symbol.asyncDispose](),
  };
}

const eventually = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 30_000 });
const came = (count: number) => eventually(() => expect(target.received).toHaveLength(count));
const bodies = () => target.received.map(({ body }) => JSON.parse(body));

describe('a target', () => {
  it('is told what changed, in an envelope that it can check', async () => {
    await using told = open();
    told.publish(post(12), post(13, { action: 'deleted' }));
    await came(1);
    const [{ path, headers, body } = { path: '', headers: {}, body: '' }] = target.received;
    const id = String(headers['webhook-id']);
    const timestamp = String(headers['webhook-timestamp']);
    const expected = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
    expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(60);
    expect([path, id, headers['content-type']]).toEqual([
      '/hook?key=hidden',
      expect.stringMatching(/^msg_/),
      'application/json',
    ]);
    expect(JSON.parse(body)).toEqual({
      type: 'content.changed',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      data: {
        everything: false,
        tags: ['post:12', 'list:post', 'post:13'],
        paths: ['/12/', '/13/'],
        changes: [
          { type: 'Post', databaseId: 12, action: 'updated', uri: '/12/', tags: ['post:12', 'list:post'] },
          { type: 'Post', databaseId: 13, action: 'deleted', uri: '/13/', tags: ['post:13', 'list:post'] },
        ],
      },
    });
  });

  it('is told once what is noticed twice, and not what another process noticed', async () => {
    await using told = open({ gatherMs: 100 });
    told.publish(post(1, { action: 'created' }));
    told.publish(post(1, { tags: ['post:1', 'term:3'] }), post(2));
    told.publishOthers(post(9));
    await came(1);
    expect(bodies()[0].data.changes).toEqual([
      { type: 'Post', databaseId: 1, action: 'created', uri: '/1/', tags: ['post:1', 'list:post', 'term:3'] },
      { type: 'Post', databaseId: 2, action: 'updated', uri: '/2/', tags: ['post:2', 'list:post'] },
    ]);
    expect(bodies()[0].data.tags).toEqual(['post:1', 'list:post', 'term:3', 'post:2']);
  });

  it('is told again where it fails, as the same delivery with a new signature', async () => {
    await using told = open();
    target.answers.push({ status: 503 }, 'reset');
    told.publish(post(1));
    await came(3);
    expect(new Set(target.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(new Set(target.received.map(({ body }) => body)).size).toBe(1);
    await eventually(async () =>
      expect(await told.sent()).toEqual({ delivered: 1, retried: 2, refused: 0, failed: 0 }),
    );
  });

  it('is told again where it does not answer in time', async () => {
    await using told = open({ timeoutMs: 1000 });
    target.answers.push('hang');
    const collecting = setInterval(collectGarbage, 20);
    told.publish(post(1));
    await came(2);
    clearInterval(collecting);
    await eventually(async () =>
      expect(await told.sent()).toEqual({ delivered: 1, retried: 1, refused: 0, failed: 0 }),
    );
  });

  it('is told what it missed together with what comes next', async () => {
    await using told = open({ attempts: 1 });
    target.answers.push({ status: 500 });
    told.publish(post(1));
    await eventually(async () => expect((await told.sent())['failed']).toBe(1));
    expect(told.takeErrors().map(({ msg }) => msg)).toEqual(['a webhook could not be delivered: it answered 500']);
    told.publish(post(2));
    await came(2);
    expect(bodies()[1].data.paths).toEqual(['/1/', '/2/']);
  });

  it('is not told again what it refuses, and nobody else is, wherever it points', async () => {
    await using elsewhere = await startWebhookTarget();
    await using told = open();
    for (const answer of [{ status: 400 }, { status: 302, headers: { location: elsewhere.url } }]) {
      target.answers.push(answer);
      const before = target.received.length;
      told.publish(post(1));
      await came(before + 1);
      await eventually(async () => expect((await told.sent())['refused']).toBe(before + 1));
    }
    expect(elsewhere.received).toEqual([]);
    expect(told.takeErrors().map(({ msg }) => msg)).toEqual([
      'a webhook was refused: it answered 400',
      'a webhook was refused: it answered 302, and redirects are not followed',
    ]);
  });

  it('gets no heap of deliveries after it was away, however much changed', async () => {
    await using told = open();
    let fail = (_: { status: number }) => {};
    target.answers.push(
      new Promise<{ status: number }>((resolve) => {
        fail = resolve;
      }),
    );
    told.publish(post(1));
    await came(1);
    for (let id = 2; id < 50; id += 1) told.publish(post(id));
    fail({ status: 503 });
    await came(3);
    expect(bodies().map(({ data }) => data.changes.length)).toEqual([1, 1, 48]);
    told.publish(...Array.from({ length: maxListed + 1 }, (_, index) => post(index + 1)));
    await came(4);
    expect(bodies()[3].data).toEqual({ everything: true, tags: [], paths: [], changes: [] });
  });

  it('does not hold up another one', async () => {
    await using other = await startWebhookTarget();
    await using told = open({ urls: [target.url, other.url], closeMs: 1 });
    target.answers.push('hang', 'hang');
    told.publish(post(1));
    await eventually(() => expect(other.received).toHaveLength(1));
    told.publish(post(2));
    await eventually(() => expect(other.received).toHaveLength(2));
    expect(target.received).toHaveLength(1);
    await told[Symbol.asyncDispose]();
    expect(told.takeErrors().map(({ msg }) => msg)).toEqual(['changes that a target was not told of are lost']);
  });

  it('is told the rest when the process stops', async () => {
    const told = open({ gatherMs: 60_000 });
    told.publish(post(1));
    await told[Symbol.asyncDispose]();
    expect(bodies().map(({ data }) => data.paths)).toEqual([['/1/']]);
    const waiting = open({ retryMs: 60_000 });
    target.answers.push({ status: 503, headers: { 'retry-after': '60' } });
    waiting.publish(post(2));
    await eventually(async () => expect((await waiting.sent())['retried']).toBe(1));
    await waiting[Symbol.asyncDispose]();
    expect(bodies().map(({ data }) => data.paths)).toEqual([['/1/'], ['/2/'], ['/2/']]);
  });
});
