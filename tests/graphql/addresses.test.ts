// Addresses of something in another form, its feed or what other sites embed: they show no node. And those that write.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

let wordpress: WordPress;
let gateway: TestGateway;
let tag: number;

beforeAll(async () => {
  wordpress = await startWritableWordPress();
  const response = await fetch(`${wordpress.url}/wp-json/wp/v2/tags`, {
    method: 'POST',
    headers: { authorization: wordpress.credentials.admin.authorization, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Atom', slug: 'atom' }),
  });
  expect(response.status).toBe(201);
  ({ id: tag } = await response.json());
  gateway = await openGateway(wordpress.url);
});

afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await wordpress[Symbol.asyncDispose]();
});

async function nodeAt(uri: string): Promise<unknown> {
  const query =
    'query ($uri: String!) { nodeByUri(uri: $uri) { __typename ... on DatabaseIdentifier { databaseId } } }';
  const { data, errors } = await gateway.query(query, { uri });
  expect(errors).toBeUndefined();
  return data.nodeByUri;
}

describe('nodeByUri', () => {
  it.each([
    '/hello-from-the-demo/feed/',
    '/hello-from-the-demo/feed/atom/',
    '/hello-from-the-demo/embed/',
    '/hello-from-the-demo/?feed=rss2',
    '/?p=101&feed=rss2',
    '/about/team/feed/',
    '/about/team/embed',
    '/category/coffee/feed/',
    '/category/coffee/brewing/feed/rss2/',
    '/tag/espresso/rss/',
    '/author/yuki/feed/',
    '/books/feed/',
    '/feed/',
    '/comments/feed/',
  ])('has nothing at %s', async (uri) => {
    expect(await nodeAt(uri)).toBeNull();
  });

  it('has the page of each of them', async () => {
    expect(await nodeAt('/hello-from-the-demo/')).toEqual({ __typename: 'Post', databaseId: 101 });
    expect(await nodeAt('/category/coffee/')).toEqual({ __typename: 'Category', databaseId: 2 });
    expect(await nodeAt('/author/yuki/')).toMatchObject({ __typename: 'User' });
  });

  it('has a term whose slug is the name of a form, and not its feed', async () => {
    expect(await nodeAt('/tag/atom/')).toEqual({ __typename: 'Tag', databaseId: tag });
    expect(await nodeAt('/tag/atom/feed/')).toBeNull();
  });
});

it('writes nothing by a query, where WordPress takes comments of anybody by an address', async () => {
  const code = "<?php add_filter('rest_allow_anonymous_comments', '__return_true');";
  await writeFile(join(wordpress.directory, 'mu-plugins/open-comments.php'), code);
  const post = '160';
  const written = async () => (await fetch(`${wordpress.url}/wp-json/wp/v2/comments?post=${post}`)).text();
  const addressOf = (content: string) => {
    const route = { rest_route: '/wp/v2/comments', _method: 'POST', post };
    return `/?${new URLSearchParams({ ...route, content, author_name: 'a', author_email: 'a@b.test' })}`;
  };
  await fetch(wordpress.url + addressOf('written by itself'), { method: 'HEAD' });
  expect(await written()).toContain('written by itself');
  const query = 'query ($uri: String!) { nodeByUri(uri: $uri) { __typename } }';
  const { data, errors, requests } = await gateway.query(query, { uri: addressOf('written by a query') });
  expect({ data, errors, requests }).toEqual({ data: { nodeByUri: null }, requests: ['/?author_name=a'] });
  expect(await written()).not.toContain('written by a query');
});
