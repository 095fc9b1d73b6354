// A plugin's own route for SEO metadata is broken for a while: nothing else is said in its place as if it were the truth.

import { afterEach, expect, it } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { type Behaviour, html, json, restError } from '../support/hostile-server.ts';
import { type OddSite, openOddSite } from './odd-site.ts';

const times = { freshSeconds: 60, staleSeconds: 300, staleIfErrorSeconds: 86_400 };

const plugins = {
  rankmath: json({ success: true, head: '<title>Own</title><meta name="robots" content="noindex, nofollow"/>' }),
  seopress: json({ title: 'Own', robots: { noindex: true, nofollow: true } }),
};
const routes = {
  rankmath: (id: number) => `/rankmath/v1/getHead?url=http://odd.test/post-${id}/&_fields=head,success`,
  seopress: (id: number) => `/seopress/v1/posts/${id}?_fields=canonical,description,og,robots,title,twitter`,
};

let site: OddSite;

afterEach(() => site[Symbol.asyncDispose]());

const failures: readonly (readonly [string, Behaviour, string])[] = [
  ['a page and 503', html('<h1>Service Unavailable</h1>', { status: 503 }), 'UPSTREAM_UNAVAILABLE'],
  ['500', restError(500, 'internal_server_error'), 'UPSTREAM_ERROR'],
  ['a page', html('<!DOCTYPE html><title>Fatal error</title>'), 'UPSTREAM_NOT_JSON'],
  ['a page and 403', html('<h1>Forbidden</h1>', { status: 403 }), 'UPSTREAM_FORBIDDEN'],
];

it.each((['rankmath', 'seopress'] as const).flatMap((name) => failures.map((failure) => [name, ...failure] as const)))(
  '%s answers with %s: what was known stands, and what was not is an error',
  async (name, _, failure, code) => {
    let clock = 1_000_000;
    let isBroken = false;
    const now = () => clock;
    const own: Behaviour = (socket, request) => (isBroken ? failure : plugins[name])(socket, request);
    const store = createResponseStore({ maxBytes: 1e6, ...times, now });
    site = await openOddSite({ [name]: own }, { store, cache: { ...times, now } }, [`${name}/v1`]);
    const ask = async (id: number) => {
      const query = `{ post(id: ${id}, idType: DATABASE_ID) { title seo { title metaRobotsNoindex } } }`;
      const { data, errors, requests } = await site.gateway.query(query);
      const told = errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code]);
      // By the other it finds out whether a page is all that is left of the site.
      const asked = requests
        .map((request) => decodeURIComponent(request))
        .filter((request) => !request.startsWith('/?'));
      return { post: data.post, told, kept: [...store.content()].length, asked };
    };
    const fields = name === 'rankmath' ? 'id,link,title.rendered' : 'id,title.rendered';
    const postOf = (id: number) => `/wp/v2/posts?include=${id}&per_page=100&_fields=${fields}`;
    const whole = (id: number, kept: number) => ({
      ...{ post: { title: `Post ${id}`, seo: { title: 'Own', metaRobotsNoindex: 'noindex' } } },
      ...{ told: undefined, kept },
    });
    expect(await ask(3)).toEqual({ ...whole(3, 1), asked: [postOf(3), routes[name](3)] });

    isBroken = true;
    const unknown = await ask(2);
    expect(unknown).toMatchObject({ post: { title: 'Post 2', seo: null }, told: [['post.seo', code]], kept: 1 });
    // What fails is tried again.
    expect(new Set(unknown.asked)).toEqual(new Set([postOf(2), routes[name](2)]));
    clock += 400_000;
    expect(await ask(3)).toMatchObject({ ...whole(3, 1) });

    isBroken = false;
    clock -= 390_000;
    expect(await ask(2)).toEqual({ ...whole(2, 2), asked: [routes[name](2)] });
  },
);

it.each(['rankmath', 'seopress'] as const)(
  '%s refuses a user: what everybody is told is asked for, and kept',
  async (name) => {
    const own: Behaviour = (socket, request) =>
      (request.headers.has('authorization') ? restError(403, 'rest_forbidden') : plugins[name])(socket, request);
    const store = createResponseStore({ maxBytes: 1e6, ...times });
    const users = json({ id: 7, capabilities: {} });
    site = await openOddSite({ [name]: own, users }, { store, cache: times }, [`${name}/v1`]);
    const ask = async (viewer?: { readonly authorization: string }) => {
      const query = '{ post(id: 3, idType: DATABASE_ID) { title seo { title } } }';
      const { data, errors, requests } = await site.gateway.query(query, {}, viewer);
      const asked = requests.map(decodeURIComponent).filter((request) => request.includes(`/${name}/`));
      return { title: data.post.seo.title, errors, asked };
    };
    const refused = { title: 'Post 3 – Odd', errors: undefined };
    const user = { authorization: 'Basic eDp5' };
    expect(await ask(user)).toEqual({ ...refused, asked: [routes[name](3)] });
    expect(await ask()).toEqual({ title: 'Own', errors: undefined, asked: [routes[name](3)] });
    expect(await ask()).toEqual({ title: 'Own', errors: undefined, asked: [] });
    expect(await ask(user)).toEqual({ ...refused, asked: [] });
    expect([...store.content()]).toHaveLength(1);
  },
);
