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
  const responses: { readonly body: { readonly id: number } }[] = [];
  // WordPress takes 25 at a time.
  for (let from = 0; from < requests.length; from += 25) {
    const body = JSON.stringify({ requests: requests.slice(from, from + 25) });
    const answer = await ask('batch/v1', wordpress.credentials.admin, { method: 'POST', body });
    responses.push(...((await answer.json()) as { responses: typeof responses }).responses);
  }
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

const isOf = { create: 'POST', update: 'POST', delete: 'DELETE' } as const;

/** What needs things of its own for each user. */
async function attemptsOf(role: Role, at: number): Promise<readonly Attempt[]> {
  const { posts = [], pages = [], books = [], categories = [], tags = [], genre: genres = [] } = victims;
  const id = (ids: readonly number[]) => ids[at] ?? 0;
  const [comment, trashed, victim] = others[at] ?? [0, 0, 0];
  return [
    ['createPost', { title: role }, isOf.create, 'posts'],
    ['createPage', { title: role }, isOf.create, 'pages'],
    ['createBook', { title: role }, isOf.create, 'books'],
    ['createMediaItem', { filePath: `${files.url}/a.png` }, isOf.create, 'media'],
    ['createCategory', { name: `c ${role}` }, isOf.create, 'categories'],
    ['createTag', { name: `t ${role}` }, isOf.create, 'tags'],
    ['createGenre', { name: `g ${role}` }, isOf.create, 'genre'],
    ['createUser', { username: `u${role}`, email: `${role}@example.org` }, isOf.create, 'users'],
    ['updateBook', { id: id(books), title: 'x' }, isOf.update, `books/${id(books)}`],
    ['updateCategory', { id: id(categories), description: 'x' }, isOf.update, `categories/${id(categories)}`],
    ['updateGenre', { id: id(genres), description: 'x' }, isOf.update, `genre/${id(genres)}`],
    ['restoreComment', { id: trashed }, isOf.update, `comments/${trashed}`],
    ['deletePost', { id: id(posts) }, isOf.delete, `posts/${id(posts)}`],
    ['deletePage', { id: id(pages) }, isOf.delete, `pages/${id(pages)}`],
    ['deleteBook', { id: id(books) }, isOf.delete, `books/${id(books)}`],
    ['deleteMediaItem', { id: mediaIds[at] }, isOf.delete, `media/${mediaIds[at]}`],
    ['deleteCategory', { id: id(categories) }, isOf.delete, `categories/${id(categories)}`],
    ['deleteTag', { id: id(tags) }, isOf.delete, `tags/${id(tags)}`],
    ['deleteGenre', { id: id(genres) }, isOf.delete, `genre/${id(genres)}`],
    ['deleteComment', { id: comment }, isOf.delete, `comments/${comment}`],
    ['deleteUser', { id: victim, reassignId: 1 }, isOf.delete, `users/${victim}`],
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

let victims: Record<string, number[]> = {};
let mediaIds: number[] = [];
/** A comment, one in the trash, and a user, to be deleted by who may. */
const others: (readonly [number, number, number])[] = [];

beforeAll(async () => {
  victims = await make(roles.length);
  mediaIds = [403, 404, 405, 406, 407];
  // Only the last two may delete what is of others; the rest share what stays.
  for (const name of ['shared', 'first', 'second']) {
    const trashed = await makeOne('comments', { post: 101, content: `Trash ${name}` });
    await ask(`wp/v2/comments/${trashed}`, wordpress.credentials.admin, { method: 'DELETE' });
    others.push([
      await makeOne('comments', { post: 101, content: `Victim ${name}` }),
      trashed,
      await makeOne('users', { username: `victim${name}`, email: `${name}@example.net`, password: 'x-y-z-1-2-3' }),
    ]);
  }
  const [shared = [0, 0, 0] as const, ...last] = others;
  others.splice(0, others.length, shared, shared, shared, ...last);
}, 240_000);

/** Whether REST lets a user do it: it tells with each answer which methods they may use. */
async function isAllowed([, , method, path]: Attempt, user: DemoUser | undefined): Promise<boolean> {
  const response = await ask(`wp/v2/${path}?_fields=id`, user);
  await response.arrayBuffer();
  return (response.headers.get('allow') ?? '').split(/,\s*/).includes(method);
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

describe.each(roles.map((role, at) => [role, at] as const))('%s', (role, at) => {
  it('may do what REST lets them', { timeout: 300_000 }, async () => {
    const user = userOf(role);
    const own = await attemptsOf(role, at);
    expect(own.map(([name]) => name)).toEqual(perUser);
    const attempts = [...steady, ...own];
    const allowed: boolean[] = [];
    for (const attempt of attempts) allowed.push(user !== undefined && (await isAllowed(attempt, user)));
    const codes = await send(attempts, user);
    for (const [index, [name, input]] of attempts.entries()) {
      const code = codes[index];
      const refused = user ? expect.stringMatching(/^(?:FORBIDDEN|BAD_USER_INPUT)$/) : 'UNAUTHENTICATED';
      expect([name, input, code]).toEqual([name, input, allowed[index] ? undefined : refused]);
    }
    if (role === 'admin') expect(allowed).not.toContain(false);
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
