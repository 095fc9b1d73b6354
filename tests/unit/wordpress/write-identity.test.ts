// Owns which answers to writes are refused, and which oddities of sites are not.

import { describe, expect, it } from 'vitest';
import { type WriteAnswer, whyNotWritten } from '../../../src/wordpress/write-identity.ts';

type Row = readonly [write: readonly ['POST' | 'DELETE', string, object?], body: unknown, location?: string];

const byId = { _fields: 'id,link,status' };
const gone = { force: true, _fields: 'deleted,previous.id' };
const creation: Row[0] = ['POST', 'wp/v2/posts', byId];
const update: Row[0] = ['POST', 'wp/v2/posts/9', byId];
const trash: Row[0] = ['DELETE', 'wp/v2/posts/9', { force: false, _fields: 'id' }];
const deletion: Row[0] = ['DELETE', 'wp/v2/posts/9', gone];
const settings: Row[0] = ['POST', 'wp/v2/settings', { _fields: 'title' }];
const self = (route: string) => ({ self: [{ href: `https://a.b/wp-json/${route}` }] });
const user = { id: 7, name: 'Ada', slug: 'ada', link: 'https://a.b/author/ada/', avatar_urls: {}, meta: [] };

function verdict([[method, route, query], body, location]: Row): string | null {
  const answer: WriteAnswer = { status: 200, body, location };
  return whyNotWritten(
    { method, route, ...(query ? { query: query as Record<string, string | boolean> } : {}) },
    answer,
  );
}

describe('an answer to a write', () => {
  const refused: Readonly<Record<string, Row>> = {
    'a list': [creation, [{ id: 9 }]],
    'an empty list': [update, []],
    'an empty list for settings': [settings, []],
    nothing: [settings, null],
    'a text': [creation, 'ok'],
    'an empty object for a creation': [creation, {}],
    'an empty object for a change': [update, {}],
    'an empty object for one thrown away': [trash, {}],
    'an empty object for a deletion': [deletion, {}],
    'another id': [update, { id: 5 }],
    'another id as text': [update, { id: '5' }],
    'another id, though no fields are named': [['POST', 'wp/v2/posts/9'], { id: 5 }],
    'no id, though no fields are named': [['POST', 'wp/v2/posts/9'], { title: {} }],
    'an id that is none': [creation, { id: 'theme//index' }],
    'an id in a list': [update, { id: [9] }],
    'the id 0': [creation, { id: 0 }],
    'another one thrown away': [trash, { id: 5 }],
    'another one that is gone': [deletion, { deleted: true, previous: { id: 5 } }],
    'one that is not gone': [deletion, { deleted: false, previous: { id: 9 } }],
    'one that is there': [deletion, { id: 9 }],
    'a user': [creation, { ...user, _links: self('wp/v2/users/7') }],
    'a user at a plain address': [
      creation,
      { id: 7, _links: { self: [{ href: 'https://a.b/?rest_route=%2Fwp%2Fv2%2Fusers%2F7' }] } },
    ],
    'the creation of a user': [creation, { id: 7 }, 'https://a.b/wp-json/wp/v2/users/7'],
    'the creation of a post': [['POST', 'wp/v2/books', byId], { id: 7 }, 'https://a.b/?rest_route=/wp/v2/posts/7'],
    'a page': [creation, { id: 7, type: 'page' }],
    'a page that is gone': [deletion, { deleted: true, previous: { id: 9, type: 'page' } }],
    'another one of a type that is named by a year': [['POST', 'wp/v2/2024/9', byId], { id: 5 }],
    'a tag': [['POST', 'wp/v2/categories/9', { _fields: 'id' }], { id: 9, taxonomy: 'post_tag' }],
  };

  it.each(Object.entries(refused))('is not %s', (_name, row) => {
    expect(verdict(row)).toEqual(expect.any(String));
  });

  const taken: Readonly<Record<string, Row>> = {
    'what was created': [creation, { id: 9, link: 'x', status: 'draft' }, 'https://a.b/wp-json/wp/v2/posts/9'],
    'what was changed': [update, { id: 9 }],
    'an id as text': [update, { id: '9' }],
    'the id of a creation as text': [creation, { id: '9' }],
    'a whole object where no fields are left out': [
      update,
      { id: 9, type: 'post', title: { rendered: 'x' }, _links: self('wp/v2/posts/9') },
    ],
    'what was thrown away': [trash, { id: 9 }],
    'what is gone': [deletion, { deleted: true, previous: { id: 9 } }],
    'what is gone, by a number': [deletion, { deleted: 1, previous: { id: '9' } }],
    'what is gone, where WordPress knows no nested fields': [deletion, { deleted: true }],
    'a password that is gone': [
      ['DELETE', 'wp/v2/users/1/application-passwords', { force: true }],
      { deleted: true, count: 3 },
    ],
    'settings, whatever they are': [settings, { title: 'x' }],
    'settings with a field of a plugin': [settings, { id: 'x' }],
    'the viewer': [['POST', 'wp/v2/users/me', { _fields: 'id' }], { id: 1 }],
    'an autosave, which has an id of its own': [
      ['POST', 'wp/v2/posts/9/autosaves', { _fields: 'id' }],
      { id: 12, parent: 9, _links: self('wp/v2/posts/9') },
    ],
    'a revision that is gone': [
      ['DELETE', 'wp/v2/posts/9/revisions/12', gone],
      { deleted: true, previous: { id: 12 } },
    ],
    'a template, by its name': [['POST', 'wp/v2/templates'], { id: 'theme//index' }],
    'a widget, by its name': [['POST', 'wp/v2/widgets/text-2'], { id: 'text-2' }],
    'one of a type that is named by a year': [['POST', 'wp/v2/2024', byId], { id: 9, _links: self('wp/v2/2024/9') }],
    'several together': [['POST', 'batch/v1'], { responses: [] }],
    'what is elsewhere on WordPress.com': [
      creation,
      { id: 9, _links: self('wp/v2/sites/12/posts/9') },
      'https://public-api.wordpress.com/wp/v2/sites/12/posts/9',
    ],
    'what is of a plugin’s own namespace': [
      ['POST', 'ldlms/v2/courses', byId],
      { id: 9, _links: self('wp/v2/sfwd/9') },
    ],
    'what has links of a plugin': [creation, { id: 9, _links: { self: 'x' } }, 'not an address %'],
    'what has a type of a plugin': [creation, { id: 9, type: 'news' }],
    'what has a type, of a type of its own': [['POST', 'wp/v2/books', byId], { id: 9, type: 'book' }],
  };

  it.each(Object.entries(taken))('may be %s', (_name, row) => {
    expect(verdict(row)).toBeNull();
  });
});
