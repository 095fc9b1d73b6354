// Viewers see through the gateway what WordPress's own REST API shows them: no more, no less, and nobody else's.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { DemoUser } from '../../src/demo/credentials.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';

const { url, credentials } = inject('wordpress');
const viewers: readonly (readonly [string, DemoUser | undefined])[] = [
  ['an administrator', credentials.admin],
  ['an editor', credentials.editor],
  ['an author', credentials.author],
  ['a subscriber', credentials.subscriber],
  ['nobody', undefined],
];

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await openGateway(url);
});
afterAll(() => gateway[Symbol.asyncDispose]());

/** What REST answers the same user; null where it says that it shows them nothing. */
async function rest(path: string, viewer: DemoUser | undefined): Promise<unknown> {
  const headers = viewer ? { authorization: viewer.authorization } : {};
  const response = await fetch(`${url}/wp-json/wp/v2/${path}`, { headers });
  const text = await response.text();
  if (response.ok) return JSON.parse(text);
  // A page that failed is not a page that is hidden.
  if (!/^\{"code":"rest_/.test(text)) throw new Error(`${path}: ${response.status} ${text}`);
  return null;
}

interface Row {
  readonly id: number;
  readonly [name: string]: unknown;
}

async function rows(path: string, viewer: DemoUser | undefined): Promise<readonly Row[]> {
  return ((await rest(path, viewer)) as readonly Row[] | null) ?? [];
}

const unpublished = [161, 162, 163, 164, 165, 166, 167, 168, 169];

describe.each(viewers)('%s', (_, viewer) => {
  it('sees the posts that REST shows, one by one', async () => {
    const fields = unpublished.map(
      (id) => `p${id}: post(id: ${id}, idType: DATABASE_ID) { databaseId status title author { node { databaseId } } }`,
    );
    const { data, errors } = await gateway.query(`{ ${fields.join('\n')} }`, {}, viewer);
    expect(errors).toBeUndefined();
    for (const id of unpublished) {
      const row = (await rest(`posts/${id}`, viewer)) as Row | null;
      const seen = data[`p${id}`];
      expect([id, seen?.databaseId ?? null, seen?.status ?? null]).toEqual([
        id,
        row?.id ?? null,
        row?.['status'] ?? null,
      ]);
      if (row) expect(seen.author.node.databaseId).toBe(row['author']);
    }
  });

  it.each(['DRAFT', 'PENDING', 'PRIVATE', 'FUTURE', 'TRASH', 'PUBLISH'])(
    'lists what is %s as REST does',
    async (status) => {
      const query = `{
      posts(first: 100, where: { status: ${status} }) { nodes { databaseId status } }
      pages(first: 100, where: { stati: [${status}] }) { nodes { databaseId status } }
      books(first: 100, where: { status: ${status} }) { nodes { databaseId status } }
    }`;
      const { data, errors } = await gateway.query(query, {}, viewer);
      expect(errors).toBeUndefined();
      for (const route of ['posts', 'pages', 'books']) {
        const shown = await rows(`${route}?per_page=100&status=${status.toLowerCase()}&_fields=id`, viewer);
        const ids = data[route].nodes.map((node: { databaseId: number }) => node.databaseId);
        expect([route, ids.sort()]).toEqual([route, shown.map(({ id }) => id).sort()]);
        expect(new Set(data[route].nodes.map((node: { status: string }) => node.status)).size).toBeLessThan(2);
      }
    },
  );

  it('sees of users what REST shows in its context of editing', async () => {
    const ids = [1, 2, 3, 4, 5, 6, 7, 8];
    const fields = ids.map(
      (id) => `u${id}: user(id: ${id}, idType: DATABASE_ID) {
        databaseId name email username firstName nickname registeredDate isRestricted roles { nodes { name displayName } } }`,
    );
    const { data, errors } = await gateway.query(`{ ${fields.join('\n')} }`, {}, viewer);
    expect(errors).toBeUndefined();
    for (const id of ids) {
      const [shown, edit] = [
        await rest(`users/${id}`, viewer),
        (await rest(`users/${id}?context=edit`, viewer)) as Row | null,
      ];
      const user = data[`u${id}`];
      // Who may not list users finds in a list only those who have published; of oneself REST shows all.
      const isShown = shown !== null || edit !== null;
      expect([id, user !== null]).toEqual([id, isShown]);
      if (!user) continue;
      const roles = edit && (edit['roles'] as string[]);
      expect([user.email, user.username, user.nickname]).toEqual(
        edit ? [edit['email'], edit['username'], edit['nickname']] : [null, null, null],
      );
      expect(user.roles?.nodes.map((role: { name: string }) => role.name) ?? null).toEqual(roles);
      expect(user.isRestricted).toBe(edit === null);
    }
  });

  it('is the viewer', async () => {
    const { data, errors } = await gateway.query('{ viewer { databaseId email username capabilities } }', {}, viewer);
    expect(errors).toBeUndefined();
    const me = (await rest('users/me?context=edit', viewer)) as Row | null;
    if (!me) return expect(data.viewer).toBeNull();
    const granted = Object.entries(me['capabilities'] as object).flatMap(([name, has]) => (has === true ? [name] : []));
    expect(data.viewer).toEqual({
      databaseId: me.id,
      email: me['email'],
      username: me['username'],
      capabilities: granted,
    });
  });

  it('sees the comments that REST shows, by status', async () => {
    for (const [value, status] of [
      ['HOLD', 'hold'],
      ['SPAM', 'spam'],
      ['TRASH', 'trash'],
      ['APPROVE', 'approve'],
    ]) {
      const query = `{ comments(first: 100, where: { statusIn: [${value}] }) {
        nodes { databaseId status authorIp agent shown: content content(format: RAW) author { email node { name ... on CommentAuthor { email } } } } } }`;
      const { data, errors } = await gateway.query(query, {}, viewer);
      expect(errors).toBeUndefined();
      const shown =
        status === 'approve'
          ? await rows('comments?per_page=100', viewer)
          : await rows(`comments?per_page=100&status=${status}`, viewer);
      const edit = await rows(
        `comments?per_page=100&context=edit${status === 'approve' ? '' : `&status=${status}`}`,
        viewer,
      );
      const { nodes } = data.comments;
      expect(nodes.map((node: { databaseId: number }) => node.databaseId).sort()).toEqual(
        shown.map(({ id }) => id).sort(),
      );
      for (const node of nodes) {
        const row = edit.find(({ id }) => id === node.databaseId);
        expect([node.authorIp, node.agent, node.author.email]).toEqual(
          row ? [row['author_ip'], row['author_user_agent'], row['author_email'] || null] : [null, null, null],
        );
        expect(node.content).toBe(row ? (row['content'] as { raw: string }).raw : null);
      }
    }
  });

  it('sees comments of each given content where REST shows them', async () => {
    const given = [102, 120, 161, 162];
    const found = await Promise.all(given.map((id) => rows(`comments?post=${id}&per_page=100&_fields=id`, viewer)));
    const { data, errors } = await gateway.query(
      `{ comments(first: 100, where: { contentIdIn: [${given.join()}], statusIn: [APPROVE] }) { nodes { databaseId } } }`,
      {},
      viewer,
    );
    expect(errors).toBeUndefined();
    const ids = data.comments.nodes.map(({ databaseId }: { databaseId: number }) => databaseId);
    expect(ids.sort()).toEqual(
      found
        .flat()
        .map(({ id }) => id)
        .sort(),
    );
    expect(ids.length).toBeGreaterThan(0);
  });

  it('sees raw and protected texts where REST shows them', async () => {
    const query = `{ posts(first: 100, where: { stati: [PUBLISH, DRAFT, PRIVATE], hasPassword: true }) { nodes { ...Texts } }
      post(id: 166, idType: DATABASE_ID) { ...Texts } }
      fragment Texts on Post { databaseId content password raw: content(format: RAW) rawTitle: title(format: RAW) }`;
    const { data, errors } = await gateway.query(query, {}, viewer);
    expect(errors).toBeUndefined();
    expect(data.posts.nodes.length).toBeGreaterThan(0);
    for (const node of [...data.posts.nodes, ...(data.post ? [data.post] : [])]) {
      const edit = (await rest(`posts/${node.databaseId}?context=edit`, viewer)) as Row | null;
      const text = edit?.['content'] as { raw: string; rendered: string } | undefined;
      expect([node.raw, node.rawTitle, node.password]).toEqual(
        edit ? [text?.raw, (edit['title'] as { raw: string }).raw, edit['password'] || null] : [null, null, null],
      );
      if (node.databaseId !== 166) expect(node.content).toBe(text?.rendered ?? null);
    }
  });
});
