// Owns the lists of a site's types of content and taxonomies, and how one of them is found.

import type { GatewayContext } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { Args } from '../../planner/needs.ts';
import type { Resources } from '../../wordpress/resources.ts';
import type { FieldDeclaration } from '../builder.ts';
import { parseGlobalId } from '../relay/ids.ts';
import { type ContentTypeNode, type TaxonomyNode, toContentTypeNode, toTaxonomyNode } from '../relay/site-types.ts';

/** Every WordPress has it, and no REST API shows it: content just names its format. */
const postFormat: TaxonomyNode['taxonomy'] = {
  name: 'post_format',
  singular: 'postFormat',
  plural: 'postFormats',
  hierarchical: false,
  restBase: 'post_format',
  contentTypes: ['post'],
};

/** The types of content that the site shows. */
export function contentTypesOf(resources: Resources): ContentTypeNode[] {
  return [...resources.values()].flatMap((row) =>
    row.kind === 'content' && !row.isHidden ? [toContentTypeNode(row)] : [],
  );
}

/** The taxonomies that the site shows, and that of post formats. */
export function taxonomiesOf(resources: Resources): TaxonomyNode[] {
  return allTaxonomiesOf(resources).filter(({ taxonomy }) => !resources.get(taxonomy.name)?.isHidden);
}

/** The taxonomies that the schema has, whether or not the site shows them. */
export function allTaxonomiesOf(resources: Resources): TaxonomyNode[] {
  const all = [...resources.values()].flatMap((row) => (row.kind === 'term' ? [toTaxonomyNode(row)] : []));
  if (resources.has(postFormat.name)) return all;
  const isCore = ({ id }: TaxonomyNode) => id === 'category' || id === 'post_tag';
  return [...all.filter(isCore), toTaxonomyNode(postFormat), ...all.filter((node) => !isCore(node))];
}

/** One of a list by name or global id. */
export function findByNameOrId<Node extends { readonly id: string }>(
  nodes: readonly Node[],
  prefix: 'post_type' | 'taxonomy',
  { id, idType }: Args,
): Node | null {
  const given = String(id);
  const parts = idType === 'name' ? { prefix, id: given } : parseGlobalId(given);
  if (parts?.prefix !== prefix) throw new UserError(`The ID input is invalid: it is no global id of a ${prefix}.`);
  return nodes.find((node) => node.id === parts.id) ?? null;
}

/** A type of content by its name. */
export function findContentTypeNode(name: string, { resources }: GatewayContext): ContentTypeNode | null {
  return contentTypesOf(resources).find(({ id }) => id === name) ?? null;
}

/** A taxonomy by its name. */
export function findTaxonomyNode(name: string, { resources }: GatewayContext): TaxonomyNode | null {
  return taxonomiesOf(resources).find(({ id }) => id === name) ?? null;
}

/** A field that only credentials open. */
export function closed(type: string): FieldDeclaration<unknown> {
  return { type, description: 'Null: WordPress shows it only to users with rights.', resolve: () => null };
}
