// Owns which answers are doubted, and which oddities of sites are not.

import { describe, expect, it } from 'vitest';
import { doubtOf } from '../../../src/wordpress/identity.ts';
import type { QueryValue } from '../../../src/wordpress/rest.ts';

type Row = readonly [query: Readonly<Record<string, QueryValue>>, body: unknown, isCertain?: boolean];

const page: Record<string, QueryValue> = { per_page: 2 };

describe('lists', () => {
  const doubted: Readonly<Record<string, Row>> = {
    'an object': [page, { id: 1 }, true],
    'an id that was not asked for': [{ ...page, include: [1, 2] }, [{ id: 3 }], true],
    'an id beside one': [{ ...page, include: 1 }, [{ id: 1 }, { id: 3 }], true],
    'more rows': [page, [{ id: 1 }, { id: 2 }, { id: 3 }]],
    'another parent': [{ ...page, parent: [7] }, [{ id: 1, parent: 8 }]],
    'another post': [{ ...page, post: 7 }, [{ id: 1, post: 8 }]],
    'another author': [{ ...page, author: [1, 2] }, [{ id: 1, author: 3 }]],
    'what was left out': [{ ...page, exclude: [5] }, [{ id: 5 }]],
    'another slug': [{ ...page, slug: ['a', 'b'] }, [{ id: 1, slug: 'c' }]],
    'other fields': [{ ...page, _fields: ['id', 'title.rendered'] }, [{ id: 1, name: 'x' }]],
    'another route': [page, [{ id: 1, _links: { self: [{ href: 'https://a.b/wp-json/wp/v2/pages/1' }] } }]],
  };

  it.each(Object.entries(doubted))('of %s', (_name, [query, body, isCertain = false]) => {
    expect(doubtOf({ route: 'wp/v2/posts', query }, body)).toMatchObject({ isCertain });
  });

  it('tell a slug made of a text from another one than was asked for', () => {
    const reasonOf = (...slug: string[]) =>
      doubtOf({ route: 'wp/v2/posts', query: { ...page, slug } }, [{ id: 1, slug: 'strasse' }])?.reason;
    expect(reasonOf('post-1')).toBe('a slug that was not asked for');
    for (const text of ['straße', '<b>strasse</b>', 'strasse,post-1', 'strasse post-1']) {
      expect(reasonOf('post-1', text), text).toBe('another slug than was made of a text');
    }
  });

  const usual: Readonly<Record<string, Row>> = {
    rows: [page, [{ id: 1 }, { id: 2 }]],
    none: [page, []],
    'fewer rows than ids': [{ ...page, include: [1, 2] }, [{ id: 2 }]],
    'ids as text': [{ ...page, include: [1] }, [{ id: '1' }]],
    'rows without an id': [{ ...page, include: [1] }, [{ slug: 'a' }]],
    'its parent': [{ ...page, parent: 0 }, [{ id: 1, parent: 0 }]],
    'a slug in its stored form': [{ ...page, slug: ['Über uns'] }, [{ id: 1, slug: '%C3%BCber-uns' }]],
    'a slug without accents': [{ ...page, slug: ['cafe'] }, [{ id: 1, slug: 'café' }]],
    'a field more': [{ ...page, _fields: ['id', 'slug'] }, [{ id: 1, slug: 'a', acf: [] }]],
    'a field less': [{ ...page, _fields: ['id', 'yoast_head_json'] }, [{ id: 1 }]],
    'what are no rows': [page, [null, 'a']],
    'its route': [page, [{ id: 1, _links: { self: [{ href: 'https://a.b/?rest_route=/wp/v2/posts/1' }] } }]],
  };

  it.each(Object.entries(usual))('of %s are not doubted', (_name, [query, body]) => {
    expect(doubtOf({ route: 'wp/v2/posts', query }, body)).toBeNull();
  });
});

describe('objects', () => {
  it('of another id are none that was asked for', () => {
    expect(doubtOf({ route: 'wp/v2/posts/1' }, { id: 2 })).toMatchObject({ isCertain: true });
    expect(doubtOf({ route: 'wp/v2/posts/1' }, { id: 1 })).toBeNull();
    expect(doubtOf({ route: 'wp/v2/posts/1' }, { slug: 'a' })).toBeNull();
  });

  it('may be an empty list, as PHP has it, and no other', () => {
    expect(doubtOf({ route: 'wp/v2/menu-locations' }, [])).toBeNull();
    expect(doubtOf({ route: 'wp/v2/menu-locations' }, [{ id: 1 }])).toMatchObject({ isCertain: false });
  });
});
