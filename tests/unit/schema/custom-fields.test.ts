// Custom fields of any shape, with the types that ACF and WordPress give them, and what they refer to as nodes.

import { graphql } from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createContextFactory } from '../../../src/context.ts';
import { type ServedSite, serveSite } from '../../../src/schema/serve-site.ts';
import { type OpenSite, openSite } from '../../../src/wordpress/open-site.ts';
import { type RecordedSite, startRecordedSite } from '../../support/recorded-site.ts';

const nullable = (type: string, more: object = {}) => ({ type: [type, 'null'], required: false, ...more });
const acf = {
  subtitle: nullable('string', { description: 'Shown below the title' }),
  price: nullable('number'),
  is_new: nullable('boolean'),
  'event-date': nullable('string', { description: 'A `Ymd` formatted date string.' }),
  event_date: nullable('string'),
  colour: {
    type: ['string', 'array', 'int', 'null'],
    items: { type: ['string', 'int'], enum: ['red', 'blue'] },
    maxItems: 1,
  },
  hero: nullable('integer'),
  gallery: nullable('array', { items: { type: 'number' } }),
  related: { type: ['integer', 'array', 'null'], items: { type: 'integer' } },
  partner: { type: ['integer', 'array', 'null'], items: { type: 'integer' }, maxItems: 1 },
  venue: nullable('object', { properties: { name: nullable('string'), photo: nullable('integer') } }),
  rows: nullable('array', {
    items: { type: 'object', properties: { label: nullable('string'), size: nullable('number') } },
  }),
  layout: nullable('array', { items: { type: 'object', oneOf: [] } }),
  本: nullable('string'),
};
const link = (route: string) => ({ href: `http://recorded.example/wp-json/wp/v2/${route}`, embeddable: true });
const event = {
  id: 1,
  type: 'event',
  slug: 'first',
  link: 'http://recorded.example/event/first/',
  title: { rendered: 'First' },
  meta: { seats: 40, tags: ['a', 7, {}], open: 'yes' },
  acf: {
    subtitle: 'Now &amp; then',
    price: 12.5,
    is_new: true,
    'event-date': '20240131',
    event_date: '2024',
    colour: 'red',
    hero: 20,
    gallery: [20, 21, 99],
    related: [2, 5, 404],
    partner: 3,
    venue: { name: 'Hall', photo: 21 },
    rows: [{ label: 'one', size: 1 }, { label: 'two', size: 'wide' }, false],
    layout: [{ acf_fc_layout: 'quote', text: 'x' }],
  },
  _links: {
    self: [link('events/1')],
    'acf:post': [link('events/2')],
    'acf:term': [{ ...link('genre/5'), taxonomy: 'genre' }],
    'acf:user': [link('users/3')],
  },
};
const empty = { ...event, id: 2, slug: 'second', title: { rendered: 'Second' }, meta: [], acf: [], _links: {} };
const odd = {
  ...event,
  ...{ id: 3, slug: 'third', title: { rendered: 'Third' }, meta: 'none', _links: [] },
  acf: {
    subtitle: [],
    price: 'free',
    is_new: 7,
    hero: false,
    gallery: '',
    related: 'five',
    venue: 'Hall',
    rows: { 2: {} },
  },
};
const ambiguous = {
  ...event,
  ...{ id: 4, slug: 'fourth', acf: { related: [2, 5], partner: 5 } },
  _links: { 'acf:post': [link('events/2')], 'acf:term': [link('genre/5')], 'acf:user': [link('users/5')] },
};
const image = (id: number) => ({
  ...{ id, type: 'attachment', slug: `image-${id}`, media_type: 'image', media_details: {} },
  source_url: `http://recorded.example/${id}.jpg`,
});

let recorded: RecordedSite;
let opened: OpenSite;
let served: ServedSite;
let createContext: ReturnType<typeof createContextFactory>;

beforeAll(async () => {
  const properties = (more: object) => ({ schema: { properties: { title: {}, ...more } } });
  const type = (slug: string, rest_base: string) => ({ slug, name: `${rest_base}`, rest_base });
  recorded = await startRecordedSite({
    index: { name: 'Recorded', home: 'http://recorded.example', namespaces: ['wp/v2'] },
    style: 'path',
    collections: {
      'wp/v2/events': [event, empty, odd, ambiguous],
      'wp/v2/media': [image(20), image(21)],
      'wp/v2/genre': [
        { id: 5, taxonomy: 'genre', name: 'Crime', slug: 'crime', meta: { color: 'black' }, acf: { icon: 20 } },
      ],
      'wp/v2/users': [{ id: 3, name: 'Ada', slug: 'ada', avatar_urls: {}, meta: { twitter: '@ada' } }],
      'wp/v2/comments': [
        { id: 6, post: 1, content: { rendered: 'Ah' }, meta: { stars: 4 }, acf: { verdict: 'good', photo: 21 } },
      ],
      'wp/v2/pages': [],
    },
    answers: {
      'wp/v2/types': { event: type('event', 'events'), attachment: type('attachment', 'media') },
      'wp/v2/taxonomies': { genre: { ...type('genre', 'genre'), types: ['event'] } },
    },
    schemas: {
      'wp/v2/events': properties({
        meta: {
          properties: {
            seats: { type: 'integer' },
            tags: { type: 'array', items: { type: 'string' } },
            open: { type: 'boolean' },
          },
        },
        acf: { properties: acf },
      }),
      'wp/v2/genre': properties({
        meta: { properties: { color: { type: 'string' } } },
        acf: { properties: { icon: nullable('integer') } },
      }),
      'wp/v2/users': properties({ meta: { properties: { twitter: { type: 'string' } } } }),
      'wp/v2/comments': properties({
        meta: { properties: { stars: { type: 'integer' } } },
        acf: { properties: { verdict: nullable('string'), photo: nullable('integer') } },
      }),
    },
  });
  const logger = pino({ level: 'silent' });
  opened = await openSite({ address: recorded.origin, upstream: {}, logger, discoveryFile: null });
  served = serveSite(opened.known);
  const { site, resources } = served;
  const cache = { maxBytes: 1024 * 1024, freshSeconds: 0, negativeSeconds: 0 };
  createContext = createContextFactory({ client: opened.client, site, resources, cache, scanLimit: 100, logger });
});

beforeEach(() => recorded.requests.splice(0));

afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await recorded[Symbol.asyncDispose]();
});

async function ask(source: string) {
  const { data, errors } = await graphql({ schema: served.schema, source, contextValue: createContext({}) });
  const fields = recorded.requests.map(({ route, query }) => `${route} ${query['_fields']}`);
  const answer: unknown = JSON.parse(JSON.stringify(data ?? null));
  return { data: answer, errors: errors?.map(({ path, message }) => `${path?.join('.')}: ${message}`), fields };
}

const one = (id: number, selection: string) => ask(`{ event(id: ${id}, idType: DATABASE_ID) { ${selection} } }`);

describe('values', () => {
  it('have their types, and cost the fields that are asked for', async () => {
    const { data, errors, fields } = await one(
      1,
      `metaFields { seats }
       acfFields { subtitle price isNew eventDate eventDate2 colour hero gallery partner venue { name photo } layout }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      event: {
        metaFields: { seats: 40 },
        acfFields: {
          ...{ subtitle: 'Now &amp; then', price: 12.5, isNew: true, eventDate: '20240131', eventDate2: '2024' },
          ...{ colour: 'red', hero: 20, gallery: [20, 21, 99], partner: 3, venue: { name: 'Hall', photo: 21 } },
          layout: [{ acf_fc_layout: 'quote', text: 'x' }],
        },
      },
    });
    const names = 'colour,event-date,event_date,gallery,hero,is_new,layout,partner,price,subtitle,venue'.split(',');
    expect(fields).toEqual([`wp/v2/events ${names.map((name) => `acf.${name}`).join()},id,meta.seats`]);
  });

  it('that are empty are null, in whichever way PHP writes that', async () => {
    const { data, errors } = await one(
      2,
      'metaFields { seats tags } acfFields { subtitle price isNew hero heroNode { id } gallery galleryNodes { id } venue { name } rows { label } }',
    );
    expect(errors).toBeUndefined();
    const none = { subtitle: null, price: null, isNew: null, hero: null, heroNode: null, gallery: null };
    expect(data).toEqual({
      event: {
        metaFields: { seats: null, tags: null },
        acfFields: { ...none, galleryNodes: [], venue: null, rows: null },
      },
    });
  });

  it('of another type are null with an error at their place, and the others stand', async () => {
    const { data, errors } = await one(
      3,
      'title metaFields { seats } acfFields { subtitle price isNew hero gallery galleryNodes { id } related relatedNodes { id } venue { name } rows { label } }',
    );
    expect(data).toMatchObject({
      event: {
        title: 'Third',
        acfFields: {
          subtitle: null,
          price: null,
          hero: null,
          gallery: null,
          galleryNodes: [],
          rows: [{ label: null }],
        },
      },
    });
    expect(errors).toEqual([
      'event.metaFields.seats: meta is a string where an object was expected',
      'event.acfFields.subtitle: acf.subtitle is a list where a string was expected',
      'event.acfFields.price: acf.price is a string where a number was expected',
      'event.acfFields.isNew: acf.is_new is a number where a boolean was expected',
      'event.acfFields.related: acf.related is a string where a list was expected',
      'event.acfFields.venue: acf.venue is a string where an object was expected',
      'event.acfFields.relatedNodes: acf.related is a string where the id of an object was expected',
    ]);
  });

  it('of a list fail one by one', async () => {
    const { data, errors } = await one(1, 'metaFields { tags open } acfFields { rows { label size } }');
    expect(data).toEqual({
      event: {
        metaFields: { tags: ['a', '7', null], open: null },
        acfFields: { rows: [{ label: 'one', size: 1 }, { label: 'two', size: null }, null] },
      },
    });
    expect(errors?.map((error) => error.split(':')[0]).sort()).toEqual([
      'event.acfFields.rows.1.size',
      'event.metaFields.open',
      'event.metaFields.tags.2',
    ]);
  });
});

describe('references', () => {
  it('to media are media items, all in one request', async () => {
    const { data, errors, fields } = await one(
      1,
      'acfFields { heroNode { sourceUrl } galleryNodes { databaseId } venue { photoNode { sourceUrl } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      event: {
        acfFields: {
          heroNode: { sourceUrl: 'http://recorded.example/20.jpg' },
          galleryNodes: [{ databaseId: 20 }, { databaseId: 21 }, null],
          venue: { photoNode: { sourceUrl: 'http://recorded.example/21.jpg' } },
        },
      },
    });
    expect(fields.map((request) => request.split(' ')[0])).toEqual(['wp/v2/events', 'wp/v2/media']);
  });

  it('to anything else are what ACF links to', async () => {
    const { data, errors, fields } = await one(
      1,
      `acfFields {
        partnerNode { __typename ... on User { name } }
        relatedNodes { __typename ... on Event { title } ... on Genre { name } }
      }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      event: {
        acfFields: {
          partnerNode: { __typename: 'User', name: 'Ada' },
          relatedNodes: [{ __typename: 'Event', title: 'Second' }, { __typename: 'Genre', name: 'Crime' }, null],
        },
      },
    });
    expect(fields.sort()).toEqual([
      'wp/v2/events _links,acf.partner,acf.related,id',
      'wp/v2/events id,title.rendered',
      'wp/v2/genre id,name',
      'wp/v2/users id,name',
    ]);
  });
});

describe('an id that several links have', () => {
  it('is an error at its place: nothing tells which of them is meant', async () => {
    const { data, errors } = await one(
      4,
      'acfFields { partner partnerNode { id } relatedNodes { ... on Event { title } } }',
    );
    expect(data).toEqual({
      event: { acfFields: { partner: 5, partnerNode: null, relatedNodes: [{ title: 'Second' }, null] } },
    });
    expect(errors?.sort()).toEqual([
      'event.acfFields.partnerNode: _links is an object where one link of ACF to an object 5 was expected',
      'event.acfFields.relatedNodes.1: _links is an object where one link of ACF to an object 5 was expected',
    ]);
  });
});

describe('fields of terms and users', () => {
  it('are read as a whole where the controller knows no paths', async () => {
    const { data, errors, fields } = await ask(`{
      genre(id: 5, idType: DATABASE_ID) { metaFields { color } acfFields { iconNode { sourceUrl } } }
      user(id: 3, idType: DATABASE_ID) { metaFields { twitter } }
    }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      genre: {
        metaFields: { color: 'black' },
        acfFields: { iconNode: { sourceUrl: 'http://recorded.example/20.jpg' } },
      },
      user: { metaFields: { twitter: '@ada' } },
    });
    expect(fields.slice(0, 2).sort()).toEqual(['wp/v2/genre acf.icon,id,meta', 'wp/v2/users id,meta']);
  });
});

describe('fields of comments', () => {
  it('have their types, and cost the fields that are asked for', async () => {
    const { data, errors, fields } = await ask(
      '{ comment(id: 6) { metaFields { stars } acfFields { verdict photoNode { sourceUrl } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      comment: {
        metaFields: { stars: 4 },
        acfFields: { verdict: 'good', photoNode: { sourceUrl: 'http://recorded.example/21.jpg' } },
      },
    });
    expect(fields[0]).toBe('wp/v2/comments acf.photo,acf.verdict,id,meta');
  });
});

describe('the schema', () => {
  it('describes fields, and leaves out what has no name for GraphQL', () => {
    const type = served.schema.getType('EventAcfFields');
    const fields = type && 'getFields' in type ? type.getFields() : {};
    expect(fields['subtitle']?.description).toBe('Shown below the title.');
    expect(Object.keys(fields)).toHaveLength(Object.keys(acf).length - 1 + 4);
    expect(served.schema.getType('MediaItemMetaFields')).toBeUndefined();
  });
});
