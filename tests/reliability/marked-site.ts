// Owns a small WordPress that writes into every text for whom it was made, and that may misbehave at each request.

import { isRestObject, type RestObject } from '../../src/cache/fields-record.ts';
import { openGateway, type TestGateway, type TestGatewayOptions } from '../support/gateway.ts';
import {
  type Behaviour,
  type HostileRequest,
  type HostileServer,
  html,
  json,
  restError,
  startHostileServer,
} from '../support/hostile-server.ts';
import { filterFields, listOf } from '../support/recorded-lists.ts';

/** Who somebody is to the site: a user by number, or 0 for anybody. */
export type Owner = number;

/** Misbehaves at a request, given what would be right; null for the right answer. */
export type Fault = (request: HostileRequest, right: Behaviour) => Behaviour | null;

/** A gateway in front of such a site. */
export interface MarkedSite extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly server: HostileServer;
  /** Forgets requests and lines of the log that are no errors: a test that takes long has no room for all. */
  forget(): void;
}

const index = {
  name: 'Marked',
  description: '',
  url: 'http://marked.test',
  home: 'http://marked.test',
  namespaces: ['wp/v2'],
};
const editing = { edit_posts: true, edit_others_posts: true, read_private_posts: true };

/** What a user may do: every other one edits, and every third may list users. */
export function capabilitiesOf(owner: Owner): Readonly<Record<string, boolean>> {
  return { read: true, ...(owner % 2 === 1 ? editing : {}), ...(owner % 3 === 1 ? { list_users: true } : {}) };
}

/** How many posts there are. */
export const posts = 40;
/** How many users, the first five of whom have written something. */
export const users = 50;

const ids = (first: number, count: number) => Array.from({ length: count }, (_, at) => first + at);

const rows: Readonly<Record<string, readonly RestObject[]>> = {
  posts: ids(1, posts)
    .reverse()
    .map((id) => ({
      id,
      date: `2024-01-01T${String(10 + Math.floor(id / 60)).padStart(2, '0')}:${String(id % 60).padStart(2, '0')}:00`,
      slug: `post-${id}`,
      link: `http://marked.test/post-${id}/`,
      status: 'publish',
      type: 'post',
      title: text(`Post ${id}`),
      content: { ...text(`<p>Content ${id}</p>`), protected: false },
      excerpt: { ...text(`<p>Excerpt ${id}</p>`), protected: false },
      author: 1 + (id % 5),
      featured_media: 0,
      categories: [20 + (id % 4)],
      tags: [],
      sticky: false,
    })),
  users: ids(1, users).map((id) => ({
    id,
    name: mark(`User ${id}`),
    slug: `user-${id}`,
    link: `http://marked.test/author/user-${id}/`,
  })),
  categories: ids(20, 4).map((id) => ({
    id,
    name: mark(`Category ${id}`),
    slug: `c-${id}`,
    parent: 0,
    taxonomy: 'category',
    count: 9,
  })),
};

function mark(words: string): string {
  return `${words} @OWNER@`;
}

function text(words: string): RestObject {
  return { rendered: mark(words), raw: mark(words) };
}

/** The header by which a user is known: an application password, or for every other one a token. */
export function credentialsOf(owner: Owner): string {
  const encoded = Buffer.from(`user${owner}:secret-of-${owner}`).toString('base64');
  return owner % 2 === 0 ? `Basic ${encoded}` : `Bearer e30.${encoded.replaceAll('=', '')}.c2ln`;
}

function ownerOf({ headers }: HostileRequest): Owner {
  const [, encoded = ''] = /^(?:Basic |Bearer e30\.)([^.]*)/.exec(headers.get('authorization') ?? '') ?? [];
  return Number(/^user(\d+):/.exec(Buffer.from(encoded, 'base64').toString())?.[1] ?? 0);
}

/** All owners whose marks are in a text. */
export function ownersIn(words: string): Set<Owner> {
  return new Set([...words.matchAll(/@owner-(\d+)@/g)].map(([, owner]) => Number(owner)));
}

/** What is right to answer. */
function rightAnswer(request: HostileRequest): Behaviour {
  const url = new URL(request.target, 'http://marked.test');
  const [, route = '', id = ''] = /^\/wp-json\/(?:wp\/v2\/)?([^/]*)\/?([^/]*)/.exec(url.pathname) ?? [];
  if (!url.pathname.startsWith('/wp-json')) return html('<!DOCTYPE html><title>Home</title>');
  if (route === '') return json(index);
  const owner = ownerOf(request);
  if (route === 'users' && id === 'me') {
    return owner === 0
      ? restError(401, 'rest_not_logged_in')
      : json({ id: owner, capabilities: capabilitiesOf(owner) });
  }
  const fields = url.searchParams.get('_fields');
  const show = (row: unknown) => (fields && isRestObject(row) ? filterFields(row, fields) : row);
  const all = rows[route];
  if (!all) return json([]);
  const send = (body: unknown, headers: Record<string, string> = {}) =>
    json(JSON.parse(JSON.stringify(body).replaceAll('@OWNER@', `@owner-${owner}@`)), { headers });
  if (id !== '') {
    const row = all.find((candidate) => candidate['id'] === Number(id));
    return row ? send(show(row)) : restError(404, 'rest_post_invalid_id');
  }
  // All that there is can be seen by anybody.
  if (owner > 0) url.searchParams.delete('status');
  const { status, body, total } = listOf(all, new Map(url.searchParams));
  if (!Array.isArray(body)) return json(body, { status });
  return send(body.map(show), total === undefined ? {} : { 'x-wp-total': String(total) });
}

/** Starts the site alone; `fault` is asked at each request. */
export function startMarkedServer(fault: Fault): Promise<HostileServer> {
  return startHostileServer((request) => {
    const right = rightAnswer(request);
    return fault(request, right) ?? right;
  });
}

/** Starts the site and a gateway in front of it; it misbehaves from the moment that the gateway is open. */
export async function openMarkedSite(fault: Fault, options: TestGatewayOptions = {}): Promise<MarkedSite> {
  let isOpen = false;
  const server = await startMarkedServer((request, right) => (isOpen ? fault(request, right) : null));
  const gateway = await openGateway(`${server.url}/wp-json/`, options);
  isOpen = true;
  return {
    gateway,
    server,
    forget() {
      server.forget();
      gateway.forgetRequests();
      const { lines } = gateway;
      lines.splice(0, lines.length, ...lines.filter(({ level }) => level >= 50));
    },
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}
