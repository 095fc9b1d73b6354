// Comments: what the public sees of them, who wrote them, and every way to list them.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { DemoUser } from '../../src/demo/credentials.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';

const { url, credentials } = inject('wordpress');
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway(url);
});

afterAll(() => gateway[Symbol.asyncDispose]());

const toId = (text: string) => Buffer.from(text).toString('base64');
const idsOf = (nodes: readonly { readonly databaseId: number }[]) => nodes.map(({ databaseId }) => databaseId);

/** All that the public sees, newest first; 26 and 25 were made in the same second. */
const shown = [26, 25, 29, 28, 27, 24, 23, 22, 20, 19, 17, 16, 15, 14, 13, 12, 11, 10, 7, 6, 5, 4, 3, 2, 1];

describe('a comment', () => {
  it('is as WPGraphQL has it, in one request for just that', async () => {
    const { data, errors, requests } = await gateway.query(`{
      comment(id: "2", idType: DATABASE_ID) {
        __typename id databaseId commentId date dateGmt content raw: content(format: RAW) status approved type
        parentDatabaseId parentId isRestricted karma agent authorIp
        isComment isContentNode isTermNode isFrontPage isPostsPage
      }
    }`);
    expect(errors).toBeUndefined();
    expect(data.comment).toEqual({
      __typename: 'Comment',
      id: toId('comment:2'),
      databaseId: 2,
      commentId: 2,
      date: '2025-04-02 10:15:00',
      dateGmt: expect.stringMatching(/^2025-04-02 \d\d:15:00$/),
      content: '<p>Welcome, Ada.</p>\n',
      raw: null,
      status: 'APPROVE',
      approved: true,
      type: 'comment',
      parentDatabaseId: 1,
      parentId: toId('comment:1'),
      isRestricted: true,
      karma: null,
      agent: null,
      authorIp: null,
      isComment: true,
      isContentNode: false,
      isTermNode: false,
      isFrontPage: false,
      isPostsPage: false,
    });
    expect(requests).toEqual([
      '/wp/v2/comments?include=2&per_page=100&_fields=content,date,date_gmt,id,parent,status,type',
    ]);
  });

  it('has a decoded address, which leads back to it', async () => {
    const { data } = await gateway.query('{ comment(id: "13", idType: DATABASE_ID) { uri link } }');
    expect(data.comment.uri).toContain('日本語の記事/#comment-13');
    expect(data.comment.link).toBe(`${url}${data.comment.uri}`);
    const back = await gateway.query('query ($uri: String!) { nodeByUri(uri: $uri) { __typename id } }', {
      uri: data.comment.uri,
    });
    expect(back.data.nodeByUri).toEqual({ __typename: 'Comment', id: toId('comment:13') });
  });

  it('is found by its global id, as is its author', async () => {
    const { data } = await gateway.query(`{
      comment(id: "${toId('comment:1')}") { databaseId parentDatabaseId parentId parent { node { id } } }
      node(id: "${toId('comment:1')}") { __typename id ... on Comment { databaseId } }
      author: node(id: "${toId('comment_author:10')}") {
        __typename id ... on CommentAuthor { databaseId name url email isRestricted avatar { url size } }
      }
      none: node(id: "${toId('comment_author:8')}") { id }
    }`);
    expect(data).toEqual({
      comment: { databaseId: 1, parentDatabaseId: 0, parentId: null, parent: null },
      node: { __typename: 'Comment', id: toId('comment:1'), databaseId: 1 },
      author: {
        __typename: 'CommentAuthor',
        id: toId('comment_author:10'),
        databaseId: 10,
        name: 'Zoë',
        url: 'https://guest.example/10',
        email: null,
        isRestricted: false,
        avatar: { url: expect.stringContaining('s=96'), size: 96 },
      },
      none: null,
    });
  });

  it.each([8, 9, 18, 21, 30, 999])(
    'that waits, was refused, or is on a protected post is not there: %i',
    async (id) => {
      const { data, errors } = await gateway.query(`{ comment(id: "${id}", idType: DATABASE_ID) { id } }`);
      expect(errors).toBeUndefined();
      expect(data.comment).toBeNull();
    },
  );

  it('is refused by an id that is none', async () => {
    const { errors } = await gateway.query('{ comment(id: "?") { id } }');
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});

describe('the author of a comment', () => {
  const edge = `author {
    email ipAddress name url
    node { __typename id databaseId name url avatar { url } ... on User { slug } }
  }`;

  it('is a user where WordPress shows one, and a name where it does not', async () => {
    const fresh = await openGateway(url);
    const { data, errors, requests } = await fresh.query(
      `{ comments(first: 100, where: { contentId: 101, order: ASC }) { nodes { databaseId ${edge} } } }`,
    );
    await fresh[Symbol.asyncDispose]();
    expect(errors).toBeUndefined();
    const authors = new Map<number, unknown>(
      data.comments.nodes.map(({ databaseId, author }: { databaseId: number; author: unknown }) => [
        databaseId,
        author,
      ]),
    );
    expect(authors.get(6)).toMatchObject({
      email: null,
      ipAddress: null,
      name: '田中 ゆき',
      url: 'https://tanaka.example/',
      node: { __typename: 'User', databaseId: 4, slug: 'yuki' },
    });
    // A subscriber, whom WordPress shows to nobody.
    expect(authors.get(7)).toMatchObject({
      name: 'Loyal Reader',
      url: null,
      node: { __typename: 'CommentAuthor', id: toId('comment_author:7'), databaseId: 7, name: 'Loyal Reader', url: '' },
    });
    expect(authors.get(1)).toMatchObject({
      name: 'Ada',
      url: 'https://guest.example/1',
      node: { __typename: 'CommentAuthor', databaseId: 1, name: 'Ada', url: 'https://guest.example/1' },
    });
    expect(requests).toEqual([
      '/wp/v2/comments?post=101&orderby=date&order=asc&per_page=100&_fields=author,author_avatar_urls,author_name,author_url,date,id',
      '/wp/v2/users?include=1,4,8&per_page=100&_fields=avatar_urls,id,name,slug,url',
    ]);
  });

  it('costs no request where only the name on the comment is asked for', async () => {
    const fresh = await openGateway(url);
    const { data, requests } = await fresh.query('{ comment(id: 2, idType: DATABASE_ID) { author { name } } }');
    await fresh[Symbol.asyncDispose]();
    const answer = await fetch(`${url}/wp-json/wp/v2/comments/2?_fields=author_name`);
    expect(data.comment.author).toEqual({ name: (await answer.json()).author_name });
    expect(requests).toEqual(['/wp/v2/comments?include=2&per_page=100&_fields=author,author_name,id']);
  });
});

describe('relatives of a comment', () => {
  it('are the content it is on, its parent, and its replies', async () => {
    const { data } = await gateway.query(`{
      comment(id: "2", idType: DATABASE_ID) {
        commentedOn { node { __typename databaseId ... on NodeWithTitle { title } } }
        parent { node { databaseId } }
        same: parent(where: { authorNotIn: ["1"] }) { node { databaseId } }
        other: parent(where: { commentNotIn: ["1"] }) { node { databaseId } }
        replies { nodes { databaseId replies { nodes { databaseId } } } }
      }
      page: comment(id: "27", idType: DATABASE_ID) { commentedOn { node { __typename databaseId } } }
    }`);
    expect(data.comment).toEqual({
      commentedOn: { node: { __typename: 'Post', databaseId: 101, title: 'Hello from the demo' } },
      parent: { node: { databaseId: 1 } },
      same: { node: { databaseId: 1 } },
      other: null,
      replies: { nodes: [{ databaseId: 3, replies: { nodes: [] } }] },
    });
    expect(data.page.commentedOn.node).toEqual({ __typename: 'Page', databaseId: 204 });
  });

  it('are the comments of content, none of a protected one', async () => {
    const { data, errors } = await gateway.query(`{
      post(id: "101", idType: DATABASE_ID) { commentCount comments { pageInfo { total hasNextPage } nodes { databaseId } } }
      secret: post(id: "120", idType: DATABASE_ID) { comments { pageInfo { total } nodes { databaseId } } }
      page(id: "204", idType: DATABASE_ID) { comments { nodes { databaseId } } }
      mediaItem(id: "401", idType: DATABASE_ID) { comments { nodes { databaseId } } }
    }`);
    expect(errors).toBeUndefined();
    expect(data.post).toEqual({
      commentCount: 7,
      comments: { pageInfo: { total: 7, hasNextPage: false }, nodes: [7, 6, 5, 4, 3, 2, 1].map(toNode) },
    });
    expect(data.secret.comments).toEqual({ pageInfo: { total: 0 }, nodes: [] });
    expect(data.page.comments.nodes).toEqual([{ databaseId: 27 }]);
    expect(data.mediaItem.comments.nodes).toEqual([]);
  });

  it('are the comments of a user, which WordPress lists to nobody', async () => {
    const { data, errors } = await gateway.query(`{
      users(first: 10) { nodes { databaseId comments { nodes { databaseId } } } }
    }`);
    expect(errors).toBeUndefined();
    const found = data.users.nodes.map(
      ({ databaseId, comments }: { databaseId: number; comments: { nodes: { databaseId: number }[] } }) =>
        [databaseId, idsOf(comments.nodes)] as const,
    );
    expect(Object.fromEntries(found)).toMatchObject({ 1: [2], 2: [20, 11], 3: [16], 4: [13, 6], 5: [15] });
  });
});

const toNode = (databaseId: number) => ({ databaseId });

describe('a list of comments', () => {
  async function list(where: string, page = 'first: 100'): Promise<number[]> {
    const { data, errors } = await gateway.query(
      `{ comments(${page}${where ? `, where: { ${where} }` : ''}) { nodes { databaseId } } }`,
    );
    expect(errors).toBeUndefined();
    return idsOf(data.comments.nodes);
  }

  it('has the newest first, ten unless told, and ties as WordPress has them', async () => {
    expect(await list('', 'first: 100')).toEqual(shown);
    const { data } = await gateway.query('{ comments { nodes { databaseId } } }');
    expect(idsOf(data.comments.nodes)).toEqual(shown.slice(0, 10));
    expect(await list('order: ASC')).toEqual([...shown].reverse());
    expect(await list('', 'last: 3')).toEqual([3, 2, 1]);
  });

  it.each([
    ['contentId: 112', [17, 16, 15, 14]],
    [`contentIdIn: ["${toId('post:102')}", "104"]`, [13, 12, 11, 10]],
    ['contentIdIn: [101, 102], contentIdNotIn: [101]', [12, 11, 10]],
    ['contentIdNotIn: [101, 102, 104, 112, 301]', [26, 25, 27, 24, 23, 22, 20, 19]],
    ['parent: 0, contentId: 101', [7, 5, 1]],
    ['parent: 1', [4, 2]],
    ['parentIn: [1, 10]', [11, 4, 2]],
    ['parentNotIn: [0, 1]', [29, 23, 20, 17, 16, 15, 12, 11, 6, 3]],
    ['commentIn: [1, 8, 26, 12]', [26, 12, 1]],
    ['commentIn: [1, 26, 12], orderby: COMMENT_IN', [1, 26, 12]],
    ['commentIn: [1, 26, 12], commentNotIn: [26]', [12, 1]],
    ['search: "yoki"', []],
    ['search: "Quote"', [15, 1]],
    ['authorIn: [2, 4]', [20, 13, 11, 6]],
    ['authorNotIn: [0]', [28, 20, 16, 15, 13, 11, 7, 6, 2]],
    ['userId: 8', [28, 7]],
    ['authorUrl: "https://guest.example/10"', [10]],
    ['contentName: "every-block"', [17, 16, 15, 14]],
    ['contentName: "no-such-thing"', []],
    ['contentType: PAGE', [27]],
    ['contentType: [PAGE, ATTACHMENT], contentStatus: INHERIT', []],
    ['contentStatus: PUBLISH, contentId: 104', [13]],
    ['contentStatus: DRAFT', []],
    ['contentAuthor: [4]', [26, 25, 13]],
    ['contentAuthorIn: [4], contentAuthor: [4, 5], contentParent: 0', [26, 25, 13]],
    ['contentParent: 999', []],
    ['contentAuthorNotIn: [1, 2, 3, 5]', [26, 25, 13]],
    ['status: "approve", contentId: 104', [13]],
    ['status: "hold"', []],
    ['statusIn: [HOLD, SPAM]', []],
    ['statusIn: [HOLD, APPROVE], contentId: 104', [13]],
    ['commentType: "pingback"', []],
    ['commentType: "comment", contentId: 104', [13]],
    ['commentTypeIn: ["pingback", "comment"], contentId: 104', [13]],
    ['commentTypeNotIn: "comment"', []],
    ['includeUnapproved: ["guest8@example.com"], contentId: 104', [13]],
    ['orderby: COMMENT_ID, order: ASC, contentId: 112', [14, 15, 16, 17]],
    ['orderby: COMMENT_PARENT, order: ASC, contentId: 112', [14, 16, 15, 17]],
    ['orderby: COMMENT_DATE_GMT, contentId: 145', [26, 25]],
    ['orderby: COMMENT_TYPE, order: ASC, contentId: 145', [26, 25]],
    ['orderby: COMMENT_AUTHOR, order: ASC, contentId: 102', [11, 12, 10]],
    ['orderby: USER_ID, order: ASC, contentId: 101', [5, 4, 3, 1, 2, 6, 7]],
    ['orderby: COMMENT_POST_ID', []],
  ] as const)('where %s', async (where, expected) => {
    expect(await list(where)).toEqual(expected);
  });

  const listed = (filters: string) => `/wp/v2/comments?${filters}&orderby=date&order=desc&per_page=100&_fields=date,id`;

  it.each([
    ['contentId: 101', [7, 6, 5, 4, 3, 2, 1], [listed('post=101')]],
    ['contentId: 120', [], [listed('post=120'), '/wp/v2/posts?include=120&per_page=100&_fields=content.protected,id']],
    [
      'contentIdIn: [102, 120, 104]',
      [13, 12, 11, 10],
      [
        listed('post=102,120,104'),
        '/wp/v2/posts?include=102,120,104&per_page=100&_fields=content.protected,id',
        listed('post=102,104'),
      ],
    ],
  ])(
    'where %s leaves out what a password protects, at no cost to others',
    async (where, expected, expectedRequests) => {
      await using fresh = await openGateway(url);
      const { data, errors, requests } = await fresh.query(
        `{ comments(first: 99, where: { ${where} }) { nodes { databaseId } } }`,
      );
      expect(errors).toBeUndefined();
      expect(idsOf(data.comments.nodes)).toEqual(expected);
      expect(requests).toEqual(expectedRequests);
    },
  );

  it.each([
    ['contentIdIn: [101, 161, 120, 99999], parent: 0', [7, 5, 1]],
    ['contentIdIn: [102, 120], userId: 2', [11]],
    ['contentIdIn: [102, 120], orderby: COMMENT_ID, order: ASC', [10, 11, 12]],
    ['contentName: "the-secret-recipe"', []],
  ])('where %s has no comments of content that is not shown', async (where, expected) => {
    expect(await list(where)).toEqual(expected);
  });

  it('by the author of its content leaves out what a password protects', async () => {
    const rows: { id: number; author: number; content: { protected: boolean } }[] = await (
      await fetch(`${url}/wp-json/wp/v2/posts?per_page=100&_fields=id,author,content.protected`)
    ).json();
    const secret = rows.find(({ content }) => content.protected);
    expect(secret?.id).toBe(120);
    const { data, errors } = await gateway.query(`{
      comments(first: 100, where: { contentAuthor: ["${secret?.author}"] }) { nodes { databaseId } }
      all: comments(first: 100) { nodes { databaseId commentedOn { node { databaseId ... on NodeWithAuthor { authorDatabaseId } } } } }
    }`);
    expect(errors).toBeUndefined();
    const wanted = data.all.nodes.filter(
      (comment: { commentedOn: { node: { authorDatabaseId?: number } } | null }) =>
        comment.commentedOn?.node.authorDatabaseId === secret?.author,
    );
    expect(wanted.length).toBeGreaterThan(0);
    expect(idsOf(data.comments.nodes)).toEqual(idsOf(wanted));
  });

  it.each([
    ['orderby: COMMENT_IN', 'BAD_USER_INPUT', 'commentIn'],
    ['contentIdIn: ["?"]', 'BAD_USER_INPUT', 'contentIdIn'],
  ])('where %s is refused by name', async (where, code, name) => {
    const { data, errors, requests } = await gateway.query(`{ comments(where: { ${where} }) { nodes { id } } }`);
    expect(data.comments).toBeNull();
    expect(errors?.[0]?.extensions.code).toBe(code);
    expect(errors?.[0]?.message).toContain(name);
    expect(requests).toEqual([]);
  });

  it.each([
    ['first: 4', 'DESC'],
    ['first: 7', 'ASC'],
    ['first: 2', 'ASC'],
    ['last: 3', 'DESC'],
    ['last: 8', 'ASC'],
  ])('is walked without loss by pages of %s, %s', async (size, order) => {
    const isForward = size.startsWith('first');
    const found: number[] = [];
    let cursor: string | null = null;
    for (let page = 0; page < 20; page += 1) {
      const argument = cursor ? `, ${isForward ? 'after' : 'before'}: "${cursor}"` : '';
      const { data } = await gateway.query(`{
        comments(${size}${argument}, where: { order: ${order} }) {
          pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          nodes { databaseId }
        }
      }`);
      const { pageInfo, nodes } = data.comments;
      if (isForward) found.push(...idsOf(nodes));
      else found.unshift(...idsOf(nodes));
      cursor = isForward ? pageInfo.endCursor : pageInfo.startCursor;
      if (!(isForward ? pageInfo.hasNextPage : pageInfo.hasPreviousPage)) break;
    }
    expect(found).toEqual(order === 'DESC' ? shown : [...shown].reverse());
  });

  it('is found where it is longer than the gateway reads', async () => {
    await using small = await openGateway(url, { scanLimit: 20 });
    const { data, errors } = await small.query(`{
      user(id: 2, idType: DATABASE_ID) { comments { nodes { databaseId } } }
      comments(first: 2, where: { authorIn: ["4", "5"] }) { pageInfo { total hasNextPage } nodes { databaseId } }
    }`);
    expect(errors).toBeUndefined();
    expect(idsOf(data.user.comments.nodes)).toEqual([20, 11]);
    expect(data.comments).toEqual({
      pageInfo: { total: 3, hasNextPage: true },
      nodes: [{ databaseId: 15 }, { databaseId: 13 }],
    });
  });

  /** Ids of the comments by these authors that REST lists to a user, newest first. */
  async function writtenBy(authors: readonly number[], viewer?: DemoUser): Promise<number[]> {
    const headers = viewer ? { authorization: viewer.authorization } : {};
    const answer = await fetch(`${url}/wp-json/wp/v2/comments?per_page=100&_fields=author,id`, { headers });
    const rows: readonly { readonly author: number; readonly id: number }[] = await answer.json();
    return rows.filter(({ author }) => authors.includes(author)).map(({ id }) => id);
  }

  it('is asked of WordPress by its authors for those whom it answers that, and read by others', async () => {
    const wheres = ['userId: 8', 'authorIn: [2, 4]', 'authorIn: [2, 4], authorNotIn: [4]', 'userId: 8, authorIn: [4]'];
    const filters = ['author=8', 'author=2,4', 'author=2', null];
    const authors = [[8], [2, 4], [2], []];
    const ask = (where: string, viewer?: DemoUser) =>
      gateway.query(`{ comments(first: 100, where: { ${where} }) { nodes { databaseId } } }`, {}, viewer);
    for (const [index, where] of wheres.entries()) {
      const { data, errors, requests } = await ask(where, credentials.editor);
      expect(errors).toBeUndefined();
      const lists = requests.filter((request) => request.startsWith('/wp/v2/comments'));
      const filter = filters[index];
      const rest = 'orderby=date&order=desc&per_page=100&_fields=date,id';
      expect(lists).toEqual(filter ? [`/wp/v2/comments?${filter}&${rest}`] : []);
      const wanted = authors[index] ?? [];
      expect(idsOf(data.comments.nodes)).toEqual(await writtenBy(wanted, credentials.editor));
      const nobody = await ask(where);
      expect(idsOf(nobody.data.comments.nodes)).toEqual(await writtenBy(wanted));
      // A subscriber is refused such a filter, and none is sent.
      const own = await ask(where, credentials.subscriber);
      expect(own.errors).toBeUndefined();
      expect(idsOf(own.data.comments.nodes)).toEqual(await writtenBy(wanted, credentials.subscriber));
      expect(own.requests.join()).not.toMatch(/author=/);
    }
  });

  it('is that of a user by id, not by what the user is called today', async () => {
    await using small = await openGateway(url, { scanLimit: 20 });
    const { data, errors, requests } = await small.query(
      '{ users(first: 5) { nodes { comments(first: 2) { nodes { databaseId } } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.users.nodes.some(({ comments }: { comments: { nodes: [] } }) => comments.nodes.length > 0)).toBe(true);
    // One reading for all users.
    const read = requests.filter((request) => request.startsWith('/wp/v2/comments?') && !request.includes('include='));
    expect(read).toHaveLength(1);
    expect(read[0]).not.toContain('search=');
  });
});
