// Every `where` argument of lists of users, against what WordPress's REST API shows the public of the same users.

import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openGateway, type TestGateway } from '../support/gateway.ts';
import { findIds, inputFields, readRows, usedArguments, type WhereRow } from './where-lists.ts';

interface User {
  readonly id: number;
  readonly name: string;
  readonly slug: string;
  readonly url: string;
}

const { url } = inject('wordpress');
let gateway: TestGateway;
/** All users in WordPress's order by slug, which is the usual one here. */
let users: User[];

beforeAll(async () => {
  gateway = await openGateway(url, { freshSeconds: 0 });
  users = await readRows(url, 'users', 'orderby=slug&_fields=id,name,slug,url');
});

afterAll(() => gateway[Symbol.asyncDispose]());

const none: readonly number[] = [];

function listOf(filters: string, fields = 'id,slug'): string {
  const given = filters === '' ? '' : `${filters}&`;
  return `/wp/v2/users?${given}orderby=slug&order=asc&per_page=100&_fields=${fields}`;
}

const rows: readonly WhereRow<User>[] = [
  { where: '{}', found: () => true, requests: '' },
  { where: '{ include: [3, 1, 7] }', found: ({ id }) => [1, 3].includes(id), requests: 'include=3,1,7' },
  { where: '{ exclude: [1, 2] }', found: ({ id }) => id > 2, requests: 'exclude=1,2' },
  { where: '{ include: [1, 2], exclude: [2] }', found: ({ id }) => id === 1, requests: 'include=1' },
  { where: '{ include: [2], exclude: [2] }', found: none, requests: [] },
  { where: '{ nicename: "yuki" }', found: ({ id }) => id === 4, requests: 'slug=yuki' },
  { where: '{ nicename: "silent-author" }', found: none, requests: 'slug=silent-author' },
  {
    where: '{ nicenameIn: ["yuki", "amara", "reader"] }',
    found: ({ slug }) => ['yuki', 'amara'].includes(slug),
    requests: 'slug=yuki,amara,reader',
  },
  {
    where: '{ nicenameNotIn: ["yuki", "amara"] }',
    found: ({ slug }) => !['yuki', 'amara'].includes(slug),
    requests: '',
  },
  { where: '{ login: "amara" }', found: ({ id }) => id === 6, requests: 'slug=amara' },
  { where: '{ loginIn: ["amara", "admin"] }', found: ({ id }) => [1, 6].includes(id), requests: 'slug=amara,admin' },
  { where: '{ loginNotIn: ["admin"] }', found: ({ id }) => id !== 1, requests: '' },
  // What must hold together is intersected.
  { where: '{ login: "amara", nicename: "yuki" }', found: none, requests: [] },
  {
    where: '{ nicename: "yuki", nicenameIn: ["yuki", "amara"] }',
    found: ({ id }) => id === 4,
    requests: 'slug=yuki',
  },
  {
    where: '{ search: "example" }',
    found: (user) => user.url.includes('example'),
    requests: [listOf('', 'id,name,slug,url')],
  },
  {
    where: '{ search: "*MÜLL*" }',
    found: ({ name }) => name.includes('Müll'),
    requests: [listOf('', 'id,name,slug,url')],
  },
  {
    where: '{ search: "a", searchColumns: [NICENAME] }',
    found: ({ slug }) => slug.includes('a'),
    requests: '',
  },
  {
    where: '{ search: "edda", searchColumns: [URL, LOGIN] }',
    found: ({ id }) => id === 2,
    requests: [listOf('', 'id,slug,url')],
  },
  { where: '{ search: "4", searchColumns: [ID] }', found: ({ id }) => id === 4, requests: '' },
  // Nobody's address is found by its letters.
  { where: '{ search: "@example.com" }', found: none, requests: [listOf('', 'id,name,slug,url')] },
  { where: '{ hasPublishedPosts: [POST] }', found: () => true, requests: 'has_published_posts=post' },
  {
    where: '{ hasPublishedPosts: [PAGE] }',
    found: ({ id }) => [2, 3, 4].includes(id),
    requests: 'has_published_posts=page',
  },
];

describe('lists of users', () => {
  it.each(rows.map((row) => [row.where, row] as const))('%s', async (where, { found, requests }) => {
    const answer = await findIds(gateway, 'users', where);
    const isFound = typeof found === 'function' ? found : () => false;
    const expected = users.filter(isFound).map(({ id }) => id);
    expect(answer.errors).toBeUndefined();
    expect(answer.ids).toEqual(expected);
    if (typeof found === 'function') expect(expected.length).toBeGreaterThan(0);
    expect(answer.requests).toEqual(typeof requests === 'string' ? [listOf(requests)] : requests);
  });

  it('have no argument that no test uses', async () => {
    const known = await inputFields(gateway, 'RootQueryToUserConnectionWhereArgs');
    const used = usedArguments(
      rows.map(({ where }) => where),
      known,
    );
    const elsewhere = ['offsetPagination', 'orderby', 'role', 'roleIn', 'roleNotIn'];
    expect([...used, ...elsewhere].sort()).toEqual(known);
  });

  it('never show who has published nothing', async () => {
    const { ids } = await findIds(gateway, 'users', '{ include: [7, 8] }');
    expect(ids).toEqual([]);
  });
});

describe('the order of users', () => {
  it.each([
    ['DISPLAY_NAME', 'name'],
    ['NICE_NAME', 'slug'],
    ['LOGIN', 'slug'],
    ['URL', 'url'],
  ])('%s, as WordPress sorts by %s', async (field, orderby) => {
    for (const order of ['ASC', 'DESC']) {
      const answer = await findIds(gateway, 'users', `{ orderby: { field: ${field}, order: ${order} } }`);
      const query = `orderby=${orderby}&order=${order.toLowerCase()}`;
      const rest = await readRows<User>(url, 'users', `${query}&_fields=id,${orderby}`);
      const rank = new Map(rest.map((user, index) => [user.id, { user, index }]));
      const keyOf = (id: number) => String(Reflect.get(Object(rank.get(id)?.user), orderby));
      const expected = rest
        .map(({ id }) => id)
        .sort((a, b) => (keyOf(a) === keyOf(b) ? b - a : (rank.get(a)?.index ?? 0) - (rank.get(b)?.index ?? 0)));
      expect(answer.ids).toEqual(expected);
      expect(answer.requests).toEqual([`/wp/v2/users?${query}&per_page=100&_fields=id,${orderby}`]);
    }
  });

  it('NICE_NAME_IN and LOGIN_IN: as given', async () => {
    const byName = await findIds(
      gateway,
      'users',
      '{ nicenameIn: ["yuki", "admin", "amara"], orderby: { field: NICE_NAME_IN } }',
    );
    expect(byName.ids).toEqual([4, 1, 6]);
    const byLogin = await findIds(gateway, 'users', '{ loginIn: ["yuki", "admin"], orderby: { field: LOGIN_IN } }');
    expect(byLogin.ids).toEqual([4, 1]);
    const without = await findIds(gateway, 'users', '{ orderby: { field: LOGIN_IN } }');
    expect(without.ids).toEqual(users.map(({ id }) => id));
  });

  it('by offset, at every offset', async () => {
    const expected = users.map(({ id }) => id);
    for (let offset = 0; offset < expected.length + 2; offset += 2) {
      const { data } = await gateway.query(
        `{ users(where: { offsetPagination: { offset: ${offset}, size: 2 } }) { nodes { databaseId } } }`,
      );
      expect(data.users.nodes.map(({ databaseId }: { databaseId: number }) => databaseId)).toEqual(
        expected.slice(offset, offset + 2),
      );
    }
  });
});

describe('what only users with rights may ask is refused', () => {
  it.each([
    ['{ role: EDITOR }', 'BAD_USER_INPUT', 'filter users by role (where.role)'],
    ['{ roleIn: [AUTHOR] }', 'BAD_USER_INPUT', 'filter users by role (where.roleIn)'],
    ['{ roleNotIn: [] }', 'BAD_USER_INPUT', 'filter users by role (where.roleNotIn)'],
    ['{ search: "edda", searchColumns: [EMAIL] }', 'BAD_USER_INPUT', 'not allowed to search users by email'],
    ['{ include: [-1] }', 'BAD_USER_INPUT', 'where.include: "-1"'],
  ])('%s: %s', async (where, code, message) => {
    const { ids, errors, requests } = await findIds(gateway, 'users', where);
    expect(ids).toBeNull();
    expect(errors).toMatchObject([{ path: ['list'], extensions: { code }, message: expect.stringContaining(message) }]);
    expect(requests).toEqual([]);
  });

  it.each(['search: "a"', 'nicenameNotIn: ["yuki"]', 'loginNotIn: ["yuki"]'])(
    '%s, beyond a stated number of rows',
    async (argument) => {
      await using bounded = await openGateway(url, { scanLimit: 3 });
      const { ids, errors } = await findIds(bounded, 'users', `{ ${argument} }`);
      expect(ids).toBeNull();
      expect(errors).toMatchObject([{ path: ['list'], extensions: { code: 'LIMIT_EXCEEDED' } }]);
      expect(errors?.[0]?.message).toContain(`where.${argument.split(':')[0]} itself`);
    },
  );
});
