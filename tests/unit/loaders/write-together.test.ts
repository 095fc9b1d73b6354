// Writes that go together are one request where WordPress takes them so, and single ones in their order where it does not.

import { describe, expect, it } from 'vitest';
import { FieldError, UpstreamError } from '../../../src/errors.ts';
import type { Loaders } from '../../../src/loaders/loaders.ts';
import { createClosedRoutes } from '../../../src/loaders/reader.ts';
import { createTrace } from '../../../src/loaders/trace.ts';
import { createWrite, toJsonBody, type WriteRequest } from '../../../src/loaders/write.ts';
import type { RestRequest, RestResponse, WordPressClient } from '../../../src/wordpress/rest.ts';

type Answer = (request: RestRequest) => unknown;

function createWriter(answer: Answer, singly = createClosedRoutes({ seconds: 60 })) {
  const sent: string[] = [];
  const purged: string[][] = [];
  const client: WordPressClient = {
    async request(request): Promise<RestResponse> {
      sent.push(`${request.method} ${request.route} ${String(request.body?.data ?? '')}`);
      const body = answer(request);
      if (body instanceof Error) throw body;
      return { status: 200, body, total: null, bytes: 1, cacheable: false };
    },
    readPage: () => Promise.reject(new Error('no pages here')),
    sendForm: () => Promise.reject(new Error('no forms here')),
    [Symbol.asyncDispose]: async () => {},
  };
  const loaders: Pick<Loaders, 'forget'> = { forget: () => {} };
  const write = createWrite({
    ...{ client, authorization: 'Basic eDp5', trace: createTrace(), singly },
    loaders: loaders as Loaders,
    purge: (tags) => void purged.push([...tags]),
    forgetViewer: () => {},
  });
  return { write, sent, purged };
}

const post = (title: string): WriteRequest => ({
  ...{ method: 'POST', route: 'wp/v2/posts', query: { _fields: 'id' }, tags: [`tag:${title}`] },
  body: toJsonBody({ title }),
});

const missing = new UpstreamError('UPSTREAM_NOT_FOUND', 'POST /batch/v1: 404', {
  status: 404,
  restCode: 'rest_no_route',
});
const forbidden = new UpstreamError('UPSTREAM_FORBIDDEN', 'POST /batch/v1: 403', { status: 403, kind: 'html' });
const refused = { status: 400, body: { code: 'rest_batch_not_allowed', message: 'No.', data: { status: 400 } } };

describe('a write', () => {
  it('purges what it touches, though its answer does not tell all of it', async () => {
    const { write, purged } = createWriter(() => ({ id: {} }));
    const tagsOf = (): string[] => {
      throw new FieldError('id', 'a number', {});
    };
    await expect(write({ ...post('a'), tagsOf })).rejects.toThrow(FieldError);
    expect(purged).toEqual([['tag:a']]);
  });
});

describe('writes that go together', () => {
  it('are one request, in their order, whichever comes first', async () => {
    const { write, sent, purged } = createWriter(() => ({
      responses: [
        { status: 201, body: { id: 1 } },
        { status: 403, body: { code: 'rest_cannot_create', message: 'No.', data: { status: 403 } } },
        { status: 201, body: { id: 3 } },
      ],
    }));
    const [a, b, c] = write.together(3);
    const last = c?.write(post('c'));
    const middle = b?.write(post('b'));
    const first = a?.write(post('a'));
    await expect(middle).rejects.toMatchObject({
      code: 'UPSTREAM_FORBIDDEN',
      details: { restCode: 'rest_cannot_create' },
    });
    expect([await first, await last]).toEqual([{ id: 1 }, { id: 3 }]);
    const requests = ['a', 'b', 'c'].map((title) => ({
      method: 'POST',
      path: '/wp/v2/posts?_fields=id',
      body: { title },
    }));
    expect(sent).toEqual([`POST batch/v1 ${JSON.stringify({ requests })}`]);
    // What failed may have arrived.
    expect(purged.flat().sort()).toEqual(['tag:a', 'tag:b', 'tag:c']);
  });

  it('do not wait for one that does not write, and go alone where no other does', async () => {
    const { write, sent } = createWriter(() => ({ id: 7 }));
    const [a, b] = write.together(2);
    const written = a?.write(post('a'));
    b?.leave();
    a?.leave();
    expect(await written).toEqual({ id: 7 });
    expect(sent).toEqual(['POST wp/v2/posts {"title":"a"}']);
    // What one of them writes later goes by itself.
    await a?.write(post('later'));
    expect(sent).toHaveLength(2);
  });

  it.each<[string, Answer]>([
    ['there are no batches', ({ route }) => (route === 'batch/v1' ? missing : { id: 1 })],
    ['the route takes no part', ({ route }) => (route === 'batch/v1' ? { responses: [refused, refused] } : { id: 1 })],
  ])('go one after the other where %s, which is remembered', async (_, answer) => {
    const singly = createClosedRoutes({ seconds: 60 });
    for (const expected of [3, 2]) {
      const { write, sent } = createWriter(answer, singly);
      const [a, b] = write.together(2);
      await Promise.all([a?.write(post('a')), b?.write(post('b'))]);
      expect(sent.slice(-2)).toEqual(['POST wp/v2/posts {"title":"a"}', 'POST wp/v2/posts {"title":"b"}']);
      expect(sent).toHaveLength(expected);
    }
  });

  it('are not repeated where a page came, which may be shown after all was done; later ones go one after the other', async () => {
    const singly = createClosedRoutes({ seconds: 60 });
    const { write, sent } = createWriter(({ route, method }) => {
      if (route !== 'batch/v1') return { id: 1 };
      return method === 'POST' ? forbidden : missing;
    }, singly);
    const [a, b] = write.together(2);
    const outcomes = await Promise.allSettled([a?.write(post('a')), b?.write(post('b'))]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { details: { isUnknownOutcome: true } } });
    }
    expect(sent).toHaveLength(2);
    const [c, d] = write.together(2);
    expect(await Promise.all([c?.write(post('c')), d?.write(post('d'))])).toEqual([{ id: 1 }, { id: 1 }]);
    expect(sent.slice(2)).toEqual(['POST wp/v2/posts {"title":"c"}', 'POST wp/v2/posts {"title":"d"}']);
  });

  it('go one after the other where a firewall shows the page whatever is asked, as none of them came through', async () => {
    const { write, sent } = createWriter(({ route }) => (route === 'batch/v1' ? forbidden : { id: 1 }));
    const [a, b] = write.together(2);
    expect(await Promise.all([a?.write(post('a')), b?.write(post('b'))])).toEqual([{ id: 1 }, { id: 1 }]);
    expect(sent.slice(2)).toEqual(['POST wp/v2/posts {"title":"a"}', 'POST wp/v2/posts {"title":"b"}']);
  });

  it.each<[string, unknown]>([
    ['no answer', new UpstreamError('UPSTREAM_TIMEOUT', 'POST /batch/v1: no answer')],
    ['too few answers', { responses: [{ status: 201, body: { id: 1 } }] }],
    ['something else', []],
  ])('fail together, and are not repeated, where there is %s', async (_, answer) => {
    const { write, sent, purged } = createWriter(() => answer);
    const [a, b] = write.together(2);
    const outcomes = await Promise.allSettled([a?.write(post('a')), b?.write(post('b'))]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect([sent.length, purged.length]).toEqual([1, 2]);
  });
});
