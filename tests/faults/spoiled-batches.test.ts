// One object that breaks WordPress takes no others along, whatever they are asked for by: it alone is null, and soon it is
// asked for by itself.

import { afterEach, describe, expect, it } from 'vitest';
import type { RestObject } from '../../src/cache/fields-record.ts';
import type { TestGatewayOptions } from '../support/gateway.ts';
import { answer, type Behaviour, html, restError, stall, truncated } from '../support/hostile-server.ts';
import { listed, type OddSite, openOddSite, type RouteAnswer } from './odd-site.ts';

let site: OddSite | undefined;

afterEach(async () => {
  await site?.[Symbol.asyncDispose]();
  site = undefined;
});

const ids = [1, 2, 3, 4, 5, 6, 7, 8];
const byId = (list: readonly number[], ask: (id: number) => string) => `{ ${list.map(ask).join(' ')} }`;
const pictures = byId(ids, (id) => `m${id}: mediaItem(id: "${id}", idType: DATABASE_ID) { altText }`);
const fails = restError(500, 'internal_server_error');

const media = ids.map((id) => ({ id, slug: `m-${id}`, alt_text: `Picture ${id}`, media_type: 'image' }));
const posts = ids.map((id) => ({
  ...{ id, slug: `post-${id}`, date: `2024-01-0${id}T10:00:00`, title: { rendered: `Post ${id}`, raw: `Post ${id}` } },
  ...{ content: { rendered: '', protected: false }, author: id, categories: [20 + (id % 4)], sticky: false },
}));
const comments = ids.map((id) => ({
  ...{ id, post: id, parent: 0, author: 0, author_name: 'A', date: `2024-01-0${id}T10:00:00` },
  content: { rendered: `Comment ${id}` },
}));
const categories = [20, 21, 22, 23].map((id) => ({
  id,
  name: `Category ${id}`,
  slug: `c-${id}`,
  taxonomy: 'category',
}));

/** Lists these rows, but for requests by which some of them are asked for. */
function spoiled(rows: readonly RestObject[], fault: Behaviour, parameter: string, ...bad: string[]): Behaviour {
  return (socket, request) => {
    const asked = new URL(request.target, 'http://odd.test').searchParams.get(parameter)?.split(',') ?? [];
    (asked.some((value) => bad.includes(value)) ? fault : listed(rows))(socket, request);
  };
}

/** A site, and what a query of it comes to: fields that are null, codes, and the values of a parameter in each request. */
async function open(odd: Record<string, RouteAnswer>, options: TestGatewayOptions = {}) {
  const opened = await openOddSite({ posts, media, comments, categories, ...odd }, options);
  site = opened;
  return async (query: string, parameter: string, viewer?: { authorization: string }) => {
    const { data, errors = [], requests } = await opened.gateway.query(query, {}, viewer);
    const asked = requests.flatMap((request) => {
      const value = new URL(request, 'http://odd.test').searchParams.get(parameter);
      return value === null ? [] : [value];
    });
    const places = errors.map(({ path, extensions }) => `${path?.join('.')} ${extensions.code}`);
    // What is tried again is the same question.
    return { data, places, asked: [...new Set(asked)] };
  };
}

describe('an object by which', () => {
  it.each<[string, Behaviour, string]>([
    ['PHP fails', fails, 'UPSTREAM_ERROR'],
    ['PHP ends with nothing', answer(''), 'UPSTREAM_BAD_RESPONSE'],
    ['JSON is cut off', truncated('[{"id":3,"alt'), 'UPSTREAM_BAD_RESPONSE'],
    ['a server behind a proxy dies', answer('', { status: 502 }), 'UPSTREAM_UNAVAILABLE'],
    ['a firewall forbids', html('<title>403 Forbidden</title>', { status: 403 }), 'UPSTREAM_FORBIDDEN'],
    ['a firewall does not accept', html('<title>406</title>', { status: 406 }), 'UPSTREAM_REFUSED'],
    ['a proxy finds fault', html('<title>400</title>', { status: 400 }), 'UPSTREAM_REFUSED'],
  ])('%s is null, and nothing else', async (_, fault, code) => {
    const ask = await open({ media: spoiled(media, fault, 'include', '3') });
    const { data, places, asked } = await ask(pictures, 'include');
    expect(places).toEqual([`m3 ${code}`]);
    expect(Object.values(data).filter((item) => item === null)).toHaveLength(1);
    expect(data).toMatchObject({ m3: null, m4: { altText: 'Picture 4' } });
    expect(asked).toEqual(['1,2,3,4,5,6,7,8', '1,2,3,4', '5,6,7,8', '1,2', '3,4', '3', '4']);
    const others = byId([3, 4], (id) => `m${id}: mediaItem(id: "${id}", idType: DATABASE_ID) { caption }`);
    expect(await ask(others, 'include')).toMatchObject({ places: [`m3 ${code}`], asked: ['4', '3'] });
  });

  it('WordPress fails stands as it was, where it is known', async () => {
    let clock = 1_000_000;
    const times = { freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 3600 };
    const odd: Record<string, RouteAnswer> = {};
    site = await openOddSite(odd, { cache: { ...times, now: () => clock } });
    odd['media'] = media;
    await site.gateway.query(pictures);
    clock += 200_000;
    odd['media'] = spoiled(
      media.map((row) => ({ ...row, alt_text: 'New' })),
      fails,
      'include',
      '3',
    );
    const { data, errors } = await site.gateway.query(pictures);
    expect(errors).toBeUndefined();
    expect(Object.values(data).map((item) => Reflect.get(Object(item), 'altText'))).toEqual(
      ids.map((id) => (id === 3 ? 'Picture 3' : 'New')),
    );
  });

  it('WordPress fails is the one author, the one slug, and the one list', async () => {
    const users = ids.map((id) => ({ id, name: `User ${id}`, slug: `user-${id}` }));
    const ask = await open({
      users: spoiled(users, fails, 'include', '3'),
      posts: spoiled(posts, fails, 'slug', 'post-6'),
    });
    const authors = await ask('{ posts(first: 8) { nodes { author { node { name } } } } }', 'include');
    expect(authors.places).toEqual(['posts.nodes.5.author UPSTREAM_ERROR']);
    expect(authors.asked).toEqual(['8,7,6,5,4,3,2,1', '8,7,6,5', '4,3,2,1', '4,3', '2,1', '4', '3']);
    const slugs = byId([5, 6, 7, 9], (id) => `p${id}: post(id: "post-${id}", idType: SLUG) { commentStatus }`);
    const bySlug = await ask(slugs, 'slug');
    expect(bySlug.places).toEqual(['p6 UPSTREAM_ERROR']);
    expect(bySlug.data).toMatchObject({ p5: {}, p6: null, p7: {}, p9: null });
    expect(bySlug.asked).toEqual(['post-5,post-6,post-7,post-9', 'post-5,post-6', 'post-7,post-9', 'post-5', 'post-6']);
  });

  it('WordPress fails costs the lists that show it, and no others', async () => {
    const ask = await open({ posts: spoiled(posts, fails, 'include', '6') });
    const { data, places } = await ask('{ categories { nodes { posts(first: 2) { nodes { title } } } } }', 'include');
    expect(places).toEqual(['categories.nodes.2.posts UPSTREAM_ERROR']);
    expect(data.categories.nodes[1].posts.nodes).toEqual([{ title: 'Post 5' }, { title: 'Post 1' }]);
  });

  it.each([401, 403])('WordPress refuses comments with %i keeps its own only', async (status) => {
    const refused = restError(status, 'rest_cannot_read_post');
    const ask = await open({ comments: spoiled(comments, refused, 'post', '3') });
    const shown = await ask('{ posts(first: 8) { nodes { comments { nodes { content } } } } }', 'post');
    expect(shown.places).toEqual(['posts.nodes.5.comments UPSTREAM_FORBIDDEN']);
    expect(shown.asked).toEqual(['1,2,3,4,5,6,7,8', '5,6,7,8', '1,2,3,4', '3,4', '1,2', '4', '3']);
    const counts = await ask('{ posts(first: 8) { nodes { commentCount } } }', 'post');
    expect(counts.places).toEqual(['posts.nodes.5.commentCount UPSTREAM_FORBIDDEN']);
    expect(counts.asked).toEqual(['8,7,6,5,4,2,1', '3']);
    expect(counts.data.posts.nodes.map((node: { commentCount: number | null }) => node.commentCount)).toEqual(
      ids.map((_, at) => (at === 5 ? null : 1)),
    );
  });
});

describe('halves of what has no room in an address', () => {
  it('have an outcome each, whichever comes first', async () => {
    const late: Behaviour = (socket, request) => void setTimeout(() => listed(media)(socket, request), 100);
    const ask = await open({
      media: (socket, request) => {
        const asked = new URL(request.target, 'http://odd.test').searchParams.get('include')?.split(',') ?? [];
        if (asked.length > 4) return answer('', { status: 414 })(socket, request);
        (asked.includes('3') ? restError(400, 'rest_invalid_param') : late)(socket, request);
      },
    });
    const { places, asked } = await ask(pictures, 'include');
    expect(places).toEqual([1, 2, 3, 4].map((id) => `m${id} UPSTREAM_REFUSED`));
    expect(asked).toEqual(['1,2,3,4,5,6,7,8', '1,2,3,4', '5,6,7,8']);
  });
});

describe('a WordPress that fails at everything', () => {
  it('gets three requests more to tell that from one that fails, and then none', async () => {
    const ask = await open({ media: fails });
    const { places, asked } = await ask(pictures, 'include');
    expect(places).toHaveLength(8);
    expect(asked).toEqual(['1,2,3,4,5,6,7,8', '1,2,3,4', '5,6,7,8', '8']);
    expect((await ask(pictures, 'include')).asked).toEqual(['1,2,3,4,5,6,7,8']);
  });

  it.each<[string, Behaviour]>([
    ['does not answer', stall()],
    ['has too much to do', answer('', { status: 503 })],
    ['asks for fewer requests', answer('', { status: 429 })],
    ['is in maintenance', html('<!doctype html><title>Maintenance</title>')],
  ])('gets none more where it %s', async (_, fault) => {
    const ask = await open({ media: spoiled(media, fault, 'include', '3') }, { timeoutMs: 1500 });
    const { places, asked } = await ask(pictures, 'include');
    expect(places).toHaveLength(8);
    expect(asked).toEqual(['1,2,3,4,5,6,7,8']);
  });
});

describe('what a user is shown', () => {
  it.each(['title', 'title(format: RAW)'])('is whole but for what fails, drafts included: %s', async (field) => {
    const me = { id: 9, name: 'Me', capabilities: { edit_posts: true, edit_others_posts: true } };
    const draft = { ...posts[1], status: 'draft' };
    const seen = posts.map((post) => (post.id === 2 ? draft : { ...post, status: 'publish' }));
    const refused = html('<title>403 Forbidden</title>', { status: 403 });
    const ask = await open({
      users: (socket, request) => listedOne(me)(socket, request),
      posts: (socket, request) => {
        const target = request.target.replace(/status=[^&]*&/, '');
        const shown = target === request.target ? seen.filter(({ status }) => status === 'publish') : seen;
        spoiled(shown, refused, 'include', '3')(socket, { ...request, target });
      },
    });
    const some = byId([1, 2, 3, 4], (id) => `p${id}: post(id: "${id}", idType: DATABASE_ID) { ${field} }`);
    const { data, places } = await ask(some, 'include', { authorization: 'Basic YTpi' });
    expect(places).toEqual(['p3 UPSTREAM_FORBIDDEN']);
    const titled = (id: number) => ({ title: `Post ${id}` });
    expect(data).toEqual({ p1: titled(1), p2: titled(2), p3: null, p4: titled(4) });
  });

  it('tells nobody else what failed for him', async () => {
    const me = { id: 9, name: 'Me', capabilities: {} };
    const ask = await open({
      users: listedOne(me),
      media: (socket, request) =>
        (request.headers.has('authorization') ? spoiled(media, fails, 'include', '3') : listed(media))(socket, request),
    });
    const mine = await ask(pictures, 'include', { authorization: 'Basic YTpi' });
    expect(mine.places).toEqual(['m3 UPSTREAM_ERROR']);
    expect(await ask(pictures, 'include')).toMatchObject({ places: [], asked: ['1,2,3,4,5,6,7,8'] });
  });
});

function listedOne(row: RestObject): Behaviour {
  return answer(JSON.stringify(row), { headers: { 'content-type': 'application/json' } });
}
