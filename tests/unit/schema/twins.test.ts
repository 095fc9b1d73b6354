// A site whose types and taxonomies are called like each other, and like what WordPress itself has: all of them are there.

import { graphql } from 'graphql';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContextFactory } from '../../../src/context.ts';
import { type ServedSite, serveSite } from '../../../src/schema/serve-site.ts';
import { type OpenSite, openSite } from '../../../src/wordpress/open-site.ts';
import { type RecordedSite, startRecordedSite } from '../../support/recorded-site.ts';

const origin = 'http://recorded.example';
const properties = { schema: { properties: { title: {} } } };
const concert = {
  id: 1,
  slug: 'concert',
  link: `${origin}/event/concert/`,
  title: { rendered: 'Concert' },
  kinds: [2],
};
const remark = { id: 3, slug: 'remark', link: `${origin}/comment/remark/`, title: { rendered: 'Remark' } };

let recorded: RecordedSite;
let opened: OpenSite;
let served: ServedSite;
let ask: (source: string) => Promise<unknown>;

beforeAll(async () => {
  recorded = await startRecordedSite({
    index: { name: 'Recorded', home: origin, namespaces: ['wp/v2'] },
    style: 'path',
    recordedOrigin: origin,
    collections: {
      'wp/v2/events': [concert],
      'wp/v2/kinds': [{ id: 2, taxonomy: 'event', name: 'Music', slug: 'music', link: `${origin}/kind/music/` }],
      'wp/v2/remarks': [remark],
      'wp/v2/comments': [{ id: 4, post: 1, content: { rendered: 'Ah' } }],
    },
    answers: {
      'wp/v2/types': {
        event: { slug: 'event', name: 'Events', rest_base: 'events', taxonomies: ['event'], has_archive: 'event' },
        comment: { slug: 'comment', name: 'Remarks', rest_base: 'remarks', has_archive: 'remarks' },
      },
      'wp/v2/taxonomies': { event: { slug: 'event', name: 'Kinds', rest_base: 'kinds', types: ['event'] } },
      'wp/v2/search': [
        { id: 3, subtype: 'comment' },
        { id: 1, subtype: 'event' },
      ],
    },
    schemas: Object.fromEntries(['events', 'kinds', 'remarks'].map((base) => [`wp/v2/${base}`, properties])),
  });
  const logger = pino({ level: 'silent' });
  opened = await openSite({ address: recorded.origin, upstream: {}, logger, discoveryFile: null });
  served = serveSite(opened.known);
  const { site, resources } = served;
  const cache = { maxBytes: 1024 * 1024, freshSeconds: 0, negativeSeconds: 0 };
  const createContext = createContextFactory({ client: opened.client, site, resources, cache, scanLimit: 100, logger });
  ask = async (source) => {
    const { data, errors } = await graphql({ schema: served.schema, source, contextValue: createContext({}) });
    expect(errors).toBeUndefined();
    return data;
  };
});

afterAll(async () => {
  await opened[Symbol.asyncDispose]();
  await recorded[Symbol.asyncDispose]();
});

describe('a type and a taxonomy of one name', () => {
  it('are both in the schema, and lead to each other', async () => {
    expect(
      await ask(`{
        event(id: 1, idType: DATABASE_ID) {
          contentTypeName title
          terms { nodes { __typename taxonomyName name } }
          contentType { node { id name connectedTaxonomies { nodes { name } } } }
        }
        eventTerm(id: 2, idType: DATABASE_ID) {
          taxonomyName
          taxonomy { node { id name connectedContentTypes { nodes { name } } } }
        }
        taxonomies { nodes { name } }
        contentTypes { nodes { name } }
        archive: contentType(id: "event", idType: NAME) { uri }
        terms(where: { taxonomies: [EVENTTERM] }) { nodes { name } }
      }`),
    ).toEqual({
      event: {
        contentTypeName: 'event',
        title: 'Concert',
        terms: { nodes: [{ __typename: 'EventTerm', taxonomyName: 'event', name: 'Music' }] },
        contentType: {
          node: { id: globalId('post_type:event'), name: 'event', connectedTaxonomies: { nodes: [{ name: 'event' }] } },
        },
      },
      eventTerm: {
        taxonomyName: 'event',
        taxonomy: {
          node: {
            id: globalId('taxonomy:event'),
            name: 'event',
            connectedContentTypes: { nodes: [{ name: 'event' }] },
          },
        },
      },
      taxonomies: { nodes: [{ name: 'post_format' }, { name: 'event' }] },
      contentTypes: { nodes: [{ name: 'event' }, { name: 'comment' }] },
      archive: { uri: '/event/' },
      terms: { nodes: [{ name: 'Music' }] },
    });
  });
});

describe('a type that is called like what WordPress has', () => {
  it('stands beside it', async () => {
    expect(
      await ask(`{
        commentPost(id: 3, idType: DATABASE_ID) { id contentTypeName title }
        comment(id: 4) { databaseId }
        contentNodes(where: { contentTypes: [COMMENT] }) { nodes { uri } }
        nodeByUri(uri: "/remarks/") { ... on ContentType { name } }
      }`),
    ).toEqual({
      commentPost: { id: globalId('post:3'), contentTypeName: 'comment', title: 'Remark' },
      comment: { databaseId: 4 },
      contentNodes: { nodes: [{ uri: '/comment/remark/' }] },
      nodeByUri: { name: 'comment' },
    });
  });

  it('is found and searched for by its own name', async () => {
    recorded.requests.splice(0);
    expect(
      await ask('{ search(where: { search: "re", contentTypes: [COMMENT, EVENT] }) { nodes { __typename } } }'),
    ).toEqual({ search: { nodes: [{ __typename: 'CommentPost' }, { __typename: 'Event' }] } });
    expect(recorded.requests[0]?.query['subtype']).toBe('comment,event');
  });
});

function globalId(text: string): string {
  return Buffer.from(text).toString('base64');
}
