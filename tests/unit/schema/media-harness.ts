// Owns a small schema with media items in it, for the tests of their fields.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { graphql } from 'graphql';
import type { Entity } from '../../../src/loaders/entity.ts';
import { createTrace } from '../../../src/loaders/trace.ts';
import { planFields } from '../../../src/planner/needs.ts';
import { createBuilder } from '../../../src/schema/builder.ts';
import { defineMedia, mediaFields } from '../../../src/schema/media/define-media.ts';
import { coreResources, type Resource } from '../../../src/wordpress/resources.ts';
import type { Site } from '../../../src/wordpress/rest.ts';

/** An object of JSON. */
export type Json = Readonly<Record<string, unknown>>;

const rest: Readonly<Record<string, Json>> = load('rest.json');

const site: Site = {
  root: { origin: 'https://wordpress.example', path: '/wp-json/', style: 'path' },
  name: null,
  description: null,
  url: null,
  home: 'https://wordpress.example',
  timezone: null,
  gmtOffset: null,
  namespaces: [],
  showOnFront: null,
  pageOnFront: null,
  pageForPosts: null,
  siteIconId: null,
  siteIconUrl: null,
};

/** A file of the recorded data. */
export function load(name: string) {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../data/media', name), 'utf8'));
}

function attachments(): Resource {
  const resource = coreResources.get('attachment');
  if (!resource) throw new Error('no media');
  return resource;
}

/** A schema whose root shows one media item; `plans` gets the REST fields that are planned for it. */
export function schemaFor(data: Json, plans: (readonly string[])[] = [], sizeNames?: readonly string[]) {
  const entity: Entity = { resource: attachments(), id: 1, data };
  const builder = createBuilder();
  builder.enum('PostObjectFieldFormatEnum', { RAW: 'raw', RENDERED: 'rendered' });
  defineMedia(builder, site, sizeNames);
  builder.object('MediaItem', { fields: mediaFields() });
  builder.query({
    mediaItem: {
      type: 'MediaItem',
      resolve: (_source, _args, _context, info) => {
        plans.push(planFields(info, 'MediaItem'));
        return entity;
      },
    },
    status: { type: 'MediaItemStatusEnum', resolve: () => 'inherit' },
    mime: { type: 'String', args: { type: 'MimeTypeEnum' }, resolve: (_source, { type }) => type },
  });
  return builder.build();
}

/** The answer of a media item with the data given, and the REST fields planned for it. */
export async function ask(data: Json, selection: string, sizeNames?: readonly string[]) {
  const plans: (readonly string[])[] = [];
  const source = `{ mediaItem { ${selection} } }`;
  const schema = schemaFor(data, plans, sizeNames);
  const contextValue = { trace: createTrace() };
  const { data: answer, errors = [] } = await graphql({ schema, source, contextValue });
  const item: unknown = JSON.parse(JSON.stringify(answer?.['mediaItem'] ?? null));
  return { item, needs: plans[0], errors: errors.map(({ path, message }) => `${path?.join('.')}: ${message}`) };
}

/** A recorded media item, as REST shows it. */
export function media(id: number): Json {
  const data = rest[id];
  if (!data) throw new Error(`no media ${id}`);
  return data;
}

/** Media with other recorded details. */
export function withDetails(details: unknown, id = 124): Json {
  return { ...media(id), media_details: details };
}
