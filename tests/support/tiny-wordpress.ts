// Owns the least that the gateway takes for a WordPress site: the index of a REST API, no posts, and all credentials but
// those that say that they are wrong.

import { createServer, type ServerResponse } from 'node:http';
import { tellKinds } from './told-kinds.ts';

/** A site on a free port of this machine. */
export interface TinyWordPress extends AsyncDisposable {
  readonly url: string;
  /** Milliseconds that each answer to a route takes. */
  delayMs: number;
  /** How many requests for posts it got. */
  readonly requests: number;
  /** Targets of them. */
  readonly asked: string[];
  /** Users that it was asked for, as their credentials name them. */
  readonly proofs: string[];
  /** Paths that it knows nothing of. */
  readonly unknown: string[];
}

/** Starts one. */
export async function startTinyWordPress(): Promise<TinyWordPress> {
  const asked: string[] = [];
  const proofs: string[] = [];
  const unknown: string[] = [];
  const site = { url: '', delayMs: 0, requests: 0, asked, proofs, unknown };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', site.url).pathname;
    const kinds = tellKinds(request.method, path);
    if (kinds) {
      json(response, kinds);
    } else if (path === '/') {
      response.writeHead(200, {
        'content-type': 'text/html',
        link: `<${site.url}/wp-json/>; rel="https://api.w.org/"`,
      });
      response.end('<!doctype html><title>Tiny</title>');
    } else if (path === '/wp-json/' || path === '/wp-json') {
      json(response, {
        name: 'Tiny',
        description: 'A site',
        url: site.url,
        home: site.url,
        gmt_offset: 0,
        timezone_string: 'UTC',
        show_on_front: 'posts',
        page_on_front: 0,
        page_for_posts: 0,
        namespaces: ['oembed/1.0', 'wp/v2'],
        authentication: [],
        routes: { '/': {}, '/wp/v2': {}, '/wp/v2/posts': {} },
        site_logo: 0,
        site_icon: 0,
        site_icon_url: '',
      });
    } else if (path === '/wp-json/wp/v2/posts') {
      site.requests += 1;
      asked.push(request.url ?? '');
      setTimeout(() => json(response, []), site.delayMs);
    } else if (path === '/wp-json/wp/v2/users/me' && request.headers.authorization) {
      const [, secret = ''] = request.headers.authorization.split(' ');
      const [name = ''] = Buffer.from(secret, 'base64').toString().split(':');
      proofs.push(name);
      const id = Number(/^user(\d+)$/.exec(name)?.[1] ?? 1);
      const user = { id, name: 'Ann', slug: 'ann', capabilities: {} };
      const refusal = { code: 'incorrect_password', message: 'No', data: { status: 401 } };
      setTimeout(() => (name === 'wrong' ? json(response, refusal, 401) : json(response, user)), site.delayMs);
    } else if (/\/wp\/v2\/(pages|media)$/.test(path)) {
      json(response, []);
    } else {
      unknown.push(path);
      const none = { code: 'rest_no_route', message: 'No route', data: { status: 404 } };
      setTimeout(() => json(response, none, 404), site.delayMs);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  site.url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return Object.assign(site, {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function json(response: ServerResponse, body: object, status = 200): void {
  const total = Array.isArray(body) ? { 'x-wp-total': '0', 'x-wp-totalpages': '0' } : {};
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...total });
  response.end(JSON.stringify(body));
}
