// Every root field, asked by every kind of user: it shows what WordPress's own REST API shows them, and nothing else.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { DemoUser } from '../../src/demo/credentials.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';

const { url, credentials } = inject('wordpress');
const { admin, editor, author, subscriber } = credentials;
const users: Readonly<Record<string, DemoUser | undefined>> = { admin, editor, author, subscriber, nobody: undefined };

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway(url);
}, 240_000);
afterAll(() => gateway[Symbol.asyncDispose]());

type Row = Readonly<Record<string, unknown>> & { readonly id: number };
type User = DemoUser | undefined;

const told = new Map<string, Promise<unknown>>();

/** What REST answers a user, who asks for the same once; null where it says that it shows nothing. */
function rest(path: string, user: User): Promise<unknown> {
  const key = `${user?.username} ${path}`;
  const known = told.get(key) ?? askRest(path, user);
  told.set(key, known);
  return known;
}

async function askRest(path: string, user: User): Promise<unknown> {
  const headers = user ? { authorization: user.authorization } : {};
  const response = await fetch(`${url}/wp-json/wp/v2/${path}`, { headers });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  if (!/^\{"code":"rest_/.test(text)) throw new Error(`${path}: ${response.status} ${text}`);
  return null;
}

/** The first of some questions that REST answers with a list: who may not ask for drafts is told of what is public. */
async function idsOf(user: User, ...paths: readonly string[]): Promise<number[]> {
  for (const path of paths) {
    const rows = (await rest(path, user)) as readonly Row[] | null;
    if (rows) return rows.map(({ id }) => id).sort((a, b) => a - b);
  }
  return [];
}

/** What of given content a user is shown in lists, of whatever status. */
function contentOf(user: User, route: string, ids: readonly number[], status: string): Promise<number[]> {
  const query = `${route}?include=${ids.join()}&per_page=100&_fields=id`;
  return idsOf(user, `${query}&status=${status}`, query);
}

async function one(user: User, path: string, read: (row: Row) => unknown): Promise<unknown> {
  const row = (await rest(path, user)) as Row | null;
  return row && read(row);
}

/** What is asked at a root field, and what REST comes to. */
interface Probe {
  /** Selection of the field, with its arguments. */
  readonly ask: string;
  readonly read: (value: unknown) => unknown;
  readonly expected: (user: User) => Promise<unknown>;
}

const any = 'any,trash';
const posts = [101, 102, 120, 161, 162, 163, 164, 165, 166, 167, 168, 169];
const pages = [170, 171];
const media = [402, 408, 410];
const globalId = (kind: string, id: number | string) => Buffer.from(`${kind}:${id}`).toString('base64');
const stati = '[PUBLISH, DRAFT, PENDING, PRIVATE, FUTURE, TRASH]';
const databaseId = (value: unknown) => (value as { databaseId?: number } | null)?.databaseId ?? null;
const nodesOf = (value: unknown) => (value as { nodes: readonly Record<string, unknown>[] }).nodes;
const sortedIds = (value: unknown) =>
  nodesOf(value)
    .map(databaseId)
    .sort((a, b) => Number(a) - Number(b));

/** One entity, seen or not, by each of its ids. */
function single(
  ids: readonly number[],
  ask: (id: number) => string,
  shown: (user: User) => Promise<number[]>,
): Probe[] {
  return ids.map((id) => ({
    ask: ask(id),
    read: databaseId,
    expected: async (user) => ((await shown(user)).includes(id) ? id : null),
  }));
}

function list(ask: string, shown: (user: User) => Promise<number[]>): Probe[] {
  return [{ ask: `${ask} { nodes { databaseId } }`, read: sortedIds, expected: shown }];
}

/** A setting of the site: for those who may change it. */
function setting(field: string, name: string): Probe[] {
  const read = (value: unknown) => (value as Record<string, unknown> | null)?.[field] ?? null;
  return [{ ask: `{ ${field} }`, read, expected: (user) => one(user, 'settings', (row) => row[name]) }];
}

const shownPosts = (user: User) => contentOf(user, 'posts', posts, any);
const shownPages = (user: User) => contentOf(user, 'pages', pages, any);
const shownMedia = (user: User) => contentOf(user, 'media', media, 'inherit,private,trash');
const shownBooks = (user: User) =>
  idsOf(user, `books?per_page=100&_fields=id&status=${any}`, 'books?per_page=100&_fields=id');
const shownUsers = (user: User) => idsOf(user, 'users?per_page=100&_fields=id');
const shownTags = (user: User) => idsOf(user, 'tags?per_page=100&_fields=id');
const shownToo = (user: User) => shownUsers(user).then((ids) => [...ids, ...(user ? [user.id] : [])]);
const held = (user: User) => idsOf(user, 'comments?status=hold&per_page=100&_fields=id');
const [firstHeld = 0] = await held(admin);
const firstBooks = (await shownBooks(undefined)).slice(0, 1);
const labelsOf = (kind: string) => (user: User) =>
  one(user, `${kind}?context=edit&_fields=labels`, (row) => (row['labels'] as { name: string }).name);
const labelOf = (value: unknown) => {
  const told = value as { labels?: { name: string } | null; label?: string | null };
  return told.labels === undefined ? told.label : (told.labels?.name ?? null);
};

/** What a password protects, and the password: those see it who may edit it. */
const protectedId = 120;
const locked: Probe = {
  ask: `(id: "${protectedId}", idType: DATABASE_ID) { databaseId content excerpt password }`,
  read: (value) => value,
  expected: async (user) => {
    const row = ((await rest(`posts/${protectedId}?context=edit`, user)) ?? {}) as Partial<ProtectedRow>;
    const texts = [row.content, row.excerpt].map((text) => text?.rendered || null);
    return { databaseId: protectedId, content: texts[0], excerpt: texts[1], password: row.password ?? null };
  },
};
interface ProtectedRow {
  readonly content: { readonly rendered: string };
  readonly excerpt: { readonly rendered: string };
  readonly password: string;
}
const commentsOfProtected = (user: User) => idsOf(user, `comments?post=${protectedId}&per_page=100&_fields=id`);

/** Root fields whose answer depends on who asks. */
const probes: Readonly<Record<string, readonly Probe[]>> = {
  post: [...single(posts, (id) => `(id: "${id}", idType: DATABASE_ID) { databaseId }`, shownPosts), locked],
  postBy: single([161, 162, 165], (id) => `(postId: ${id}) { databaseId }`, shownPosts),
  page: single(pages, (id) => `(id: "${id}", idType: DATABASE_ID) { databaseId }`, shownPages),
  pageBy: single([171], (id) => `(pageId: ${id}) { databaseId }`, shownPages),
  mediaItem: single(media, (id) => `(id: "${id}", idType: DATABASE_ID) { databaseId }`, shownMedia),
  mediaItemBy: single([410], (id) => `(mediaItemId: ${id}) { databaseId }`, shownMedia),
  book: single(firstBooks, (id) => `(id: "${id}", idType: DATABASE_ID) { databaseId }`, shownBooks),
  bookBy: single(firstBooks, (id) => `(id: "${globalId('post', id)}") { databaseId }`, shownBooks),
  contentNode: single([162, 165, protectedId], (id) => `(id: "${id}", idType: DATABASE_ID) { databaseId }`, shownPosts),
  node: [
    ...single([161, 165], (id) => `(id: "${globalId('post', id)}") { ... on Post { databaseId } }`, shownPosts),
    ...single([1, 4], (id) => `(id: "${globalId('user', id)}") { ... on User { databaseId } }`, shownToo),
  ],
  nodeByUri: single([162], (id) => `(uri: "/?p=${id}&preview=true") { ... on Post { databaseId } }`, shownPosts),
  posts: list(`(first: 100, where: { in: [${posts}], stati: ${stati} })`, shownPosts),
  pages: list(`(first: 100, where: { in: [${pages}], stati: ${stati} })`, shownPages),
  mediaItems: list(`(first: 100, where: { in: [${media}] })`, shownMedia),
  books: list(`(first: 100, where: { stati: ${stati} })`, shownBooks),
  contentNodes: list(`(first: 100, where: { in: [${posts}], contentTypes: [POST], stati: ${stati} })`, shownPosts),
  user: single([1, 2, 3, 4, 5], (id) => `(id: "${id}", idType: DATABASE_ID) { databaseId }`, shownToo),
  users: list('(first: 100)', shownUsers),
  viewer: [
    {
      ask: '{ databaseId email }',
      read: (value) => value,
      expected: (user) =>
        one(user, 'users/me?context=edit', (row) => ({ databaseId: row.id, email: row['email'] as string })),
    },
  ],
  comment: single([firstHeld], (id) => `(id: "${id}", idType: DATABASE_ID) { databaseId }`, held),
  comments: [
    ...list('(first: 100, where: { statusIn: [HOLD] })', held),
    ...list(`(first: 100, where: { contentId: ${protectedId} })`, commentsOfProtected),
  ],
  generalSettings: setting('email', 'email'),
  allSettings: setting('generalSettingsEmail', 'email'),
  plugins: [
    {
      ask: '(first: 100) { nodes { path } }',
      read: (value) => nodesOf(value).map(({ path }) => path),
      expected: async (user) =>
        ((await rest('plugins', user)) as { plugin: string }[] | null)?.map(({ plugin }) => `${plugin}.php`) ?? [],
    },
  ],
  themes: [
    {
      ask: '(first: 100) { nodes { slug name version } }',
      read: (value) => nodesOf(value),
      expected: async (user) => {
        const rows = ((await rest('themes', user)) ?? (await rest('themes?status=active', user)) ?? []) as {
          readonly stylesheet: string;
          readonly name: { readonly raw: string };
          readonly version: string;
        }[];
        return rows.map(({ stylesheet, name, version }) => ({ slug: stylesheet, name: name.raw, version }));
      },
    },
  ],
  plugin: [
    {
      ask: `(id: "${globalId('plugin', 'akismet/akismet.php')}") { path }`,
      read: (value) => (value as { path: string } | null)?.path ?? null,
      expected: async (user) => {
        const rows = ((await rest('plugins', user)) ?? []) as { plugin: string }[];
        return rows.some(({ plugin }) => plugin === 'akismet/akismet') ? 'akismet/akismet.php' : null;
      },
    },
  ],
  theme: [
    {
      ask: `(id: "${globalId('theme', 'no-such-theme')}") { slug }`,
      read: (value) => value,
      expected: async () => null,
    },
  ],
  contentType: ['post', 'page'].map((name) => ({
    ask: `(id: "${name}", idType: NAME) { labels { name } }`,
    read: labelOf,
    expected: labelsOf(`types/${name}`),
  })),
  taxonomy: ['category', 'post_tag'].map((name) => ({
    ask: `(id: "${name}", idType: NAME) { label }`,
    read: labelOf,
    expected: labelsOf(`taxonomies/${name}`),
  })),
  tags: list('(first: 100)', shownTags),
};

/** Root fields that show everybody the same. */
const alike: Readonly<Record<string, string>> = {
  categories: '(first: 100) { nodes { databaseId } }',
  category: '(id: "1", idType: DATABASE_ID) { databaseId }',
  contentTypes: '{ nodes { name label description } }',
  discussionSettings: '{ __typename }',
  genre: '(id: "1", idType: DATABASE_ID) { name }',
  genres: '(first: 100) { nodes { databaseId } }',
  menu: '(id: "primary", idType: LOCATION) { name }',
  menuItem: '(id: "1", idType: DATABASE_ID) { label }',
  menuItems: '{ nodes { label } }',
  menus: '{ nodes { name } }',
  permalinkSettings: '{ __typename }',
  postFormat: '(id: "aside", idType: SLUG) { name }',
  postFormats: '{ nodes { name } }',
  readingSettings: '{ showOnFront pageOnFront pageForPosts }',
  registeredScripts: '{ nodes { handle } }',
  registeredStylesheets: '{ nodes { handle } }',
  search: '(first: 5, where: { search: "coffee" }) { nodes { __typename } }',
  seo: '{ __typename }',
  tag: '(id: "9", idType: DATABASE_ID) { name }',
  taxonomies: '{ nodes { name description } }',
  termNode: '(id: "1", idType: DATABASE_ID, taxonomy: CATEGORY) { name }',
  terms: '(first: 100, where: { taxonomies: [TAG] }) { nodes { databaseId } }',
  userRole: `(id: "${globalId('user_role', 'editor')}") { name }`,
  userRoles: '{ nodes { name } }',
  writingSettings: '{ __typename }',
};

/** Lists that WordPress has for one thing at a time only. */
const perContent: Readonly<Record<string, string>> = { revisions: '{ nodes { databaseId } }' };

const asked = Object.entries(probes).flatMap(([field, all]) => all.map((probe, at) => ({ field, at, ...probe })));

/** Asks some fields at a time, as an operation may have so many at its root. */
async function askAll(fields: readonly (readonly [alias: string, ask: string])[], user: User) {
  const answers: Record<string, unknown> = {};
  for (let from = 0; from < fields.length; from += 20) {
    const selections = fields.slice(from, from + 20).map(([alias, ask]) => `${alias}: ${ask}`);
    const { data, errors } = await gateway.query(`{ ${selections.join('\n')} }`, {}, user);
    expect(errors?.map(({ message, path }) => `${path}: ${message}`)).toBeUndefined();
    Object.assign(answers, data);
  }
  return answers;
}

const everybodys = Object.entries(alike).map(([field, ask]) => [field, `${field}${ask}`] as const);

it.each([
  ['the least', subscriber],
  ['all', admin],
])('shows by the others a user with %s rights what everybody is shown', { timeout: 300_000 }, async (_, user) => {
  expect(await askAll(everybodys, user)).toEqual(await askAll(everybodys, undefined));
});

it('knows every field that there is to ask', () => {
  const known = [...Object.keys(probes), ...Object.keys(alike), ...Object.keys(perContent)];
  expect(known.sort()).toEqual(Object.keys(gateway.schema.getQueryType()?.getFields() ?? {}).sort());
});

describe.each(Object.entries(users))('%s', (_, user) => {
  it('is shown by each field what REST shows', { timeout: 300_000 }, async () => {
    const answers = await askAll(
      asked.map(({ field, at, ask }) => [`${field}_${at}`, `${field}${ask}`]),
      user,
    );
    for (const { field, at, ask, read, expected } of asked) {
      expect([field, ask, read(answers[`${field}_${at}`])]).toEqual([field, ask, await expected(user)]);
    }
  });

  it('is refused a list of revisions of everything, or shown none', async () => {
    const { data } = await gateway.query(`{ revisions${perContent['revisions']} }`, {}, user);
    expect(data.revisions?.nodes ?? []).toEqual([]);
  });
});
