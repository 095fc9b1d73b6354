// Previews and revisions: what editors have saved and not published, for those who may edit it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WordPress } from '../../src/demo/wordpress.ts';
import { createPreviewTokens } from '../../src/loaders/preview-tokens.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { startWritableWordPress } from '../support/wordpress.ts';

let wordpress: WordPress;
let gateway: TestGateway;
let autosaveId: number;

async function post(path: string, body: object): Promise<{ readonly id: number }> {
  const response = await fetch(`${wordpress.url}/wp-json/wp/v2/${path}`, {
    method: 'POST',
    headers: { authorization: wordpress.credentials.editor.authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return (await response.json()) as { readonly id: number };
}

beforeAll(async () => {
  wordpress = await startWritableWordPress();
  gateway = await openGateway(wordpress.url);
  const saved = await post('posts/101/autosaves', { title: 'Next title', content: 'Next content', excerpt: 'Next.' });
  autosaveId = saved.id;
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await wordpress[Symbol.asyncDispose]();
});

const secret = 'a secret of the gateway that is long enough';

const toId = (id: number) => Buffer.from(`post:${id}`).toString('base64');

describe('a preview', () => {
  const fields = `id databaseId title content excerpt slug status isPreview isRevision isRestricted previewRevisionDatabaseId
    author { node { databaseId } } categories { nodes { name } } featuredImage { node { databaseId } }
    revisionOf { node { ... on Post { databaseId title } } } commentCount`;
  const query = `query ($asPreview: Boolean) { post(id: 101, idType: DATABASE_ID, asPreview: $asPreview) { ${fields} } }`;

  it('is the newest revision with all that a revision has not', async () => {
    const { editor } = wordpress.credentials;
    const { data, errors } = await gateway.query(query, { asPreview: true }, editor);
    expect(errors).toBeUndefined();
    const shown = (await gateway.query(query, {}, editor)).data.post;
    expect(shown).toMatchObject({
      databaseId: 101,
      isPreview: false,
      isRevision: false,
      previewRevisionDatabaseId: autosaveId,
    });
    expect(data.post).toEqual({
      ...shown,
      id: toId(autosaveId),
      databaseId: autosaveId,
      title: 'Next title',
      content: '<p>Next content</p>\n',
      excerpt: '<p>Next.</p>\n',
      status: 'inherit',
      isPreview: true,
      isRevision: true,
      previewRevisionDatabaseId: null,
      revisionOf: { node: { databaseId: 101, title: shown.title } },
    });
  });

  it('is at the published post as well, with who has made it', async () => {
    const more = `{ post(id: "hello-from-the-demo", idType: SLUG) {
      preview { node { databaseId title isPreview } } previewRevisionId
      lastEditedBy { node { databaseId } }
      revisions(first: 2) { nodes { databaseId title isPreview isRevision author { node { databaseId } } } pageInfo { hasNextPage } }
    } }`;
    const { data, errors } = await gateway.query(more, {}, wordpress.credentials.editor);
    expect(errors).toBeUndefined();
    const { id } = wordpress.credentials.editor;
    expect(data.post).toMatchObject({
      preview: { node: { databaseId: autosaveId, title: 'Next title', isPreview: true } },
      previewRevisionId: toId(autosaveId),
      lastEditedBy: { node: { databaseId: id } },
    });
    const { nodes, pageInfo } = data.post.revisions;
    expect(nodes.map((node: { title: string }) => node.title)).toEqual(['Next title', 'Hello from the demo']);
    expect(nodes[0]).toEqual({
      databaseId: autosaveId,
      title: 'Next title',
      isPreview: false,
      isRevision: true,
      author: { node: { databaseId: id } },
    });
    expect(pageInfo.hasNextPage).toBe(true);
  });

  it('of a draft without revisions is the draft', async () => {
    const { data } = await gateway.query(
      '{ post(id: 161, idType: DATABASE_ID, asPreview: true) { databaseId title isPreview } }',
      {},
      wordpress.credentials.author,
    );
    expect(data.post).toEqual({ databaseId: 161, title: 'A draft with a picture', isPreview: false });
  });

  it('is found by contentNode, and by the address that WordPress gives drafts', async () => {
    const { editor } = wordpress.credentials;
    const { data, errors } = await gateway.query(
      `{ contentNode(id: 101, idType: DATABASE_ID, asPreview: true) { databaseId ... on NodeWithTitle { title } }
        draft: nodeByUri(uri: "/?p=162&preview=true") { ... on Post { databaseId status } }
        page: nodeByUri(uri: "/?page_id=170") { ... on Page { databaseId status } }
        hidden: nodeByUri(uri: "/private-thoughts/") { ... on Post { databaseId status } }
        post(id: "/a-private-page/", idType: URI) { databaseId }
        privatePage: page(id: "/a-private-page/", idType: URI) { databaseId } }`,
      {},
      editor,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      contentNode: { databaseId: autosaveId, title: 'Next title' },
      draft: { databaseId: 162, status: 'draft' },
      page: { databaseId: 170, status: 'draft' },
      hidden: { databaseId: 165, status: 'private' },
      post: null,
      privatePage: { databaseId: 171 },
    });
  });

  it('is not for those who may not edit the post', async () => {
    const { author, subscriber } = wordpress.credentials;
    const guarded = `{ shown: post(id: 101, idType: DATABASE_ID) {
        preview { node { title } } previewRevisionDatabaseId lastEditedBy { node { name } } revisions { nodes { title } } }
      preview: post(id: 101, idType: DATABASE_ID, asPreview: true) { title }
      draft: post(id: 162, idType: DATABASE_ID, asPreview: true) { title }
      byUri: nodeByUri(uri: "/?p=162&preview=true") { id } }`;
    for (const viewer of [author, subscriber, undefined]) {
      const { data, errors } = await gateway.query(guarded, {}, viewer);
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        shown: { preview: null, previewRevisionDatabaseId: null, lastEditedBy: null, revisions: { nodes: [] } },
        preview: null,
        draft: null,
        byUri: null,
      });
    }
  });
});

describe('a token of a preview', () => {
  const make = 'mutation ($input: CreatePreviewTokenInput!) { createPreviewToken(input: $input) { token seconds } }';
  const query = `{
    draft: post(id: 162, idType: DATABASE_ID, asPreview: true) { databaseId title status content raw: content(format: RAW) author { node { name email } } }
    byUri: nodeByUri(uri: "/?p=162&preview=true") { ... on Post { databaseId } }
    other: post(id: 165, idType: DATABASE_ID) { title }
    autosaved: post(id: 101, idType: DATABASE_ID, asPreview: true) { title }
    public: post(id: 101, idType: DATABASE_ID) { title raw: title(format: RAW) preview { node { title } } }
    posts(first: 3) { nodes { title } }
    drafts: posts(first: 3, where: { stati: [DRAFT, PUBLISH] }) { nodes { title } }
    locked: posts(first: 3, where: { password: "sesame" }) { nodes { title } }
    protected: post(id: 120, idType: DATABASE_ID) { content comments { nodes { content } } }
    held: comments(first: 3, where: { statusIn: [HOLD] }) { nodes { content } }
    mailed: comments(first: 3, where: { authorEmail: "a@example.org" }) { nodes { content } }
    written: comments(first: 3, where: { userId: 8 }) { nodes { content } }
    users(first: 3) { nodes { email } }
    viewer { name }
    generalSettings { email }
  }`;

  it('shows one piece of content, and everything else as the public sees it', async () => {
    const { admin, author, editor } = wordpress.credentials;
    await using open = await openGateway(wordpress.url, { authorization: admin.authorization, previewSecret: secret });
    const made = await open.query(make, { input: { id: toId(162), seconds: 60 } }, editor);
    expect(made.errors).toBeUndefined();
    // What is known to everybody of an address says nothing of who has a token.
    expect((await open.query(query)).data.byUri).toBeNull();
    const { token, seconds } = made.data.createPreviewToken;
    expect(seconds).toBe(60);
    const { data, errors } = await open.query(query, {}, { authorization: `Preview ${token}` });
    expect(errors).toBeUndefined();
    const nobody = await open.query(query);
    expect(data).toEqual({
      ...nobody.data,
      draft: {
        databaseId: 162,
        title: 'A draft of the editor',
        status: 'draft',
        content: expect.stringContaining('The cake is not a lie'),
        raw: expect.stringContaining('<!-- wp:paragraph -->'),
        author: { node: { name: 'Edda Lindqvist', email: null } },
      },
      byUri: { databaseId: 162 },
    });
    expect(nobody.data.draft).toBeNull();
    expect(data.other).toBeNull();
    // It writes nothing, and is not made by those who may not edit.
    const deletion = await open.query(
      'mutation { deletePost(input: { id: "162" }) { deletedId } }',
      {},
      { authorization: `Preview ${token}` },
    );
    expect(deletion.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const forbidden = await open.query(make, { input: { id: '162' } }, author);
    expect(forbidden.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const changed = await open.query(query, {}, { authorization: `Preview ${token.replace('162.', '165.')}` });
    expect([changed.status, changed.errors?.[0]?.extensions.code]).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('leaves nothing of an address to everybody', async () => {
    const { admin, editor } = wordpress.credentials;
    await using open = await openGateway(wordpress.url, { authorization: admin.authorization, previewSecret: secret });
    const made = await open.query(make, { input: { id: '162' } }, editor);
    const byUri = '{ nodeByUri(uri: "/?p=162&preview=true") { id } }';
    const { token } = made.data.createPreviewToken;
    const shown = await open.query(byUri, {}, { authorization: `Preview ${token}` });
    expect(shown.data.nodeByUri).toEqual({ id: toId(162) });
    const nobody = await open.query(byUri);
    expect(nobody.data.nodeByUri).toBeNull();
    // It is found out again, as everybody.
    expect(nobody.requests[0]).toBe('/?p=162&preview=true');
    expect(nobody.authorized).toEqual([]);
  });

  it('is not made where there is no secret', async () => {
    const { errors } = await gateway.query(make, { input: { id: '162' } }, wordpress.credentials.editor);
    expect(errors?.[0]?.extensions.code).toBe('UNSUPPORTED');
  });

  it('holds for its time, and for its secret', () => {
    let now = 1_000_000;
    const tokens = createPreviewTokens(secret, () => now);
    const token = tokens.sign(12, 60);
    expect(tokens.read(token)).toBe(12);
    expect(createPreviewTokens(`${secret}!`, () => now).read(token)).toBeNull();
    for (const broken of ['', 'x', token.slice(1), `1${token}`, token.replace('.', '0.'), `${token}A`]) {
      expect(tokens.read(broken)).toBeNull();
    }
    now += 60_000;
    expect(tokens.read(token)).toBeNull();
  });
});
