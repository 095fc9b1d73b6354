// Owns what is asked: the queries of the bench, as HTTP requests in each form, and a spread like that of real traffic.

import { createHash } from 'node:crypto';
import { firstPostOf, postsPerBlock } from './content.ts';
import type { Load } from './programs/load.ts';

/** An operation. */
export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** A request as the load sends it. */
export type LoadRequest = Load['requests'][number];

const card = `
  databaseId slug title date uri
  author { node { name slug } }
  featuredImage { node { sourceUrl altText } }
  categories { nodes { name slug } }`;

const listQuery = `query Posts($block: Int!, $after: String, $notIn: [ID]) {
  posts(first: ${postsPerBlock}, after: $after, where: { categoryId: $block, notIn: $notIn }) { nodes {${card} } }
}`;

/** A page of posts with author, image and categories; each block is another page. */
export function listOfBlock(block: number): Operation {
  return { query: listQuery, variables: { block } };
}

/** The same posts by another list: WordPress is asked for them again, and not for what they refer to. */
export function otherListOfBlock(block: number): Operation {
  return { query: listQuery, variables: { block, notIn: ['999999'] } };
}

/** Another operation each time it is sent, over the same list: a cursor that is none is as good as no cursor. */
export function uniqueListOfBlock(block: number): Operation {
  return { query: listQuery, variables: { block, after: 'none-[<id>]' } };
}

/** The same posts by a list that is another one each time it is sent: WordPress is asked for it. */
export function unknownListOfBlock(block: number): Operation {
  return { query: listQuery, variables: { block, notIn: ['[<id>]'] } };
}

/** Another operation each time it is sent, over the same list of a hundred posts. */
export function uniqueLongList(): Operation {
  return {
    query: `query Long($after: String) { posts(first: 100, after: $after) { nodes {${card} } } }`,
    variables: { after: 'none-[<id>]' },
  };
}

/** A hundred posts with everything, 20 kB of content each; an offset makes it another hundred. */
export function fullPosts(offset: number): Operation {
  return {
    query: `query Full($offset: Int!) {
      posts(first: 100, where: { offsetPagination: { offset: $offset, size: 100 } }) { nodes {${card} content excerpt } }
    }`,
    variables: { offset },
  };
}

const kinds: readonly ((index: number) => Operation)[] = [
  (index) => ({
    query: `query Post($slug: ID!) { post(id: $slug, idType: SLUG) {${card} excerpt } }`,
    variables: { slug: `post-${index}` },
  }),
  (index) => listOfBlock(Math.ceil(index / postsPerBlock)),
  (index) => ({
    query: `query Archive { posts(where: { categoryId: ${Math.ceil(index / postsPerBlock)} }) { nodes { title uri date } } }`,
  }),
  (index) => ({
    query: `query Author($id: ID!) { user(id: $id, idType: DATABASE_ID) { name slug description } }`,
    variables: { id: String(index) },
  }),
];

/** Different operations, the most wanted first. */
export function differentOperations(count: number): Operation[] {
  const from = firstPostOf(1000);
  return Array.from({ length: count }, (_, index) => {
    const kind = kinds[index % kinds.length];
    if (kind === undefined) throw new Error('no kind of operation');
    // Each kind steps by a block, so that no two of them are the same.
    return kind(from + postsPerBlock * index);
  });
}

/** A sequence of items in which the n-th is wanted 1/n as often as the first (Zipf), the same at every run. */
export function spreadByZipf<Item>(items: readonly Item[], length: number): Item[] {
  const bounds: number[] = [];
  let sum = 0;
  for (const rank of items.keys()) {
    sum += 1 / (rank + 1);
    bounds.push(sum);
  }
  const random = createRandom();
  return Array.from({ length }, () => {
    const at = random() * sum;
    const item = items[bounds.findIndex((bound) => at < bound)];
    if (item === undefined) throw new Error('nothing to spread');
    return item;
  });
}

/** Numbers from 0 to 1 that look random (a linear congruential generator). */
function createRandom(): () => number {
  let state = 1;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const accept = { accept: 'application/json' };

/** An operation by POST. */
export function toPost(operation: Operation): LoadRequest {
  const headers = { ...accept, 'content-type': 'application/json' };
  return { method: 'POST', path: '/graphql', headers, body: JSON.stringify(operation) };
}

/** An operation by GET. */
export function toGet({ query, variables }: Operation, headers: Readonly<Record<string, string>> = {}): LoadRequest {
  const params = new URLSearchParams({ query, variables: JSON.stringify(variables ?? {}) });
  return { method: 'GET', path: `/graphql?${params}`, headers: { ...accept, ...headers } };
}

/** An automatic persisted query by GET: its hash, and the query as well where it is to be registered. */
export function toPersistedGet({ query, variables = {} }: Operation, isRegistration: boolean): LoadRequest {
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const params = new URLSearchParams({
    ...(isRegistration ? { query } : {}),
    variables: JSON.stringify(variables),
    extensions: JSON.stringify({ persistedQuery: { version: 1, sha256Hash } }),
  });
  return { method: 'GET', path: `/graphql?${params}`, headers: accept };
}
