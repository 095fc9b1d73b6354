// Owns what SEOConfig says of types of content: the heads of their archives.

import { loadPostsLink } from '../../loaders/address.ts';
import { archiveUri } from '../../loaders/lookup.ts';
import type { ContentResource } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { readString } from '../read.ts';
import { readBreadcrumbs } from './graph.ts';
import { type Head, headPath, readHeadText, wholeHtml, wholeJson } from './head.ts';
import { loadArchiveHead } from './site-head.ts';

/** A field that only the settings of an SEO plugin tell. */
export function closed(type: string): FieldDeclaration<unknown> {
  return { type, description: 'Null: WordPress does not give it in REST.', resolve: () => null };
}

/** Declares SEOContentTypes and what it leads to. */
export function defineContentTypes(builder: Builder, types: readonly ContentResource[]): void {
  builder.object<unknown>('SEOContentTypes', {
    fields: Object.fromEntries(
      types.map((type) => [type.singular, { type: 'SEOContentType', resolve: () => type }] as const),
    ),
  });
  builder.object<ContentResource>('SEOContentType', {
    fields: {
      metaDesc: closed('String'),
      schemaType: closed('String'),
      title: closed('String'),
      archive: { type: 'SEOContentTypeArchive', resolve: (type) => type },
      metaRobotsNoindex: closed('Boolean'),
      schema: closed('SEOPageInfoSchema'),
    },
  });
  builder.object<ContentResource>('SEOContentTypeArchive', { fields: archiveFields });
}

function archive(type: string, read: (head: Head) => unknown): FieldDeclaration<ContentResource> {
  return {
    type,
    resolve: async (resource, _, context) => {
      const head = await loadArchiveHead(resource, wholeJson, context);
      return head && read(head);
    },
  };
}

function archiveRobots(name: 'index' | 'follow'): (head: Head) => string {
  return ({ data }) => readString(data, headPath(`robots.${name}`)) ?? '';
}

const archiveFields: FieldDeclarations<ContentResource> = {
  archiveLink: {
    type: 'String',
    resolve: (type, _, context) => {
      const uri = archiveUri(type);
      if (uri !== null) return `${context.site.home}${uri}`;
      return type.name === 'post' ? loadPostsLink(context) : null;
    },
  },
  breadcrumbTitle: archive('String', (head) => readBreadcrumbs(head).at(-1)?.text ?? null),
  fullHead: {
    type: 'String',
    resolve: async (type, _, context) => {
      const head = await loadArchiveHead(type, wholeHtml, context);
      return head && readString(head.data, wholeHtml);
    },
  },
  hasArchive: { type: 'Boolean', resolve: ({ archive: path }) => Boolean(path) },
  metaDesc: archive('String', (head) => readHeadText(head, 'description')),
  metaRobotsFollow: archive('String', archiveRobots('follow')),
  metaRobotsIndex: archive('String', archiveRobots('index')),
  metaRobotsNofollow: archive('Boolean', (head) => archiveRobots('follow')(head) === 'nofollow'),
  metaRobotsNoindex: archive('Boolean', (head) => archiveRobots('index')(head) === 'noindex'),
  title: archive('String', (head) => readHeadText(head, 'title')),
};
