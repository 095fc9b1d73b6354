// What an operation returns and reads is counted while it executes: beyond the limits, the rest of the answer stands.

import { afterEach, describe, expect, inject, it } from 'vitest';
import type { LimitSettings } from '../../src/limits.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';

const { url } = inject('wordpress');
const open: TestGateway[] = [];

async function openLimited(limits: LimitSettings): Promise<TestGateway> {
  const gateway = await openGateway(url, { limits });
  open.push(gateway);
  return gateway;
}

afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway[Symbol.asyncDispose]();
});

describe('requests to WordPress', () => {
  it('beyond the limit are not made: their fields are null', async () => {
    const gateway = await openLimited({ upstreamCalls: 2 });
    const { data, errors, requests } = await gateway.query(`{
      tags(first: 2) { nodes { name } }
      categories(first: 2) { nodes { name } }
      comments(first: 2) { nodes { databaseId } }
    }`);
    // One may have been sent again on a new connection.
    expect(new Set(requests).size).toBe(2);
    expect(data.tags.nodes).toHaveLength(2);
    expect(data.categories.nodes).toHaveLength(2);
    expect(data.comments).toBeNull();
    expect(errors).toEqual([
      {
        message: 'The operation needs more than 2 requests to WordPress.',
        path: ['comments'],
        locations: expect.any(Array),
        extensions: { code: 'LIMIT_EXCEEDED', limit: { name: 'upstreamCalls', max: 2 } },
      },
    ]);
  });

  it('are counted for each operation', async () => {
    const gateway = await openLimited({ upstreamCalls: 1 });
    for (const list of ['tags', 'categories', 'comments']) {
      const { errors } = await gateway.query(`{ ${list}(first: 2) { nodes { id } } }`);
      expect(errors).toBeUndefined();
    }
  });

  it('that a cache saves are not counted', async () => {
    const gateway = await openLimited({ upstreamCalls: 1 });
    await gateway.query('{ tags(first: 2) { nodes { name } } }');
    const { data, errors } = await gateway.query(
      '{ tags(first: 2) { nodes { name } } categories(first: 2) { nodes { name } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.categories.nodes).toHaveLength(2);
  });
});

describe('nodes', () => {
  it('beyond the limit are not returned, and those before are', async () => {
    const gateway = await openLimited({ nodes: 12 });
    const { data, errors } = await gateway.query(`{
      posts(first: 10) { nodes { databaseId } edges { cursor } }
      tags(first: 3) { nodes { name } }
    }`);
    const lists = [data.posts?.nodes.length ?? 0, data.tags?.nodes.length ?? 0];
    expect(lists.filter((length) => length === 0)).toHaveLength(1);
    expect(errors).toMatchObject([{ extensions: { code: 'LIMIT_EXCEEDED', limit: { name: 'nodes', max: 12 } } }]);
  });

  it('are those that there are, not those that `first` allows', async () => {
    const gateway = await openLimited({ nodes: 300 });
    const { data, errors } = await gateway.query(`{
      comments(first: 100) {
        nodes { databaseId replies(first: 100) { nodes { databaseId replies(first: 100) { nodes { databaseId } } } } }
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.comments.nodes.length).toBeGreaterThan(5);
  });
});

describe('bytes of the answer', () => {
  it('beyond the limit are not returned: what was read stands', async () => {
    const gateway = await openLimited({ resultBytes: 16_384 });
    const { data, errors } = await gateway.query('{ posts(first: 30) { nodes { id databaseId content } } }');
    const [first, ...others] = data.posts.nodes;
    expect(first.content.length).toBeGreaterThan(100);
    expect(others.at(-1)).toEqual({ id: expect.any(String), databaseId: expect.any(Number), content: null });
    expect(JSON.stringify(data).length).toBeLessThan(16_384);
    expect(errors?.[0]).toEqual({
      message: 'The answer is larger than 16384 bytes.',
      path: ['posts', 'nodes', expect.any(Number), 'content'],
      locations: expect.any(Array),
      extensions: { code: 'LIMIT_EXCEEDED', limit: { name: 'resultBytes', max: 16_384 } },
    });
  });

  it('are counted for each operation, and those of a hundred whole posts are not too many', async () => {
    const gateway = await openLimited({});
    for (let count = 0; count < 2; count += 1) {
      const { data, errors } = await gateway.query('{ posts(first: 100) { nodes { content excerpt } } }');
      expect(errors).toBeUndefined();
      expect(data.posts.nodes.length).toBeGreaterThan(50);
    }
  });
});
