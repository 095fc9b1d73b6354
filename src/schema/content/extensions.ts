// Owns what content has in REST beyond WPGraphQL: fields for all that it has no name for.

import { isRestObject, type RestObject } from '../../cache/fields-record.ts';
import { FieldError, UserError } from '../../errors.ts';
import type { Args } from '../../planner/needs.ts';
import { asExtension, type Builder, type FieldDeclarations } from '../builder.ts';
import { readBoolean, readInt, readString, readValue } from '../read.ts';

/** WordPress keeps no longer ones. */
const maxKeyLength = 255;

/** Each path is looked up in each object, by itself and by each of its beginnings. */
const maxNames = 10;
const maxPathLength = 200;
const pathBounds = `${maxNames} names and ${maxPathLength} characters at most`;

/** Thrown for each object that has the field: made once. */
const longKey = new UserError(`"key" must have ${maxKeyLength} characters at most.`);
const wrongPath = new UserError(`"path" must be the name of a REST field, or names joined by dots: ${pathBounds}.`);

interface RestLink {
  readonly rel: string;
  readonly link: RestObject;
}

/** Fields of every type of content; declares the types that they lead to. */
export function contentExtensions(builder: Builder): FieldDeclarations {
  defineLinks(builder);
  return {
    classList: {
      type: '[String!]',
      description: asExtension('Classes that themes put on its element.'),
      needs: ['class_list'],
      resolve: ({ data }) => toStrings('class_list', data['class_list']),
    },
    format: {
      type: 'String',
      description: asExtension('Post format, such as `standard` or `aside`; null where the type has none.'),
      needs: ['format'],
      resolve: ({ data }) => readString(data, 'format'),
    },
    meta: {
      type: 'JSON',
      description: asExtension('Metadata that is registered for REST.'),
      needs: ['meta'],
      resolve: ({ data }) => toObject(readValue(data, 'meta')),
    },
    metaValue: {
      type: 'JSON',
      description: asExtension(
        `One value of the metadata; null where there is none. Its key has ${maxKeyLength} characters at most.`,
      ),
      args: { key: 'String!' },
      needs: ({ key }) => (isKey(key) ? [isName(key) ? `meta.${key}` : 'meta'] : []),
      resolve: ({ data }, { key }: Args) => {
        if (!isKey(key)) throw longKey;
        return valueAt(toObject(readValue(data, 'meta')), key);
      },
    },
    restField: {
      type: 'JSON',
      description: asExtension(
        `A field of the REST object as it is, such as one that a plugin adds; dots lead into it, by ${pathBounds}.`,
      ),
      args: { path: 'String!' },
      needs: ({ path }) => (isPath(path) ? [path] : []),
      resolve: ({ data }, { path }: Args) => {
        if (!isPath(path)) throw wrongPath;
        return readValue(data, path);
      },
    },
    jetpackFeaturedMediaUrl: {
      type: 'String',
      description: asExtension('URL of the featured image, from Jetpack.'),
      needs: ['jetpack_featured_media_url'],
      resolve: ({ data }) => readString(data, 'jetpack_featured_media_url'),
    },
    jetpackSharingEnabled: {
      type: 'Boolean',
      description: asExtension('Whether Jetpack shows sharing buttons.'),
      needs: ['jetpack_sharing_enabled'],
      resolve: ({ data }) => readBoolean(data, 'jetpack_sharing_enabled'),
    },
    yoastHead: {
      type: 'String',
      description: asExtension(`Yoast's HTML for the head of the page.`),
      needs: ['yoast_head'],
      resolve: ({ data }) => readString(data, 'yoast_head'),
    },
    yoastHeadJson: {
      type: 'JSON',
      description: asExtension(`Yoast's metadata as JSON.`),
      needs: ['yoast_head_json'],
      resolve: ({ data }) => readValue(data, 'yoast_head_json'),
    },
    links: {
      type: '[RestLink!]',
      description: asExtension('Links of the REST object, which cost WordPress a query for each object.'),
      needs: ['_links'],
      resolve: ({ data }) => toLinks(readValue(data, '_links')),
    },
    linksJson: {
      type: 'JSON',
      description: asExtension('Links of the REST object (`_links`) by relation.'),
      needs: ['_links'],
      resolve: ({ data }) => readValue(data, '_links'),
    },
  };
}

function defineLinks(builder: Builder): void {
  builder.object<RestLink>('RestLink', {
    description: asExtension('A link of a REST object to another one.'),
    fields: {
      rel: { type: 'String!', description: 'What it leads to, such as `wp:term`.' },
      href: { type: 'String', resolve: ({ link }) => readString(link, 'href') },
      embeddable: { type: 'Boolean', resolve: ({ link }) => readBoolean(link, 'embeddable') },
      count: { type: 'Int', description: 'Number of revisions.', resolve: ({ link }) => readInt(link, 'count') },
      id: { type: 'Int', description: 'Id of the newest revision.', resolve: ({ link }) => readInt(link, 'id') },
      taxonomy: { type: 'String', resolve: ({ link }) => readString(link, 'taxonomy') },
      name: { type: 'String', description: 'Prefix of relations.', resolve: ({ link }) => readString(link, 'name') },
      templated: { type: 'Boolean', resolve: ({ link }) => readBoolean(link, 'templated') },
      targetHints: { type: 'RestTargetHints', resolve: ({ link }) => readValue(link, 'targetHints') },
    },
  });
  builder.object<RestObject>('RestTargetHints', {
    description: asExtension('What the target of a link allows.'),
    fields: { allow: { type: '[String!]', resolve: ({ allow }) => toStrings('allow', allow) } },
  });
}

/** Whether a key can stand in `_fields`, where dots and commas mean something. */
function isName(key: unknown): key is string {
  return typeof key === 'string' && /^[\w-]+$/.test(key);
}

function isKey(key: unknown): key is string {
  return typeof key === 'string' && key.length <= maxKeyLength;
}

function isPath(path: unknown): path is string {
  if (typeof path !== 'string' || path.length > maxPathLength) return false;
  const names = path.split('.');
  return names.length <= maxNames && names.every(isName);
}

/** PHP writes an empty object as `[]`. */
function toObject(value: unknown): unknown {
  return Array.isArray(value) && value.length === 0 ? {} : value;
}

function valueAt(value: unknown, key: string): unknown {
  return isRestObject(value) && Object.hasOwn(value, key) ? value[key] : null;
}

/** Strings of a list; PHP makes an object of a list from which something was taken out. */
function toStrings(path: string, value: unknown): string[] | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'object') throw new FieldError(path, 'a list', value);
  return Object.values(value).map((item) => {
    if (typeof item === 'string') return item;
    throw new FieldError(path, 'a list of strings', item);
  });
}

function toLinks(value: unknown): RestLink[] | null {
  if (value === null) return null;
  if (typeof value !== 'object') throw new FieldError('_links', 'an object', value);
  return Object.entries(value).flatMap(([rel, links]) =>
    (Array.isArray(links) ? links : [links]).filter(isRestObject).map((link) => ({ rel, link })),
  );
}
