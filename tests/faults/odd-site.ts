// Owns a small WordPress for the fault tests: it answers as WordPress does, but where a test puts something else.

import type { RestObject } from '../../src/cache/fields-record.ts';
import { openGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.ts';
import { type Behaviour, type HostileServer, html, json, startHostileServer } from '../support/hostile-server.ts';
import { filterFields, listOf } from '../support/recorded-lists.ts';

/** What a route gives: an answer of its own, or rows that are listed as WordPress does. */
export type RouteAnswer = Behaviour | readonly RestObject[];

/** Routes that are not as they should be, by their last part: `users`. */
export type Odd = Readonly<Record<string, RouteAnswer>>;

const index = { name: 'Odd', description: '', url: 'http://odd.test', home: 'http://odd.test' };

function post(id: number, more: RestObject = {}): RestObject {
  return {
    id,
    date: `2024-01-0${id}T10:00:00`,
    slug: `post-${id}`,
    link: `http://odd.test/post-${id}/`,
    title: { rendered: `Post ${id}` },
    content: { rendered: `<p>${id}</p>`, protected: false },
    author: 1 + (id % 2),
    featured_media: 10 + id,
    categories: [20, 20 + id],
    tags: [],
    sticky: id === 1,
    ...more,
  };
}

/** What is there: three posts, their authors, pictures and categories. */
export const rows = {
  posts: [1, 2, 3].map((id) => post(id)),
  users: [1, 2].map((id) => ({
    id,
    name: `User ${id}`,
    slug: `user-${id}`,
    avatar_urls: { 96: `http://odd.test/${id}` },
  })),
  media: [11, 12, 13].map((id) => ({
    id,
    date: '2024-01-01T10:00:00',
    media_type: 'image',
    mime_type: 'image/jpeg',
    source_url: `http://odd.test/${id}.jpg`,
    media_details: { width: 20, height: 10, file: `${id}.jpg`, sizes: {} },
  })),
  categories: [20, 21, 22, 23].map((id) => ({
    id,
    name: `Category ${id}`,
    slug: `c-${id}`,
    parent: 0,
    taxonomy: 'category',
  })),
};

/** One of the posts with other fields. */
export function postWith(fields: RestObject): RestObject[] {
  return [post(3, fields), post(2), post(1)];
}

/** A list answer with the number of rows that WordPress tells. */
export function listAnswer(body: readonly unknown[], total: number | null = body.length): Behaviour {
  return json(body, total === null ? {} : { headers: { 'x-wp-total': String(total) } });
}

/** A gateway in front of the site. */
export interface OddSite extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly server: HostileServer;
}

/** Starts the site, with the routes of plugins beside WordPress's own, and a gateway in front of it. */
export async function openOddSite(
  odd: Odd,
  options: TestGatewayOptions = {},
  plugins: readonly string[] = [],
): Promise<OddSite> {
  const server = await startHostileServer(({ target }) => {
    const url = new URL(target, 'http://odd.test');
    const route = /^\/wp-json\/(?:wp\/v2\/)?([^/]*)/.exec(url.pathname)?.[1];
    if (route === undefined) return html('<!DOCTYPE html><title>Home</title>');
    if (route === '') return json({ ...index, namespaces: ['wp/v2', ...plugins] });
    const answer = odd[route] ?? Reflect.get(rows, route) ?? [];
    return typeof answer === 'function' ? answer : listed(answer);
  });
  const gateway = await openGateway(`${server.url}/wp-json/`, options);
  return {
    gateway,
    server,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Rows as WordPress lists them. */
export function listed(all: readonly RestObject[]): Behaviour {
  return (socket, request) => listBehaviour(all, new URL(request.target, 'http://odd.test'))(socket, request);
}

function listBehaviour(all: readonly RestObject[], url: URL): Behaviour {
  const { status, body, total } = listOf(all, new Map(url.searchParams));
  const fields = url.searchParams.get('_fields');
  const shown = Array.isArray(body) && fields ? body.map((row) => filterFields(row, fields)) : body;
  return json(shown, { status, ...(total === undefined ? {} : { headers: { 'x-wp-total': String(total) } }) });
}
