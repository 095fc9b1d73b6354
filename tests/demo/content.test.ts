// What the demo site promises to those who write tests and examples against it.

import { readFile } from 'node:fs/promises';
import { describe, expect, inject, test } from 'vitest';

const { url, credentials } = inject('wordpress');

async function get(path: string, init: RequestInit = {}) {
  const response = await fetch(url + path, init);
  const body: unknown = await response.json();
  return { status: response.status, headers: response.headers, body };
}

/** The values of one field of a list. */
async function pluck(path: string, field: string): Promise<unknown[]> {
  const { body } = await get(path);
  if (!Array.isArray(body)) throw new TypeError(`${path} is not a list: ${JSON.stringify(body)}`);
  return body.map((item: unknown) =>
    typeof item === 'object' && item !== null ? Reflect.get(item, field) : undefined,
  );
}

const rest = '/wp-json/wp/v2';

describe('counts', () => {
  const counts = [
    ['posts', 61, 61],
    ['pages', 12, 12],
    ['books', 12, 12],
    ['media', 14, 13], // one belongs to a draft: counted, not shown
    ['categories', 8, 8],
    ['tags', 12, 12],
    ['genre', 4, 4],
    ['users', 6, 6],
    ['comments', 26, 25], // one is on a protected post
  ] as const;
  test.each(counts)('%s: %d counted, %d shown', async (base, counted, shown) => {
    const { headers, body } = await get(`${rest}/${base}?per_page=100&_fields=id`);
    expect(headers.get('x-wp-total')).toBe(String(counted));
    expect(body).toHaveLength(shown);
  });

  test('an administrator sees what the public does not', async () => {
    const { headers } = await get(`${rest}/posts?status=any&context=edit&_fields=id`, {
      headers: { authorization: credentials.admin.authorization },
    });
    expect(headers.get('x-wp-total')).toBe('69');
  });
});

describe('posts', () => {
  test('the recorded post answers as it was recorded, but for its address', async () => {
    const recorded: Record<string, unknown> = JSON.parse(
      await readFile(new URL('../data/seed-post-4301.json', import.meta.url), 'utf8'),
    );
    const { body } = await get(`${rest}/posts/4301`);
    const { link: _link, _links, jetpack_featured_media_url: _picture, meta, ...same } = recorded;
    expect(body).toMatchObject(same);
    expect(body).toMatchObject({ meta });
    expect(body).toMatchObject({
      link: `${url}/iom-chiefs-visit-to-guatemala-highlights-urgent-needs-for-people-returning-home/`,
      jetpack_featured_media_url: `${url}/wp-content/uploads/2025/03/whatsapp-image-2025-03-12-at-11.54.47.jpeg`,
    });
    expect(Object.keys(Object(Reflect.get(Object(body), '_links')))).toEqual(
      expect.arrayContaining(Object.keys(Object(_links))),
    );
  });

  test('seven posts are of the very same second, and changed in the same second', async () => {
    const path = `${rest}/posts?after=2024-05-01T11:59:59&before=2024-05-01T12:00:01&_fields=id,modified`;
    expect((await pluck(path, 'id')).sort()).toEqual([139, 140, 141, 142, 143, 144, 145]);
    expect(new Set(await pluck(path, 'modified'))).toEqual(new Set(['2024-06-01T09:00:00']));
  });

  test('slugs outside ASCII, titles that need care', async () => {
    const { body } = await get(`${rest}/posts?slug=${encodeURIComponent('日本語の記事')}&_fields=id,title`);
    expect(body).toEqual([{ id: 104, title: { rendered: '日本語の記事' } }]);
    expect(await pluck(`${rest}/posts?include=102,108&orderby=include&_fields=title`, 'title')).toEqual([
      { rendered: expect.stringContaining('Tom &#038; Jerry&#8217;s &#8220;quoted&#8221;') },
      { rendered: '' },
    ]);
  });

  test('the protected one opens with its password only', async () => {
    expect((await get(`${rest}/posts/120?_fields=content`)).body).toEqual({
      content: { rendered: '', protected: true },
    });
    const { body } = await get(`${rest}/posts/120?_fields=content&password=sesame`);
    expect(body).toMatchObject({ content: { rendered: expect.stringContaining('Eighteen grams') } });
  });

  test('three are sticky, all formats are there', async () => {
    expect((await pluck(`${rest}/posts?sticky=true&_fields=id`, 'id')).sort()).toEqual([117, 118, 119]);
    const formats = new Set(await pluck(`${rest}/posts?per_page=100&_fields=format`, 'format'));
    expect(formats.size).toBe(10);
  });

  test('addresses in the content are those of this start', async () => {
    const { body } = await get(`${rest}/posts/112?_fields=content,guid`);
    expect(JSON.stringify(body)).toContain(`${url}/wp-content/uploads/2023/01/harbour-panorama`);
    expect(JSON.stringify(body)).not.toContain('.invalid');
    expect(body).toMatchObject({ guid: { rendered: `${url}/?p=112` } });
  });
});

describe('everything else', () => {
  test('pages are nested, a slug may return further down', async () => {
    const links = await pluck(`${rest}/pages?include=201,205,208,212&orderby=include&_fields=link`, 'link');
    const japanese = encodeURIComponent('日本').toLowerCase();
    expect(links).toEqual([`${url}/`, `${url}/about/team/`, `${url}/about/team/${japanese}/`, `${url}/team/`]);
  });

  test('books have meta of every type', async () => {
    expect((await get(`${rest}/books/302?_fields=meta,genre`)).body).toMatchObject({
      genre: [24],
      meta: {
        isbn: '9780000000302',
        page_count: 96,
        in_print: true,
        rating: 3.25,
        awards: [],
        dimensions: { width: 12.5, height: 19, unit: 'cm' },
      },
    });
    expect((await get(`${rest}/books/301?_fields=meta.awards`)).body).toEqual({
      meta: { awards: ['Golden Bean', 'Best Foam'] },
    });
  });

  test('pictures have real sizes, whose files are there', async () => {
    const { body } = await get(`${rest}/media/401?_fields=source_url,media_details`);
    expect(body).toMatchObject({
      source_url: `${url}/wp-content/uploads/2023/01/harbour-panorama-scaled.jpg`,
      media_details: {
        width: 2560,
        height: 1120,
        sizes: { medium: { width: 300, height: 131 }, '2048x2048': { width: 2048 } },
      },
    });
    const picture = await fetch(`${url}/wp-content/uploads/2023/01/harbour-panorama-300x131.jpg`);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(new Uint8Array(await picture.arrayBuffer()).slice(0, 3)).toEqual(new Uint8Array([0xff, 0xd8, 0xff]));
    // Smaller than the smallest size: WordPress made none.
    const tiny = await get(`${rest}/media/403?_fields=media_details`);
    expect(tiny.body).toMatchObject({ media_details: { width: 120, height: 90, sizes: {} } });
  });

  test('comments are threaded three deep', async () => {
    const { body } = await get(`${rest}/comments?include=1,2,3&orderby=include&_fields=id,parent`);
    expect(body).toEqual([
      { id: 1, parent: 0 },
      { id: 2, parent: 1 },
      { id: 3, parent: 2 },
    ]);
  });

  test('menus are at their locations', async () => {
    const { body } = await get(`${rest}/menus?_fields=id,locations&orderby=id`, {
      headers: { authorization: credentials.admin.authorization },
    });
    expect(body).toEqual([
      { id: 34, locations: ['primary'] },
      { id: 35, locations: ['footer'] },
    ]);
  });

  test('SEO is there for posts, terms and people, and costs nothing when it is not asked for', async () => {
    const paths = ['posts/101', 'pages/204', 'books/301', 'categories/4', 'tags/9', 'genre/21', 'users/2'];
    for (const path of paths) {
      const { body } = await get(`${rest}/${path}?_fields=yoast_head_json,yoast_head`);
      expect(body).toMatchObject({
        yoast_head: expect.stringContaining('<title>'),
        yoast_head_json: { title: expect.any(String), schema: { '@graph': expect.any(Array) } },
      });
    }
    const { body } = await get(`${rest}/posts/101?_fields=yoast_head_json`);
    expect(body).toMatchObject({
      yoast_head_json: {
        description: 'A welcome to the demo of Headgate, “quotes” & all.',
        article_published_time: '2023-01-09T06:05:09+00:00',
        article_modified_time: '2024-02-02T11:30:00+00:00',
        og_image: [{ width: 1600, height: 900, type: 'image/jpeg' }],
        twitter_misc: { 'Written by': 'admin', 'Est. reading time': '1 minute' },
      },
    });
    expect((await get(`${rest}/posts/101?_fields=id`)).body).toEqual({ id: 101 });
  });
});

describe('HTTP', () => {
  test('HEAD gives the headers of GET and no body', async () => {
    const head = await fetch(`${url}${rest}/posts?per_page=2`, { method: 'HEAD' });
    expect(head.status).toBe(200);
    expect(head.headers.get('x-wp-totalpages')).toBe('31');
    expect(await head.text()).toBe('');
  });

  test('several Link headers arrive, and paths outside ASCII', async () => {
    const page = await fetch(`${url}/${encodeURIComponent('日本語の記事')}/`, { method: 'HEAD' });
    expect(page.status).toBe(200);
    const links = page.headers.get('link') ?? '';
    expect(links).toContain(`<${url}/wp-json/>; rel="https://api.w.org/"`);
    expect(links).toContain(`<${url}${rest}/posts/104>; rel="alternate"`);
  });

  test('query strings arrive as they were sent', async () => {
    const { headers } = await get(`${rest}/posts?search=caf%C3%A9+%26+c&per_page=1&include[]=101&include[]=102`);
    expect(headers.get('x-wp-total')).toBe('0');
    expect(await pluck(`${rest}/posts?include[]=101&include[]=102&orderby=include&_fields=id`, 'id')).toEqual([
      101, 102,
    ]);
  });

  test('OPTIONS describes a type', async () => {
    const { body } = await get(`${rest}/books`, { method: 'OPTIONS' });
    expect(body).toMatchObject({
      schema: { title: 'book', properties: { meta: { properties: { isbn: { type: 'string' } } } } },
    });
  });

  test.each(['admin', 'editor', 'author', 'subscriber'] as const)(
    'the application password of the %s works',
    async (role) => {
      const { body } = await get(`${rest}/users/me?context=edit&_fields=id,username`, {
        headers: { authorization: credentials[role].authorization },
      });
      expect(body).toEqual({ id: credentials[role].id, username: credentials[role].username });
    },
  );

  test('any name of this computer will do', async () => {
    const other = url.replace('127.0.0.1', 'localhost');
    const response = await fetch(`${other}${rest}/posts/101?_fields=link`).catch(() => undefined);
    // Where localhost is ::1 only, nothing answers there.
    if (response) expect(await response.json()).toEqual({ link: `${other}/hello-from-the-demo/` });
  });

  test('files outside the site are not served', async () => {
    for (const path of [
      '/wp-content/uploads/%2e%2e/credentials.json',
      '/wp-content/uploads/..%2f..%2fcredentials.json',
      '/site/credentials.json',
    ]) {
      const response = await fetch(url + path);
      expect(response.status).toBe(404);
      await response.body?.cancel();
    }
  });
});
