// Post formats on a WordPress before 6.7, which does not filter posts by them.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecordedGateway, type RecordedGateway, readRecording } from '../../support/recorded-gateway.ts';

let gateway: RecordedGateway;

beforeAll(async () => {
  const recording = readRecording('a');
  const posts = recording.collections['wp/v2/posts'] ?? [];
  const formats = ['quote', 'video', 'quote'];
  gateway = await openRecordedGateway({
    ...recording,
    collections: {
      ...recording.collections,
      'wp/v2/posts': posts.map((post, index) => ({ ...post, format: formats[index] ?? 'standard' })),
    },
  });
});

afterAll(() => gateway[Symbol.asyncDispose]());

describe('post formats of an old WordPress', () => {
  it('have the posts that carry their name', async () => {
    const { data, errors } = await gateway.query(`{
      postFormat(id: "quote", idType: SLUG) {
        count
        posts { pageInfo { hasNextPage } nodes { databaseId } }
        contentNodes { nodes { databaseId } }
      }
    }`);
    expect(errors).toBeUndefined();
    const nodes = [{ databaseId: 2303 }, { databaseId: 2301 }];
    expect(data).toEqual({
      postFormat: { count: null, posts: { pageInfo: { hasNextPage: false }, nodes }, contentNodes: { nodes } },
    });
    const asked = gateway.takeRequests().map(({ route, query }) => ({ route, fields: query['_fields'] }));
    expect(asked).toEqual([
      { route: '', fields: 'routes./wp/v2/posts.endpoints' },
      { route: 'wp/v2/posts', fields: 'date,format,id' },
    ]);
  });

  it('are not known to be empty', async () => {
    const { data, errors } = await gateway.query('{ postFormats(where: { hideEmpty: true }) { nodes { name } } }');
    expect(errors).toBeUndefined();
    expect(data?.['postFormats']).toMatchObject({ nodes: { length: 9 } });
  });
});

it('has addresses of plain permalinks', async () => {
  await using plain = await openRecordedGateway(readRecording('c'));
  const { data } = await plain.query(`{
    postFormat(id: "/?post_format=quote", idType: URI) { name uri }
    nodeByUri(uri: "/?post_format=video") { uri }
  }`);
  expect(data).toEqual({
    postFormat: { name: 'Quote', uri: '/?post_format=quote' },
    nodeByUri: { uri: '/?post_format=video' },
  });
});
