// Owns the nodes that a type of content or a taxonomy as a whole leads to.

import type { Builder, FieldDeclarations } from '../builder.ts';
import { toContentList } from '../lists/content.ts';
import { contentNodesField } from '../lists/content-nodes.ts';
import { allFormats, postFormats } from '../lists/post-formats.ts';
import { toTermList } from '../lists/terms.ts';
import { whereOf } from '../lists/where.ts';
import { connectionField, resolveConnection, resolveNodes } from '../relay/connection.ts';
import type { ContentTypeNode, TaxonomyNode } from '../relay/site-types.ts';

/** The content of a type. */
export function contentOfType(builder: Builder): FieldDeclarations<ContentTypeNode> {
  return {
    contentNodes: contentNodesField<ContentTypeNode>(builder, {
      name: 'ContentTypeToContentNode',
      contentTypes: 'ContentTypeEnum',
      toLists: async ({ type }, where, context) => {
        const asked = whereOf(where).list('contentTypes');
        const isAsked = !asked?.length || asked.includes(type.name);
        const list = isAsked ? await toContentList(type, where, context) : null;
        return list ? [list] : [];
      },
    }),
  };
}

/** The terms of a taxonomy. */
export function termsOfTaxonomy(builder: Builder): FieldDeclarations<TaxonomyNode> {
  return {
    connectedTerms: connectionField<TaxonomyNode>(builder, {
      name: 'TaxonomyToTermNode',
      node: 'TermNode',
      resolve: async ({ id, taxonomy: own }, args, context, info) => {
        if (id === postFormats.name) return resolveNodes(allFormats(context.site), args);
        const taxonomy = context.resources.get(own.name);
        const list = taxonomy?.kind === 'term' ? await toTermList(taxonomy, undefined, context) : null;
        return resolveConnection(list, args, context, info);
      },
    }),
  };
}
