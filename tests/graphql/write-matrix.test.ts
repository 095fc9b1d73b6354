// Every mutation, sent by every kind of user, on public, private, own and others' content: allowed to whom REST allows it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoUser } from '../../src/demo/credentials.ts';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { type FileServer, serveFiles } from '../support/file-server.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

// Those with more rights come later: what they delete is there for all before.
const roles = ['nobody', 'subscriber', 'author', 'editor', 'admin'] as const;
type Role = (typeof roles)[number];

const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let wordpress: WordPress;
let gateway: TestGateway;
let files: FileServer;
beforeAll(async () => {
  wordpress = await startWritableWordPress();
  files = await serveFiles({ '/a.png': { type: 'image/png', body: png } });
  gateway = await openGateway(wordpress.url, {
    authorization: wordpress.credentials.admin.authorization,
    previewSecret: 'a secret of the gateway that is long enough',
    files: { allowedHosts: [files.host] },
  });
}, 240_000);
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await files[Symbol.asyncDispose]();
  await wordpress[Symbol.asyncDispose]();
});

function userOf(role: Role): DemoUser | undefined {
  return role === 'nobody' ? undefined : wordpress.credentials[role];
}

function ask(path: string, user: DemoUser | undefined, init: RequestInit = {}): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(user ? { authorization: user.authorization } : {}) };
  return fetch(`${wordpress.url}/wp-json/${path}`, { ...init, headers });
}

/** Makes things as the administrator, to be deleted; their ids. */
async function make(count: number): Promise<Record<string, number[]>> {
  const kinds = ['posts', 'pages', 'books', 'categories', 'tags', 'genre'];
  const body = (kind: string, at: number) =>
    kind === 'posts' || kind === 'pages' || kind === 'books'
      ? { title: `Victim ${at}`, status: 'publish' }
      : { name: `Victim ${kind} ${at}` };
  const made: Record<string, number[]> = {};
  const requests = kinds.flatMap((kind) =>
    Array.from({ length: count }, (_, at) => ({
      method: 'POST',
      path: `/wp/v2/${kind}?_fields=id`,
      body: body(kind, at),
    })),
  );
  // WordPress takes up to 25 at a time.
  const answer = await ask('batch/v1', wordpress.credentials.admin, {
    method: 'POST',
    body: JSON.stringify({ requests }),
  });
  const { responses } = (await answer.json()) as { responses: readonly { readonly body: { readonly id: number } }[] };
  for (const [at, kind] of kinds.entries()) {
    made[kind] = responses.slice(at * count, (at + 1) * count).map((response) => response.body.id);
  }
  return made;
}

async function makeOne(path: string, body: object): Promise<number> {
  const answer = await ask(`wp/v2/${path}`, wordpress.credentials.admin, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return ((await answer.json()) as { id: number }).id;
}

/** What a mutation is tried with, and the route and method that REST has for it. */
type Attempt = readonly [name: string, input: object, method: string, path: string];

/** What is the same for every user. */
const steady: readonly Attempt[] = [
  ['updatePost', { id: 101, slug: 'hello-from-the-demo' }, 'POST', 'posts/101'],
  ['updatePost', { id: 161, title: 'x' }, 'POST', 'posts/161'],
  ['updatePost', { id: 165, title: 'x' }, 'POST', 'posts/165'],
  ['updatePost', { id: 162, title: 'x' }, 'POST', 'posts/162'],
  ['createPreviewToken', { id: 162 }, 'POST', 'posts/162'],
  ['updatePage', { id: 171, title: 'x' }, 'POST', 'pages/171'],
  ['updateMediaItem', { id: 402, altText: 'x' }, 'POST', 'media/402'],
  ['updateTag', { id: 9, description: 'x' }, 'POST', 'tags/9'],
  ['updateComment', { id: 8, content: 'x' }, 'POST', 'comments/8'],
  ['updateUser', { id: 3, description: 'x' }, 'POST', 'users/3'],
  ['updateSettings', { generalSettingsDescription: 'x' }, 'POST', 'settings'],
];

/** What REST is sent for these, in their order. */
const steadyBodies: readonly object[] = [
  ...[{ slug: 'hello-from-the-demo' }, { title: 'y' }, { title: 'y' }, { title: 'y' }, { title: 'y' }, { title: 'y' }],
  ...[{ alt_text: 'y' }, { description: 'y' }, { content: 'y' }, { description: 'y' }, { description: 'y' }],
];
/** Those of the steady ones, by their place, that WordPress takes in one batch. */
const batched = [0, 1, 2, 3, 4, 5, 7];

const isOf = { create: 'POST', update: 'POST', delete: 'DELETE' } as const;

/** What makes things, or needs some of its own for who may take them away. */
async function attemptsOf(role: Role): Promise<readonly Attempt[]> {
  // Only the last two may delete what is of others: who is refused tries it with what is the last one's.
  const at = role === 'editor' ? 0 : 1;
  const id = (kind: string) => victims[kind]?.[at] ?? 0;
  const [book, category, genre] = [id('books'), id('categories'), id('genre')];
  // The author may delete media of their own.
  const media = role === 'author' ? 405 : id('media');
  return [
    ['createPost', { title: role }, isOf.create, 'posts'],
    ['createPage', { title: role }, isOf.create, 'pages'],
    ['createBook', { title: role }, isOf.create, 'books'],
    ['createMediaItem', { filePath: `${files.url}/a.png` }, isOf.create, 'media'],
    ['createCategory', { name: `c ${role}` }, isOf.create, 'categories'],
    ['createTag', { name: `t ${role}` }, isOf.create, 'tags'],
    ['createGenre', { name: `g ${role}` }, isOf.create, 'genre'],
    ['createUser', { username: `u${role}`, email: `${role}@example.org` }, isOf.create, 'users'],
    ['updateBook', { id: book, title: 'x' }, isOf.update, `books/${book}`],
    ['updateCategory', { id: category, description: 'x' }, isOf.update, `categories/${category}`],
    ['updateGenre', { id: genre, description: 'x' }, isOf.update, `genre/${genre}`],
    ['restoreComment', { id: id('trashed') }, isOf.update, `comments/${id('trashed')}`],
    ['deletePost', { id: id('posts') }, isOf.delete, `posts/${id('posts')}`],
    ['deletePage', { id: id('pages') }, isOf.delete, `pages/${id('pages')}`],
    ['deleteBook', { id: book }, isOf.delete, `books/${book}`],
    ['deleteMediaItem', { id: media }, isOf.delete, `media/${media}`],
    ['deleteCategory', { id: category }, isOf.delete, `categories/${category}`],
    ['deleteTag', { id: id('tags') }, isOf.delete, `tags/${id('tags')}`],
    ['deleteGenre', { id: genre }, isOf.delete, `genre/${genre}`],
    ['deleteComment', { id: id('comments') }, isOf.delete, `comments/${id('comments')}`],
    ['deleteUser', { id: id('users'), reassignId: 1 }, isOf.delete, `users/${id('users')}`],
  ];
}

const withoutRoute: Readonly<Record<string, object>> = {
  createPostFormat: { name: 'x' },
  updatePostFormat: { id: '1' },
  deletePostFormat: { id: '1' },
  registerUser: { username: 'x' },
  resetUserPassword: { login: 'x' },
  sendPasswordResetEmail: { username: 'x' },
};

/** Ids of what is there to be deleted, by kind: for the editor, and for all others. */
let victims: Record<string, number[]> = {};

beforeAll(async () => {
  victims = { ...(await make(2)), media: [403, 404], comments: [], trashed: [], users: [] };
  for (const name of ['first', 'second']) {
    const trashed = await makeOne('comments', { post: 101, content: `Trash ${name}` });
    await ask(`wp/v2/comments/${trashed}`, wordpress.credentials.admin, { method: 'DELETE' });
    victims['trashed']?.push(trashed);
    victims['comments']?.push(await makeOne('comments', { post: 101, content: `Victim ${name}` }));
  }
  const user = await makeOne('users', { username: 'victim', email: 'v@example.net', password: 'x-y-z-1-2-3' });
  victims['users']?.push(user, user);
}, 240_000);

/** What lists show of others than what is published, for those who may ask for it. */
const listed: Readonly<Record<string, string>> = {
  ...{ posts: '&status=any', pages: '&status=any', books: '&status=any', media: '' },
  ...{ categories: '', tags: '', genre: '', users: '' },
};

interface Told {
  readonly id: number;
  readonly _links: { readonly self: readonly { readonly targetHints?: { readonly allow: readonly string[] } }[] };
}

/** Which methods REST lets a user use at some paths of a kind: its lists tell it of each entry, its answers of themselves. */
async function readMethods(user: DemoUser, kind: string, paths: readonly string[]) {
  const methods = new Map<string, readonly string[]>();
  const allowOf = (response: Response) => (response.headers.get('allow') ?? '').split(/,\s*/);
  const more = listed[kind];
  if (more === undefined) {
    for (const path of paths) {
      const response = await ask(`wp/v2/${path}?_fields=id`, user);
      await response.arrayBuffer();
      methods.set(path, allowOf(response));
    }
    return methods;
  }
  const ids = paths.map((path) => path.split('/')[1]).filter((id) => id !== undefined);
  const list = `wp/v2/${kind}?per_page=100&include=${ids.join()}&_fields=id,_links.self`;
  const first = await ask(`${list}${more}`, user);
  const response = first.ok || more === '' ? first : await ask(list, user);
  methods.set(kind, allowOf(response));
  for (const { id, _links } of response.ok ? ((await response.json()) as readonly Told[]) : []) {
    methods.set(`${kind}/${id}`, _links.self[0]?.targetHints?.allow ?? []);
  }
  return methods;
}

async function allowedTo(user: DemoUser, attempts: readonly Attempt[]): Promise<boolean[]> {
  const kinds = new Map<string, Set<string>>();
  for (const [, , , path] of attempts) {
    const [kind = ''] = path.split('/');
    kinds.set(kind, (kinds.get(kind) ?? new Set()).add(path));
  }
  const methods = new Map<string, readonly string[]>();
  for (const [kind, paths] of kinds) {
    for (const [path, allow] of await readMethods(user, kind, [...paths])) methods.set(path, allow);
  }
  return attempts.map(([, , method, path]) => methods.get(path)?.includes(method) === true);
}

async function send(attempts: readonly (readonly [string, object, ...unknown[]])[], user: DemoUser | undefined) {
  const codes: (string | undefined)[] = [];
  for (let from = 0; from < attempts.length; from += 16) {
    const part = attempts.slice(from, from + 16);
    const types = part.map(([name], at) => `$i${at}: ${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`);
    const fields = part.map(([name], at) => `m${at}: ${name}(input: $i${at}) { clientMutationId }`);
    const variables = Object.fromEntries(part.map(([, input], at) => [`i${at}`, input]));
    const { errors = [] } = await gateway.query(`mutation (${types}) { ${fields.join('\n')} }`, variables, user);
    codes.push(...part.map((_, at) => errors.find(({ path }) => path?.[0] === `m${at}`)?.extensions.code));
  }
  return codes;
}

it('knows every mutation that there is', () => {
  const known = [...steady.map(([name]) => name), ...Object.keys(withoutRoute), 'createComment', ...perUser];
  const fields = Object.keys(gateway.schema.getMutationType()?.getFields() ?? {});
  expect([...new Set(known)].sort()).toEqual(fields.sort());
});

const perUser = [
  ...['createPost', 'createPage', 'createBook', 'createMediaItem', 'createCategory', 'createTag', 'createGenre'],
  ...['createUser', 'updateBook', 'updateCategory', 'updateGenre', 'restoreComment', 'deletePost', 'deletePage'],
  ...['deleteBook', 'deleteMediaItem', 'deleteCategory', 'deleteTag', 'deleteGenre', 'deleteComment', 'deleteUser'],
];

/** What REST does, and not only says, where a user tries what is the same for every user. */
async function doneBy(user: DemoUser | undefined): Promise<boolean[]> {
  const done: boolean[] = [];
  const isDone = (status: number) => status >= 200 && status < 300;
  const tried = steady.map(([, , method, path], at) => ({ method, path: `/wp/v2/${path}`, body: steadyBodies[at] }));
  const together = batched.map((at) => tried[at]);
  const answer = await ask('batch/v1', user, { method: 'POST', body: JSON.stringify({ requests: together }) });
  const { responses } = (await answer.json()) as { readonly responses: readonly { readonly status: number }[] };
  for (const [index, at] of batched.entries()) done[at] = isDone(responses[index]?.status ?? 0);
  for (const [at, { method, path, body }] of tried.entries()) {
    if (batched.includes(at)) continue;
    const { status } = await ask(path.slice(1), user, { method, body: JSON.stringify(body) });
    done[at] = isDone(status);
  }
  return done;
}

describe.each(roles)('%s', (role) => {
  it('may do what REST lets them', { timeout: 300_000 }, async () => {
    const user = userOf(role);
    const own = await attemptsOf(role);
    expect(own.map(([name]) => name)).toEqual(perUser);
    const attempts = [...steady, ...own];
    const allowed = user ? await allowedTo(user, attempts) : attempts.map(() => false);
    const codes = await send(attempts, user);
    for (const [index, [name, input]] of attempts.entries()) {
      const code = codes[index];
      const refused = user ? expect.stringMatching(/^(?:FORBIDDEN|BAD_USER_INPUT)$/) : 'UNAUTHENTICATED';
      expect([name, input, code]).toEqual([name, input, allowed[index] ? undefined : refused]);
    }
    // What REST tells of rights is true.
    expect(await doneBy(user)).toEqual(steady.map((_, index) => allowed[index]));
    if (role === 'admin') expect(attempts.filter((_, index) => !allowed[index])).toEqual([]);
  });

  it('may comment where REST lets them', async () => {
    const user = userOf(role);
    const input = { commentOn: 101, content: `By ${role}` };
    const [code] = await send([['createComment', input]], user);
    const { status } = await ask('wp/v2/comments', user, {
      method: 'POST',
      body: JSON.stringify({ post: 101, content: `Also by ${role}` }),
    });
    // Who is no moderator may not write twice at once.
    expect([code, status === 401]).toEqual(user ? [undefined, false] : ['UNAUTHENTICATED', true]);
  });

  it('may not do what REST has no way for', async () => {
    const codes = await send(Object.entries(withoutRoute), userOf(role));
    expect(new Set(codes)).toEqual(new Set(['UNSUPPORTED']));
  });
});
