// Owns the author of content: a user, or what is known of one where WordPress hides its users.

import type { GraphQLResolveInfo } from 'graphql';
import type { MaybePromise } from '../../at-once.ts';
import { isRestObject, type RestObject } from '../../cache/fields-record.ts';
import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import { isDenied } from '../../loaders/reader.ts';
import { planFields } from '../../planner/needs.ts';
import type { FieldDeclarations } from '../builder.ts';
import { readId, readList, readString, readValue } from '../read.ts';
import { toGlobalId } from '../relay/ids.ts';
import { toEdge } from './interfaces.ts';

/** Fields of content that has an author. */
export const authorFields: FieldDeclarations = {
  author: {
    type: 'NodeWithAuthorToUserConnectionEdge',
    description: 'Who wrote it. Where WordPress hides its users: what the SEO metadata tells of the author.',
    needs: ['author'],
    resolve: resolveAuthor,
  },
  authorDatabaseId: { type: 'Int', needs: ['author'], resolve: ({ data }) => readId(data, 'author') },
  authorId: {
    type: 'ID',
    needs: ['author'],
    resolve: ({ data }) => {
      const id = readId(data, 'author');
      return id === null ? null : toGlobalId('user', id);
    },
  },
};

function resolveAuthor(entity: Entity, _: unknown, context: GatewayContext, info: GraphQLResolveInfo) {
  const id = readId(entity.data, 'author');
  const users = context.resources.get('user');
  if (id === null || !users) return null;
  const fields = planFields(info, 'User', [['node']]);
  // The id needs no request: an author of something published is public in WordPress.
  if (fields.length === 0) return toEdge<Entity>({ resource: users, id, data: {} });
  const user = context.loaders.load(users, id, fields);
  const isThere = user !== null && !(user instanceof Promise);
  return isThere ? toEdge<Entity>(user) : awaitAuthor(user, { resource: users, id }, entity, context);
}

async function awaitAuthor(
  user: MaybePromise<Entity | null>,
  named: Omit<Entity, 'data'>,
  entity: Entity,
  context: GatewayContext,
) {
  try {
    return toEdge<Entity>((await user) ?? { ...named, data: await fallback(entity, context) });
  } catch (error) {
    // Security plugins close the users' route, to everybody and for good: no error of the query.
    if (!isDenied(error)) throw error;
    return toEdge<Entity>({ ...named, data: await fallback(entity, context) });
  }
}

/** What Yoast tells of the author beside the content: name, picture, and the address of the author's archive. */
async function fallback(entity: Entity, { loaders, logger }: GatewayContext): Promise<RestObject> {
  try {
    const paths = ['yoast_head_json.author', 'yoast_head_json.schema'];
    const content = await loaders.load(entity.resource, entity.id, paths);
    return content ? toUser(content.data) : {};
  } catch (error) {
    if (!isDenied(error)) throw error;
    logger.debug({ err: error }, 'nothing is known of an author');
    return {};
  }
}

function toUser(data: RestObject): RestObject {
  const name = readString(data, 'yoast_head_json.author');
  const graph = readList(data, 'yoast_head_json.schema.@graph').filter(isRestObject);
  const person = graph.find((node) => typesOf(node).includes('Person') && node['name'] === name) ?? {};
  const picture = readValue(person, 'image.url');
  const url = readValue(person, 'url');
  return {
    ...(name ? { name } : {}),
    ...(typeof url === 'string' ? { link: url, ...slugOf(url) } : {}),
    ...(typeof picture === 'string' ? { avatar_urls: { 96: picture } } : {}),
    ...(typeof person['description'] === 'string' ? { description: person['description'] } : {}),
  };
}

function typesOf(node: RestObject): unknown[] {
  const type = node['@type'];
  return Array.isArray(type) ? type : [type];
}

/** The last part of an author archive's address is the author's slug, unless permalinks are plain. */
function slugOf(url: string): { readonly slug?: string } {
  if (!URL.canParse(url)) return {};
  const { pathname, search } = new URL(url);
  const slug = pathname.split('/').filter(Boolean).at(-1);
  return search || !slug ? {} : { slug };
}
