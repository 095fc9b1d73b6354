// Owns the test of freshness: many kept answers, random edits, and which of the answers are still kept and still true.

import type { WordPress } from '../../src/demo/wordpress.ts';
import { type Answer, openGateway } from './gateway.ts';
import { editAtRandom, type MadeEdit, type Random, tags } from './random-edits.ts';
import type { WatchedGateway } from './watched-gateway.ts';

/** What became of all answers in one round. */
export interface Freshness {
  /** Answers that were dropped. */
  readonly dropped: readonly string[];
  /** Answers that were kept, of those looked at, and are not what WordPress shows now. */
  readonly stale: readonly string[];
  /** Answers that were made anew and are not what WordPress shows now. */
  readonly wrong: readonly string[];
  /** Answers that no edit concerns: they show and count nothing that was edited, and did not change; those that were dropped. */
  readonly unaffected: number;
  readonly spilled: readonly string[];
}

const node = '__typename databaseId';
const postFields = `${node} title modified author { node { ${node} name } } categories { nodes { ${node} name } }`;

/**
 * Reads the entities by themselves, a type a request: a gateway that knows nothing has fewer requests to send then. Never
 * asked after edits where something was kept: it would mend what a purge forgot.
 */
const allEntities = `{
  posts(first: 100) { nodes { ${postFields} slug uri date featuredImage { node { ${node} altText } } } }
  pages(first: 100) { nodes { ${node} title uri } }
  mediaItems(first: 100) { nodes { ${node} title altText } }
  books(first: 100) { nodes { ${node} title } }
  categories(first: 100) { nodes { ${node} name uri count } }
  tags(first: 100) { nodes { ${node} name count } }
  users(first: 100) { nodes { ${node} name } }
}`;

/** Two hundred operations over the demo: entities, lists in many orders and filters, counts, addresses, menus. */
export function freshnessOperations(): readonly string[] {
  const many = (count: number, from: number, toQuery: (id: number) => string) =>
    Array.from({ length: count }, (_, index) => toQuery(from + index));
  const posts = (args: string, fields = `${node} title`) => `{ posts(${args}) { nodes { ${fields} } } }`;
  const orders = ['DATE', 'MODIFIED', 'TITLE', 'SLUG', 'AUTHOR', 'MENU_ORDER'].flatMap((field) =>
    ['ASC', 'DESC'].map((order) => posts(`first: 3, where: { orderby: [{ field: ${field}, order: ${order} }] }`)),
  );
  return [
    ...many(38, 101, (id) => `{ post(id: ${id}, idType: DATABASE_ID) { ${postFields} } }`),
    ...many(22, 139, (id) => `{ post(id: ${id}, idType: DATABASE_ID) { ${node} title slug uri date } }`),
    ...many(
      20,
      101,
      (id) => `{ post(id: ${id}, idType: DATABASE_ID) { ${node} featuredImage { node { ${node} altText } } } }`,
    ),
    ...many(12, 201, (id) => `{ page(id: ${id}, idType: DATABASE_ID) { ${node} title uri } }`),
    ...many(12, 401, (id) => `{ mediaItem(id: ${id}, idType: DATABASE_ID) { ${node} title altText } }`),
    ...many(6, 301, (id) => `{ book(id: ${id}, idType: DATABASE_ID) { ${node} title } }`),
    ...many(6, 2, (id) => `{ category(id: ${id}, idType: DATABASE_ID) { ${node} name uri } }`),
    ...many(6, 2, (id) => `{ category(id: ${id}, idType: DATABASE_ID) { ${node} count } }`),
    ...many(5, 9, (id) => `{ tag(id: ${id}, idType: DATABASE_ID) { ${node} name } }`),
    ...many(6, 2, (id) => posts(`first: 4, where: { categoryId: ${id} }`)),
    ...many(
      6,
      2,
      (id) => `{ category(id: ${id}, idType: DATABASE_ID) { ${node} posts(first: 3) { nodes { ${node} title } } } }`,
    ),
    ...many(5, 9, (id) => posts(`first: 4, where: { tagId: "${id}" }`)),
    ...[1, 2, 3, 5].map((id) => posts(`first: 4, where: { author: ${id} }`)),
    ...[1, 3, 5].map((id) => `{ user(id: ${id}, idType: DATABASE_ID) { ${node} name } }`),
    ...orders,
    ...[0, 5, 10, 20, 40, 55].map((offset) => posts(`where: { offsetPagination: { offset: ${offset}, size: 3 } }`)),
    ...[2021, 2022, 2023, 2024, 2025].map((year) => posts(`first: 5, where: { dateQuery: { year: ${year} } }`)),
    `{ posts(first: 1) { pageInfo { total } nodes { ${node} } } }`,
    `{ posts(first: 1, where: { categoryId: 2 }) { pageInfo { total } nodes { ${node} } } }`,
    posts('first: 5, where: { search: "cardamom" }'),
    posts('first: 5, where: { isSticky: true }'),
    posts('last: 3'),
    `{ pages(first: 5) { nodes { ${node} title } } }`,
    `{ pages(first: 5, where: { orderby: [{ field: TITLE, order: ASC }] }) { nodes { ${node} title } } }`,
    `{ mediaItems(first: 5) { nodes { ${node} title } } }`,
    `{ books(first: 3) { nodes { ${node} title } } }`,
    `{ contentNodes(first: 4) { nodes { ${node} } } }`,
    `{ comments(first: 5) { nodes { ${node} content } } }`,
    `{ comments(last: 5) { nodes { ${node} content } } }`,
    ...[138, 145, 132, 301].map(
      (id) => `{ contentNode(id: ${id}, idType: DATABASE_ID) { ${node} ... on NodeWithComments { commentCount } } }`,
    ),
    ...[138, 145, 132].map(
      (id) => `{ post(id: ${id}, idType: DATABASE_ID) { ${node} comments(first: 3) { nodes { ${node} } } } }`,
    ),
    `{ categories(first: 20) { nodes { ${node} name } } }`,
    `{ tags(first: 20) { nodes { ${node} name } } }`,
    `{ tags(first: 3, where: { orderby: COUNT, order: DESC }) { nodes { ${node} count } } }`,
    `{ users(first: 10) { nodes { ${node} name } } }`,
    '{ menus { nodes { name menuItems { nodes { label uri } } } } }',
    '{ generalSettings { title description } }',
    ...['/release-party/', '/cardamom/', '/about/', '/category/coffee/', '/slug-of-nothing/'].map(
      (uri) => `{ nodeByUri(uri: "${uri}") { __typename ... on DatabaseIdentifier { databaseId } } }`,
    ),
  ];
}

/** Asks everything for the first time. */
export async function keepAnswers(watched: WatchedGateway, operations: readonly string[]): Promise<void> {
  for (const query of [allEntities, ...operations]) textOf(await watched.ask(query));
}

/** Asks everything, edits, gives the watcher a round, and compares with a gateway that knows nothing. */
export async function runFreshnessRound(
  watched: WatchedGateway,
  { url, credentials }: WordPress,
  operations: readonly string[],
  random: Random,
  count: number,
): Promise<Freshness> {
  const { authorization } = credentials.admin;
  const before = new Map<string, string>();
  for (const query of operations) before.set(query, textOf(await watched.ask(query)));
  const edits = await editAtRandom(url, authorization, random, count);
  await watched.round();
  const dropped = operations.filter((query) => !watched.isKept(query));
  const why = new Map(dropped.map((query) => [query, watched.whyDropped(query)]));
  const kept = operations.filter((query) => watched.isKept(query));
  const looked = new Set<string>();
  while (looked.size < Math.min(20, kept.length)) looked.add(random.pick(kept));
  await using other = await openGateway(url, { authorization });
  textOf(await other.query(allEntities));
  const stale: string[] = [];
  const wrong: string[] = [];
  const spilled: string[] = [];
  for (const query of looked) {
    if (textOf(await other.query(query)) !== before.get(query)) stale.push(query);
  }
  for (const query of dropped) {
    const fresh = textOf(await other.query(query));
    if (textOf(await watched.ask(query)) !== fresh) wrong.push(query);
    if (fresh === before.get(query) && !shows(fresh, edits) && !edits.some((edit) => asksFor(query, edit)))
      spilled.push(`${query} ${why.get(query)}`);
  }
  return { dropped, stale, wrong, unaffected: kept.length + spilled.length, spilled };
}

function textOf({ data, errors }: Answer): string {
  if (errors) throw new Error(JSON.stringify(errors));
  return JSON.stringify(data);
}

const kinds: Readonly<Record<string, string>> = { Category: 'term', Tag: 'term', User: 'user', Comment: 'comment' };

function shows(answer: string, edits: readonly MadeEdit[]): boolean {
  const touched = new Set(edits.map((edit) => edit.touched));
  const isTouched = (value: unknown): boolean => {
    if (Array.isArray(value)) return value.some(isTouched);
    if (typeof value !== 'object' || value === null) return false;
    const { __typename: type, databaseId: id }: { __typename?: unknown; databaseId?: unknown } = value;
    return touched.has(`${kinds[String(type)] ?? 'post'}:${id}`) || Object.values(value).some(isTouched);
  };
  return isTouched(JSON.parse(answer));
}

/**
 * Whether an edit changes what a query has WordPress count or search, though it does not show what was edited: two edits
 * of a round may leave a count as it was, and only WordPress knows what a text has to do with a search.
 */
function asksFor(query: string, { type, before, after, body }: MadeEdit): boolean {
  const isOfPosts = type === 'posts';
  const comesOrGoes = (before === null) !== (after === null);
  const moves = (name: 'categories' | 'tags', ids: readonly number[]) =>
    ids.some((one) => (before?.[name]?.includes(one) ?? false) !== (after?.[name]?.includes(one) ?? false));
  const [, category] = /category\(id: (\d+), idType: DATABASE_ID\) \{ __typename databaseId count/.exec(query) ?? [];
  if (category !== undefined) return isOfPosts && moves('categories', [Number(category)]);
  if (query.includes('field: COUNT') || query.includes('orderby: COUNT')) return isOfPosts && moves('tags', tags);
  if (query.includes('categoryId: 2 }) { pageInfo')) return isOfPosts && moves('categories', [2, 3, 4]);
  if (query.includes('offset:')) return isOfPosts && (comesOrGoes || 'date' in body);
  if (query.includes('pageInfo { total }')) return isOfPosts && comesOrGoes;
  if (query.includes('search:'))
    return isOfPosts && (comesOrGoes || ['title', 'content', 'excerpt'].some((name) => name in body));
  const [, commented] = /contentNode\(id: (\d+), .*commentCount/.exec(query) ?? [];
  return type === 'comments' && Number(commented) === after?.post;
}
