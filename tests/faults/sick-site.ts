// Owns a site for the doctor: healthy in every way that it looks at, but where a test makes it sick.

import { type Behaviour, type HostileRequest, html, json } from '../support/hostile-server.ts';

/** What a request is for, as the site tells it. */
export interface Asked {
  /** Below the root: `wp/v2/posts`; empty for the index. Null for a page. */
  readonly route: string | null;
  readonly url: URL;
  readonly request: HostileRequest;
}

/** Another answer than the healthy one; undefined where that will do. */
export type Sickness = (asked: Asked, healthy: Behaviour) => Behaviour | undefined;

const kinds = {
  types: ['post', 'page', 'attachment', 'book'],
  taxonomies: ['category', 'post_tag', 'genre'],
};

const bases: Readonly<Record<string, string>> = {
  ...{ post: 'posts', page: 'pages', attachment: 'media', category: 'categories', post_tag: 'tags' },
};

/** A script for the hostile server. */
export function sickSite(sickness: Sickness = () => undefined): (request: HostileRequest) => Behaviour {
  return (request) => {
    const url = new URL(request.target, 'http://sick.test');
    const route = url.pathname.startsWith('/wp-json') ? url.pathname.replace(/^\/wp-json\/?/, '') : null;
    const healthy = route === null ? answerPage(url) : answerRoute(route, url, request);
    return sickness({ route, url, request }, healthy) ?? healthy;
  };
}

function answerPage(url: URL): Behaviour {
  if (url.pathname === '/wp-sitemap.xml') {
    const names = ['posts-post', 'posts-page', 'posts-book', 'taxonomies-genre'];
    const links = names.map((name) => `<sitemap><loc>http://sick.test/wp-sitemap-${name}-1.xml</loc></sitemap>`);
    return html(`<sitemapindex>${links.join('')}</sitemapindex>`);
  }
  const link =
    '</wp-json/>; rel="https://api.w.org/", </wp-json/wp/v2/posts/1>; rel="alternate"; title="JSON"; type="application/json"';
  return html('<!DOCTYPE html><meta name="generator" content="WordPress 6.9"><title>Home</title>', {
    headers: { link },
  });
}

function answerRoute(route: string, url: URL, { headers }: HostileRequest): Behaviour {
  const date = new Date().toUTCString();
  // As WordPress answers its users.
  const own = { 'cache-control': 'no-cache, must-revalidate, max-age=0, no-store, private' };
  const answer = (body: unknown, more: Record<string, string> = {}, status = 200) =>
    json(body, { status, headers: { date, ...(headers.has('authorization') ? own : {}), ...more } });
  if (route === '') return answer({ name: 'Sick', namespaces: ['wp/v2', 'yoast/v1'] });
  if (route === 'wp/v2/types') return answer(toMap(kinds.types));
  if (route === 'wp/v2/taxonomies') return answer(toMap(kinds.taxonomies));
  if (route === 'wp/v2/users') return answer([{ id: 1, name: 'Ada' }], { 'x-wp-total': '1' });
  if (route === 'wp/v2/users/me' && headers.has('authorization')) {
    const capabilities = { edit_posts: true, edit_theme_options: true, manage_options: true };
    return answer({ id: 1, name: 'Ada', slug: 'ada', roles: ['administrator'], capabilities });
  }
  if (route === 'wp/v2/menu-locations' && headers.has('authorization')) return answer({ primary: { menu: 2 } });
  if (route === 'wp/v2/navigation') {
    const rendered =
      '<li class="wp-block-navigation-item wp-block-navigation-link"><a class="wp-block-navigation-item__content" href="/about/">About</a></li>';
    return answer([{ id: 9, slug: 'main', title: { rendered: 'Main' }, content: { rendered } }]);
  }
  if (route === 'wp/v2/posts') return answer([toPost(url)], { 'x-wp-total': '1', 'x-wp-totalpages': '1' });
  const others = ['pages', 'media', 'categories', 'tags', 'comments', 'book', 'genre'];
  if (others.some((name) => route === `wp/v2/${name}`)) return answer([{ id: 1 }], { 'x-wp-total': '1' });
  return answer({ code: 'rest_no_route', message: 'No route.', data: { status: 404 } }, {}, 404);
}

/** A post with the fields that were asked for. */
export function toPost(url: URL): object {
  const post = { id: 1, slug: 'hello', link: 'http://sick.test/hello/', title: { rendered: 'Hello' }, content: {} };
  const whole = { ...post, yoast_head_json: { title: 'Hello' } };
  const fields = url.searchParams
    .get('_fields')
    ?.split(',')
    .map((path) => path.split('.')[0]);
  return Object.fromEntries(Object.entries(whole).filter(([name]) => fields === undefined || fields.includes(name)));
}

function toMap(names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, { slug: name, name, rest_base: bases[name] ?? name }]));
}
