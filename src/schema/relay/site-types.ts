// Owns the nodes that stand for the types of content and the taxonomies themselves.

import { type ContentResource, ownName, type TermResource } from '../../wordpress/resources.ts';

/** A type of content as a node. */
export interface ContentTypeNode {
  readonly __typename: 'ContentType';
  /** What WordPress calls it, which is also its cursor. */
  readonly id: string;
  readonly type: ContentResource;
}

/** A taxonomy as a node. */
export interface TaxonomyNode {
  readonly __typename: 'Taxonomy';
  /** What WordPress calls it, which is also its cursor. */
  readonly id: string;
  readonly taxonomy: Pick<
    TermResource,
    'name' | 'singular' | 'plural' | 'hierarchical' | 'restBase' | 'contentTypes' | 'description'
  >;
}

/** The node of a type of content. */
export function toContentTypeNode(type: ContentResource): ContentTypeNode {
  return { __typename: 'ContentType', id: ownName(type.name), type };
}

/** The node of a taxonomy. */
export function toTaxonomyNode(taxonomy: TaxonomyNode['taxonomy']): TaxonomyNode {
  return { __typename: 'Taxonomy', id: ownName(taxonomy.name), taxonomy };
}
