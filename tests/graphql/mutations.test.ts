// Mutations write what they say, in WPGraphQL's shapes; their payloads read it back, and refusals have a code and a place.

import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoUser } from '../../src/demo/credentials.ts';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { serveFiles } from '../support/file-server.ts';
import { type Answer, openGateway, type TestGateway } from '../support/gateway.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

let wordpress: WordPress;
let gateway: TestGateway;
beforeAll(async () => {
  wordpress = await startWritableWordPress();
  gateway = await openGateway(wordpress.url);
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await wordpress[Symbol.asyncDispose]();
});

type Input = Readonly<Record<string, unknown>>;

/** Runs one mutation with one input: `select` is what its payload is asked for. */
function mutate(name: string, input: Input, select: string, viewer?: DemoUser): Promise<Answer> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { ${name}(input: $input) { clientMutationId ${select} } }`;
  return gateway.query(query, { input }, viewer);
}

async function succeed(name: string, input: Input, select: string, viewer = wordpress.credentials.admin) {
  const { data, errors } = await mutate(name, input, select, viewer);
  expect(errors).toBeUndefined();
  return data[name];
}

/** Code and message of the one error of a mutation. */
async function refusal(name: string, input: Input, select: string, viewer?: DemoUser): Promise<readonly string[]> {
  const { data, errors } = await mutate(name, input, select, viewer);
  expect(data?.[name] ?? null).toBeNull();
  expect(errors).toHaveLength(1);
  return [errors?.[0]?.extensions.code ?? '', errors?.[0]?.message ?? ''];
}

async function rest(path: string, viewer: DemoUser = wordpress.credentials.admin) {
  const response = await fetch(`${wordpress.url}/wp-json/wp/v2/${path}`, {
    headers: { authorization: viewer.authorization },
  });
  return response.json();
}

describe('posts', () => {
  const select = `post { databaseId title content excerpt status slug date commentStatus
    categories { nodes { name databaseId } } tags { nodes { name } } postFormats { nodes { name } }
    author { node { databaseId } } metaFields { subtitle readingMinutes } }`;

  it('are created with terms that are there and terms that are not', async () => {
    const { post, clientMutationId } = await succeed(
      'createPost',
      {
        clientMutationId: 'one',
        title: 'Beans & <em>leaves</em>',
        content: '<p>Written over GraphQL.</p>',
        excerpt: 'Short.',
        slug: 'beans-and-leaves',
        date: '2024-05-06T07:08:09',
        status: 'PUBLISH',
        commentStatus: 'closed',
        authorId: 'dXNlcjo1',
        categories: { nodes: [{ slug: 'brewing' }, { name: 'Wholly new' }] },
        tags: { nodes: [{ name: 'espresso' }, { slug: 'fresh-tag', name: 'Fresh tag', description: 'Made here.' }] },
        postFormats: { nodes: [{ slug: 'post-format-aside' }] },
        metaFields: { subtitle: 'Of both', readingMinutes: 3 },
      },
      select,
    );
    expect(clientMutationId).toBe('one');
    expect(post).toMatchObject({
      title: 'Beans & <em>leaves</em>',
      content: '<p>Written over GraphQL.</p>\n',
      status: 'publish',
      slug: 'beans-and-leaves',
      date: '2024-05-06T07:08:09',
      commentStatus: 'closed',
      author: { node: { databaseId: 5 } },
      postFormats: { nodes: [{ name: 'Aside' }] },
      metaFields: { subtitle: 'Of both', readingMinutes: 3 },
    });
    const names = (nodes: readonly { readonly name: string }[]) => nodes.map(({ name }) => name).sort();
    expect(names(post.categories.nodes)).toEqual(['Brewing & Roasting', 'Wholly new']);
    expect(names(post.tags.nodes)).toEqual(['Espresso', 'Fresh tag']);
    const row = await rest(`posts/${post.databaseId}?context=edit`);
    expect([row.title.raw, row.author, row.format, row.comment_status]).toEqual([
      'Beans & <em>leaves</em>',
      5,
      'aside',
      'closed',
    ]);
    expect((await rest('tags?slug=fresh-tag'))[0].description).toBe('Made here.');
  });

  it('are drafts of the viewer unless told otherwise', async () => {
    const { post } = await succeed('createPost', { title: 'A thought' }, select, wordpress.credentials.author);
    expect([post.status, post.author.node.databaseId]).toEqual(['draft', wordpress.credentials.author.id]);
  });

  it('keep what an update does not name; terms come beside the others unless told otherwise', async () => {
    const { post } = await succeed(
      'createPost',
      { title: 'Before', content: 'Stays', tags: { nodes: [{ name: 'one' }] } },
      select,
    );
    const id = post.databaseId;
    const tagsOf = (payload: Answer['data']) => payload.post.tags.nodes.map((tag: { name: string }) => tag.name).sort();
    const second = await succeed('updatePost', { id, title: 'After', tags: { nodes: [{ name: 'two' }] } }, select);
    expect([second.post.title, second.post.content, tagsOf(second)]).toEqual([
      'After',
      '<p>Stays</p>\n',
      ['one', 'two'],
    ]);
    const third = await succeed('updatePost', { id, tags: { append: false, nodes: [{ name: 'three' }] } }, select);
    expect(tagsOf(third)).toEqual(['three']);
  });

  it('are thrown away, and then deleted', async () => {
    const { post } = await succeed('createPost', { title: 'Gone', status: 'PUBLISH' }, select);
    const id = Buffer.from(`post:${post.databaseId}`).toString('base64');
    const trashed = await succeed('deletePost', { id }, 'deletedId post { title status }');
    expect(trashed).toEqual({ clientMutationId: null, deletedId: id, post: { title: 'Gone', status: 'publish' } });
    expect((await rest(`posts/${post.databaseId}`)).status).toBe('trash');
    expect(await refusal('deletePost', { id }, 'deletedId', wordpress.credentials.admin)).toEqual([
      'BAD_USER_INPUT',
      'Could not delete posts: it is in the trash already: `forceDelete` removes it from there.',
    ]);
    await succeed('deletePost', { id, forceDelete: true }, 'deletedId');
    expect((await rest(`posts/${post.databaseId}`)).code).toBe('rest_post_invalid_id');
  });

  it('wait for review where the viewer may not publish them', async () => {
    const amara = await makeUser('contributor');
    const { post } = await succeed('createPost', { title: 'Please', status: 'PUBLISH' }, 'post { status }', amara);
    expect(post.status).toBe('pending');
  });
});

/** A user with an application password of its own. */
async function makeUser(role: string): Promise<DemoUser> {
  const { admin } = wordpress.credentials;
  const name = `made-${role}-${Math.random().toString(36).slice(2)}`;
  const post = async (path: string, body: object) => {
    const response = await fetch(`${wordpress.url}/wp-json/wp/v2/${path}`, {
      method: 'POST',
      headers: { authorization: admin.authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.json();
  };
  const user = await post('users', { username: name, email: `${name}@example.com`, password: name, roles: [role] });
  const { password } = await post(`users/${user.id}/application-passwords`, { name: 'test' });
  const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
  return { id: user.id, username: name, password: name, applicationPassword: password, authorization };
}

describe('other types of content', () => {
  it('pages have parents, places and passwords', async () => {
    const input = {
      title: 'Below',
      parentId: 201,
      menuOrder: 7,
      password: 'open sesame',
      status: 'PUBLISH',
      content: 'Kept',
    };
    const { page } = await succeed(
      'createPage',
      input,
      'page { databaseId parentDatabaseId menuOrder hasPassword password content }',
    );
    expect(page).toMatchObject({
      parentDatabaseId: 201,
      menuOrder: 7,
      hasPassword: true,
      password: 'open sesame',
      content: '<p>Kept</p>\n',
    });
    const { data } = await gateway.query(
      `{ page(id: ${page.databaseId}, idType: DATABASE_ID) { hasPassword password content } }`,
    );
    expect(data.page).toEqual({ hasPassword: true, password: null, content: null });
  });

  it('books have genres and typed custom fields', async () => {
    const input = {
      title: 'Typed',
      status: 'PUBLISH',
      genres: { nodes: [{ name: 'Invented genre' }] },
      metaFields: {
        isbn: '978',
        pageCount: 12,
        inPrint: true,
        rating: 4.5,
        awards: ['First'],
        dimensions: { width: 2, unit: 'cm' },
      },
      acfFields: {
        ...{ tagline: 'Fresh "off" the press', price: 7.5, onLoan: true, readNext: [303, 305], recommendedBy: 3 },
        ...{ firstEdition: { year: 2024, city: 'Graz' }, quotes: [{ text: 'Grind \\ repeat', page: 1 }] },
      },
    };
    const fields = 'isbn pageCount inPrint rating awards dimensions { width height unit }';
    const acf = 'tagline price onLoan readNext recommendedBy firstEdition { year city } quotes { text page }';
    const { book } = await succeed(
      'createBook',
      input,
      `book { databaseId genres { nodes { name } } metaFields { ${fields} } acfFields { ${acf} } }`,
    );
    expect(book.genres.nodes).toEqual([{ name: 'Invented genre' }]);
    expect(book.acfFields).toEqual(input.acfFields);
    expect(book.metaFields).toEqual({ ...input.metaFields, dimensions: { width: 2, height: null, unit: 'cm' } });
    const updated = await succeed(
      'updateBook',
      { id: book.databaseId, metaFields: { rating: 1 } },
      `book { metaFields { ${fields} } }`,
    );
    expect(updated.book.metaFields).toMatchObject({ isbn: '978', rating: 1 });
  });

  it('refuses a type of another kind, in the words of the input', async () => {
    const [code, message] = await refusal(
      'createBook',
      { title: 'x', metaFields: { dimensions: { unit: 'miles' } } },
      'book { databaseId }',
      wordpress.credentials.admin,
    );
    expect([code, message]).toEqual([
      'BAD_USER_INPUT',
      'input.metaFields: WordPress does not accept one of the values.',
    ]);
  });
});

describe('terms', () => {
  it('are created, changed and deleted, with their parents', async () => {
    const select = 'category { databaseId name slug description parentDatabaseId }';
    const { category } = await succeed('createCategory', { name: 'Roots', description: 'Deep.' }, select);
    expect(category).toMatchObject({ name: 'Roots', slug: 'roots', description: 'Deep.', parentDatabaseId: null });
    const child = await succeed('createCategory', { name: 'Shoots', parentId: category.databaseId }, select);
    expect(child.category.parentDatabaseId).toBe(category.databaseId);
    const changed = await succeed('updateCategory', { id: category.databaseId, name: 'Taproots' }, select);
    expect(changed.category).toMatchObject({ name: 'Taproots', slug: 'roots' });
    const gone = await succeed('deleteCategory', { id: category.databaseId }, 'deletedId category { name }');
    expect(gone.category).toEqual({ name: 'Taproots' });
    expect((await rest(`categories/${category.databaseId}`)).code).toBe('rest_term_invalid');
    expect(
      await refusal('createGenre', { name: 'Twin', aliasOf: 'x' }, 'genre { name }', wordpress.credentials.admin),
    ).toEqual(['UNSUPPORTED', 'input.aliasOf: WordPress does not take it over REST: a value is refused.']);
    await succeed('createGenre', { name: 'Twin' }, 'genre { name }');
    expect(await refusal('createGenre', { name: 'Twin' }, 'genre { name }', wordpress.credentials.admin)).toEqual([
      'BAD_USER_INPUT',
      'input.name: a term of this name is there already.',
    ]);
  });
});

describe('comments', () => {
  const select = 'success comment { databaseId content status author { node { name } } parentDatabaseId }';

  it('are written, moderated, thrown away and restored', async () => {
    const { subscriber, editor } = wordpress.credentials;
    const made = await succeed(
      'createComment',
      { commentOn: 112, content: 'Well said.', parent: '14' },
      select,
      subscriber,
    );
    expect(made).toMatchObject({ success: true, comment: { content: '<p>Well said.</p>\n', parentDatabaseId: 14 } });
    expect(made.comment.author.node.name).toBe('Loyal Reader');
    const id = made.comment.databaseId;
    const held = await succeed('updateComment', { id, status: 'HOLD' }, select, editor);
    expect(held.comment.status).toBe('HOLD');
    const approved = await succeed('updateComment', { id, status: 'APPROVE', content: 'Better said.' }, select, editor);
    expect(approved.comment).toMatchObject({ status: 'APPROVE', content: '<p>Better said.</p>\n' });
    const trashed = await succeed('deleteComment', { id }, 'deletedId comment { status }', editor);
    expect(trashed.comment.status).toBe('APPROVE');
    expect((await rest(`comments/${id}`)).status).toBe('trash');
    const restored = await succeed('restoreComment', { id }, 'restoredId comment { status }', editor);
    expect(restored).toMatchObject({
      restoredId: Buffer.from(`comment:${id}`).toString('base64'),
      comment: { status: 'APPROVE' },
    });
    await succeed('deleteComment', { id, forceDelete: true }, 'deletedId', editor);
    expect((await rest(`comments/${id}`)).code).toBe('rest_comment_invalid_id');
  });

  it('need a text', async () => {
    const [code, message] = await refusal(
      'createComment',
      { commentOn: 112, content: '' },
      select,
      wordpress.credentials.editor,
    );
    expect([code, message]).toEqual(['BAD_USER_INPUT', 'input.content: a comment needs a text.']);
  });
});

describe('users', () => {
  it('are created, changed, and deleted with an heir', async () => {
    const select = 'user { databaseId username email firstName nickname roles { nodes { name } } }';
    const input = { username: 'newcomer', email: 'newcomer@example.com', firstName: 'Nina', roles: ['author'] };
    const { user } = await succeed('createUser', input, select);
    expect(user).toMatchObject({
      username: 'newcomer',
      email: input.email,
      firstName: 'Nina',
      roles: { nodes: [{ name: 'author' }] },
    });
    const id = Buffer.from(`user:${user.databaseId}`).toString('base64');
    const changed = await succeed('updateUser', { id, nickname: 'Nini', roles: ['editor'] }, select);
    expect(changed.user).toMatchObject({ nickname: 'Nini', roles: { nodes: [{ name: 'editor' }] } });
    const { post } = await succeed(
      'createPost',
      { title: 'Inherited', authorId: id, status: 'PUBLISH' },
      'post { databaseId }',
    );
    const gone = await succeed('deleteUser', { id, reassignId: 2 }, 'deletedId user { username }');
    expect(gone).toMatchObject({ deletedId: id, user: { username: 'newcomer' } });
    expect((await rest(`posts/${post.databaseId}`)).author).toBe(2);
  });

  it('name the field that is at fault', async () => {
    const { admin } = wordpress.credentials;
    const select = 'user { databaseId }';
    expect(await refusal('createUser', { username: 'nomail' }, select, admin)).toEqual([
      'BAD_USER_INPUT',
      'input.email: WordPress needs a value.',
    ]);
    expect(await refusal('createUser', { username: 'edda', email: 'x@example.com' }, select, admin)).toEqual([
      'BAD_USER_INPUT',
      'input.username: a user with this name is there already.',
    ]);
    expect(await refusal('createUser', { username: 'fine', email: 'no address' }, select, admin)).toEqual([
      'BAD_USER_INPUT',
      'input.email: WordPress does not accept this value.',
    ]);
    expect(await refusal('createUser', { username: 'u'.repeat(61), email: 'u@example.com' }, select, admin)).toEqual([
      'BAD_USER_INPUT',
      'input.username: it is too long.',
    ]);
  });

  it.each([
    ['registerUser', { username: 'x' }, 'user { databaseId }'],
    ['sendPasswordResetEmail', { username: 'x' }, 'success'],
    ['resetUserPassword', { key: 'x' }, 'user { databaseId }'],
    ['createPostFormat', { name: 'x' }, 'postFormat { name }'],
  ])('%s says that WordPress has no way for it', async (name, input, select) => {
    const [code, message] = await refusal(name, input, select);
    expect(code).toBe('UNSUPPORTED');
    expect(message).toContain(name);
  });
});

describe('settings', () => {
  it('are changed, and read back as they are now', async () => {
    const select = `allSettings { generalSettingsTitle readingSettingsPostsPerPage generalSettingsEmail }
      generalSettings { title description } writingSettings { useSmilies }`;
    const input = {
      generalSettingsTitle: 'Another name',
      readingSettingsPostsPerPage: 7,
      writingSettingsUseSmilies: false,
    };
    const payload = await succeed('updateSettings', input, select);
    expect(payload).toMatchObject({
      allSettings: { generalSettingsTitle: 'Another name', readingSettingsPostsPerPage: 7 },
      generalSettings: { title: 'Another name' },
      writingSettings: { useSmilies: false },
    });
    expect(payload.allSettings.generalSettingsEmail).toContain('@');
    expect((await rest('settings')).title).toBe('Another name');
  });
});

describe('what does not fit', () => {
  it.each([
    ['createCategory', { name: 'Orphan', parentId: 99_999 }, 'input.parentId: there is no such term.'],
    ['createCategory', { name: '' }, 'input.name: a term needs a name.'],
    ['createPage', { title: 'Orphan', parentId: 99_999 }, 'input.parentId: there is none with this id.'],
    ['createComment', { commentOn: 99_999, content: 'To nobody' }, 'input.commentOn: there is no such content.'],
    ['createComment', { commentOn: 101, content: 'x'.repeat(66_000) }, 'input.content: it is too long.'],
  ])('is named: %s, %#', async (name, input, message) => {
    const refused = await refusal(name, input, '', wordpress.credentials.admin);
    expect(refused).toEqual(['BAD_USER_INPUT', message]);
  });

  it('leaves no terms behind that were to be made for it', async () => {
    const input = { title: 'Placed', menuOrder: 3, tags: { nodes: [{ name: 'Made for nothing' }] } };
    const [code] = await refusal('createPost', input, '', wordpress.credentials.editor);
    expect(code).toBe('UNSUPPORTED');
    const update = { ...input, id: 101 };
    expect((await refusal('updatePost', update, '', wordpress.credentials.editor))[0]).toBe('UNSUPPORTED');
    expect(await rest('tags?search=Made+for+nothing')).toEqual([]);
  });
});

describe('credentials that were revoked a moment ago', () => {
  it.each([
    ['a draft', '{ post(id: 162, idType: DATABASE_ID) { title } }'],
    ['a list of drafts', '{ posts(where: { stati: [DRAFT] }) { nodes { title } } }'],
    ['oneself', '{ viewer { email } }'],
  ])('are told, not read with as if there were none: %s', async (_, query) => {
    const user = await makeUser('editor');
    const before = await gateway.query(query, {}, user);
    expect(before.errors).toBeUndefined();
    expect(Object.values(before.data)).not.toContain(null);
    const { authorization } = wordpress.credentials.admin;
    const passwords = `${wordpress.url}/wp-json/wp/v2/users/${user.id}/application-passwords`;
    const revoked = await fetch(passwords, { method: 'DELETE', headers: { authorization } });
    expect(revoked.status).toBe(200);
    const { errors } = await gateway.query(query, {}, user);
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    const next = await gateway.query('{ posts(first: 1) { nodes { title } } }', {}, user);
    expect([next.status, next.data]).toEqual([401, undefined]);
  });
});

describe('rights', () => {
  it('tell what somebody may not do', async () => {
    const { subscriber, author } = wordpress.credentials;
    expect(await refusal('createPost', { title: 'x' }, 'post { databaseId }', subscriber)).toEqual([
      'FORBIDDEN',
      'Sorry, you are not allowed to create posts.',
    ]);
    expect(await refusal('createPost', { title: 'x', authorId: 2 }, 'post { databaseId }', author)).toEqual([
      'FORBIDDEN',
      'Sorry, you are not allowed to create posts in the name of another user.',
    ]);
    expect(await refusal('createPost', { title: 'x' }, 'post { databaseId }')).toEqual([
      'UNAUTHENTICATED',
      'Sorry, you are not allowed to create posts: send credentials of a WordPress user.',
    ]);
  });
});

it("publishes as the README's example does", async () => {
  const readme = await readFile('README.md', 'utf8');
  const query = [...readme.matchAll(/```graphql\n([\s\S]*?)```/g)]
    .map(([, text]) => text ?? '')
    .find((text) => text.startsWith('mutation'));
  const { data, errors } = await gateway.query(query ?? '', { title: 'From the README' }, wordpress.credentials.editor);
  expect(errors).toBeUndefined();
  expect(data.createPost.post).toEqual({
    title: 'From the README',
    status: 'publish',
    tags: { nodes: [{ name: 'Fresh' }] },
    author: { node: { name: 'Edda Lindqvist' } },
  });
});

describe('creations with a key', () => {
  it('happen once, however often they are sent', async () => {
    const { author } = wordpress.credentials;
    const viewer = { ...author, idempotencyKey: 'once-and-only-once' };
    const input = { title: 'Only once', status: 'DRAFT' };
    const query = `mutation ($input: CreatePostInput!) { createPost(input: $input) { clientMutationId post { databaseId title } } }`;
    const send = (more: Input = {}) => gateway.query(query, { input: { ...input, ...more } }, viewer);
    const [first, second] = await Promise.all([send({ clientMutationId: 'a' }), send({ clientMutationId: 'b' })]);
    const third = await send();
    const ids = [first, second, third].map(({ data }) => data.createPost.post.databaseId);
    expect(new Set(ids).size).toBe(1);
    expect([first, second].map(({ data }) => data.createPost.clientMutationId)).toEqual(['a', 'b']);
    const rows = await rest('posts?status=draft&search=Only+once&_fields=id', author);
    expect(rows).toEqual([{ id: ids[0] }]);
    const other = await send({ title: 'Another' });
    expect(other.errors?.[0]?.message).toBe('The Idempotency-Key was used with another input before.');
    // The same key of somebody else is another one.
    const others = await gateway.query(
      query,
      { input },
      { ...wordpress.credentials.editor, idempotencyKey: viewer.idempotencyKey },
    );
    expect(others.data.createPost.post.databaseId).not.toBe(ids[0]);
  });
});

describe('several mutations in one operation', () => {
  it('run in their order, and each sees what the one before has written', async () => {
    const { data, errors } = await gateway.query(
      `mutation {
        a: createTag(input: { name: "Serial", clientMutationId: "a" }) { clientMutationId tag { name databaseId } }
        b: createPost(input: { title: "S", tags: { nodes: [{ name: "Serial" }] } }) { post { databaseId tags { nodes { name } } } }
        c: createTag(input: { name: "Serial" }) { tag { name } }
        d: deletePost(input: { id: "999999" }) { deletedId }
      }`,
      {},
      wordpress.credentials.admin,
    );
    expect(data.a.clientMutationId).toBe('a');
    expect(data.b.post.tags.nodes).toEqual([{ name: 'Serial' }]);
    expect([data.c, data.d]).toEqual([null, null]);
    expect(errors?.map(({ path, extensions }) => [path?.[0], extensions.code])).toEqual([
      ['c', 'BAD_USER_INPUT'],
      ['d', 'BAD_USER_INPUT'],
    ]);
  });

  it('purge what the public was shown before', async () => {
    const { post } = await succeed('createPost', { title: 'Old title', status: 'PUBLISH' }, 'post { databaseId }');
    const query = `{ post(id: ${post.databaseId}, idType: DATABASE_ID) { title } }`;
    expect((await gateway.query(query)).data.post.title).toBe('Old title');
    await succeed('updatePost', { id: post.databaseId, title: 'New title' }, 'post { title }');
    expect((await gateway.query(query)).data.post.title).toBe('New title');
  });
});

describe('media', () => {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const select = `mediaItem { databaseId title altText caption(format: RAW) mimeType sourceUrl parentDatabaseId
    author { node { databaseId } } }`;

  it('come from an address, with all that is said of them', async () => {
    await using files = await serveFiles({ '/caf%C3%A9.png': { type: 'image/png', body: png } });
    await using open = await openGateway(wordpress.url, { files: { allowedHosts: [files.host] } });
    const input = {
      filePath: `${files.url}/caf%C3%A9.png`,
      fileType: 'IMAGE_PNG',
      title: 'A "dot"',
      altText: 'One pixel',
      caption: 'Small.',
      parentId: 161,
    };
    const query = `mutation ($input: CreateMediaItemInput!) { createMediaItem(input: $input) { ${select} } }`;
    const { data, errors } = await open.query(query, { input }, wordpress.credentials.author);
    expect(errors).toBeUndefined();
    const { mediaItem } = data.createMediaItem;
    expect(mediaItem).toMatchObject({
      title: 'A “dot”',
      altText: 'One pixel',
      caption: 'Small.',
      mimeType: 'image/png',
      parentDatabaseId: 161,
      author: { node: { databaseId: wordpress.credentials.author.id } },
    });
    const stored = await fetch(mediaItem.sourceUrl);
    expect(Buffer.from(await stored.arrayBuffer())).toEqual(png);
    const changed = await succeed('updateMediaItem', { id: mediaItem.databaseId, altText: 'A pixel' }, select);
    expect(changed.mediaItem.altText).toBe('A pixel');
    const gone = await succeed('deleteMediaItem', { id: mediaItem.databaseId }, 'mediaItem { altText }');
    expect(gone.mediaItem.altText).toBe('A pixel');
    expect((await rest(`media/${mediaItem.databaseId}`)).code).toBe('rest_post_invalid_id');
  });

  it('come with the request', async () => {
    const { author } = wordpress.credentials;
    const query = `mutation ($input: CreateMediaItemInput!) { createMediaItem(input: $input) { ${select} } }`;
    const upload = async (file: File, input: object) => {
      const form = new FormData();
      form.append('operations', JSON.stringify({ query, variables: { input: { file: null, ...input } } }));
      form.append('map', '{"0":["variables.input.file"]}');
      form.append('0', file);
      const headers = { authorization: author.authorization, 'apollo-require-preflight': '1' };
      return (await gateway.send({ method: 'POST', headers, body: form })).json();
    };
    const { data, errors } = await upload(new File([png], 'dot.png', { type: 'image/png' }), { altText: 'One pixel' });
    expect(errors).toBeUndefined();
    const { mediaItem } = data.createMediaItem;
    expect(mediaItem).toMatchObject({ altText: 'One pixel', mimeType: 'image/png' });
    expect(Buffer.from(await (await fetch(mediaItem.sourceUrl)).arrayBuffer())).toEqual(png);
    const page = await upload(new File(['<p>'], 'a.html', { type: 'text/html' }), {});
    expect(page.errors[0].message).toBe('input.file: WordPress does not take files of the type "text/html".');
    const other = await upload(new File([png], 'dot.png', { type: 'image/png' }), { fileType: 'IMAGE_GIF' });
    expect(other.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  it('are not fetched for those who may not keep them, nor from within', async () => {
    await using files = await serveFiles({ '/a.png': { type: 'image/png', body: png } });
    const { admin, subscriber } = wordpress.credentials;
    const filePath = `${files.url}/a.png`;
    expect(await refusal('createMediaItem', { filePath }, select, subscriber)).toEqual([
      'FORBIDDEN',
      'Sorry, you are not allowed to create mediaItems.',
    ]);
    expect(await refusal('createMediaItem', { filePath }, select, admin)).toEqual([
      'BAD_USER_INPUT',
      'input.filePath: files are fetched from the ports 80, 443 and 8080 only.',
    ]);
    const usualPort = { filePath: 'http://127.0.0.1/a.png' };
    expect(await refusal('createMediaItem', usualPort, select, admin)).toEqual([
      'BAD_USER_INPUT',
      'input.filePath: files are fetched from public addresses only.',
    ]);
    expect(files.requests()).toEqual([]);
  });
});
