// Owns `contentNodes` connections: content of several types that belongs to one node, such as a category.

import type { GatewayContext } from '../../context.ts';
import type { Entity } from '../../loaders/entity.ts';
import type { ListSpec, Siblings } from '../../loaders/list-spec.ts';
import type { Resources, TermResource } from '../../wordpress/resources.ts';
import type { Builder, FieldDeclaration } from '../builder.ts';
import { connectionField, resolveMergedConnection } from '../relay/connection.ts';
import { toAnyContentLists } from './any-content.ts';
import { anyContentWhere } from './content.ts';

/** A `contentNodes` connection. */
export interface ContentNodesOptions<Source> {
  /** Name of its types, such as `CategoryToContentNode`. */
  readonly name: string;
  /** The enum of `where.contentTypes`. */
  readonly contentTypes: string;
  readonly description?: string;
  readonly toLists: (source: Source, where: unknown, context: GatewayContext) => Promise<readonly ListSpec[]>;
}

/** Declares one, and gives the field. */
export function contentNodesField<Source = Entity>(
  builder: Builder,
  { name, contentTypes, description, toLists }: ContentNodesOptions<Source>,
): FieldDeclaration<Source> {
  return connectionField<Source>(builder, {
    name,
    node: 'ContentNode',
    where: { contentTypes: `[${contentTypes}]`, ...anyContentWhere },
    ...(description ? { description } : {}),
    resolve: async (source, args, context, info) =>
      resolveMergedConnection(await toLists(source, args['where'], context), args, context, info),
  });
}

/** The content of one term. */
export function contentNodesOfTerm(builder: Builder, taxonomy: TermResource): FieldDeclaration {
  return contentNodesField(builder, {
    name: `${taxonomy.typeName}ToContentNode`,
    contentTypes: contentTypesOf(taxonomy),
    description: 'Content of all types that has this very term; that of its children is theirs.',
    toLists: async ({ id }, where, context) => {
      const types = typesOf(taxonomy, context.resources);
      const lists = await toAnyContentLists(types, where, context, { [taxonomy.restBase]: [id] });
      return lists.map((list) => ({ ...list, siblings: siblingsOfTerm(taxonomy) }));
    },
  });
}

/** How the lists of content of several terms differ. */
export function siblingsOfTerm({ restBase }: TermResource): Siblings {
  return { filter: restBase, path: restBase, takesMany: true, areLong: true };
}

/** The enum of the types that a taxonomy classifies; there is none where it classifies nothing. */
export function contentTypesOf({ singular, contentTypes }: TermResource): string {
  const name = singular.charAt(0).toUpperCase() + singular.slice(1);
  return contentTypes.length > 0 ? `ContentTypesOf${name}Enum` : 'ContentTypeEnum';
}

function typesOf({ contentTypes }: TermResource, resources: Resources) {
  return contentTypes.flatMap((name) => {
    const type = resources.get(name);
    return type?.kind === 'content' && !type.isHidden ? [type] : [];
  });
}
