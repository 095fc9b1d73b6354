// Arguments that ask for what WordPress does not show to the public: lists are empty or in the usual order, never an error.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRecordedGateway, type RecordedGateway, readRecording } from '../../support/recorded-gateway.ts';

let gateway: RecordedGateway;

beforeAll(async () => {
  gateway = await openRecordedGateway(readRecording('a'));
});
afterAll(() => gateway[Symbol.asyncDispose]());

async function idsOf(field: string, where: string): Promise<number[]> {
  const { data, errors } = await gateway.query(
    `{ list: ${field}(first: 100${where && `, where: { ${where} }`}) { nodes { databaseId } } }`,
  );
  expect(errors).toBeUndefined();
  const list: { nodes: { databaseId: number }[] } = JSON.parse(JSON.stringify(data?.['list']));
  return list.nodes.map(({ databaseId }) => databaseId);
}

describe('the list is empty, without a request', () => {
  it.each([
    ['posts', 'password: "sesame"'],
    ['comments', 'authorEmail: "ada@example.com"'],
    ['comments', 'karma: 1'],
  ])('%s where %s', async (field, where) => {
    expect(await idsOf(field, '')).not.toEqual([]);
    gateway.takeRequests();
    expect(await idsOf(field, where)).toEqual([]);
    expect(gateway.takeRequests()).toEqual([]);
  });
});

describe('the list is as it is without', () => {
  it.each([
    ['categories', 'padCounts: true', ''],
    ['users', 'orderby: { field: EMAIL, order: DESC }', 'orderby: { field: LOGIN, order: DESC }'],
    ['users', 'orderby: { field: REGISTERED }', ''],
    ['comments', 'orderby: COMMENT_AUTHOR_EMAIL', 'orderby: COMMENT_ID, order: DESC'],
    ['comments', 'orderby: COMMENT_KARMA, order: ASC', 'orderby: COMMENT_ID, order: DESC'],
  ])('%s where %s', async (field, where, same) => {
    const expected = await idsOf(field, same);
    expect(expected.length).toBeGreaterThan(1);
    expect(await idsOf(field, where)).toEqual(expected);
  });
});

describe('the list is sorted here', () => {
  it('by several fields of users in turn', async () => {
    const users = await idsOf('users', 'orderby: [{ field: URL, order: DESC }, { field: LOGIN, order: DESC }]');
    const { data } = await gateway.query('{ users(first: 100) { nodes { databaseId slug url } } }');
    const rows: { databaseId: number; slug: string; url: string | null }[] = JSON.parse(
      JSON.stringify(data?.['users']),
    ).nodes;
    const compare = (a = '', b = '') => new Intl.Collator('en', { sensitivity: 'base' }).compare(b, a);
    rows.sort((a, b) => compare(a.url ?? '', b.url ?? '') || compare(a.slug, b.slug));
    expect(users).toEqual(rows.map(({ databaseId }) => databaseId));
  });

  it('by what comments say', async () => {
    const sorted = await idsOf('comments', 'orderby: COMMENT_CONTENT, order: ASC');
    const { data } = await gateway.query('{ comments(first: 100) { nodes { databaseId content } } }');
    const rows: { databaseId: number; content: string }[] = JSON.parse(JSON.stringify(data?.['comments'])).nodes;
    const contentOf = new Map(rows.map(({ databaseId, content }) => [databaseId, content]));
    const { compare } = new Intl.Collator('en', { sensitivity: 'base' });
    const texts = sorted.map((id) => contentOf.get(id) ?? '');
    expect(sorted).toHaveLength(rows.length);
    expect(texts.every((text, at) => at === 0 || compare(texts[at - 1] ?? '', text) <= 0)).toBe(true);
  });
});
