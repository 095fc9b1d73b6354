// Owns what is made of a site for serving it: its table of resources, with names free of clashes, and its schema.

import { type GraphQLSchema, isObjectType } from 'graphql';
import type { KnownSite } from '../wordpress/discovery-file.ts';
import type { GivenNames, TakenNames } from '../wordpress/graphql-names.ts';
import type { MenuLocations } from '../wordpress/menu-locations.ts';
import { toResources } from '../wordpress/resource-table.ts';
import type { Resources } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import { buildSchema } from './build.ts';

/** A site as it is served. */
export interface ServedSite {
  readonly site: Site;
  readonly resources: Resources;
  readonly schema: GraphQLSchema;
  /** What people should know: names that had to be changed, what the site hides. */
  readonly problems: readonly string[];
}

/** How a site is served. */
export interface ServeSiteOptions {
  /** Names that people set. */
  readonly names?: GivenNames;
  readonly menuLocations?: MenuLocations;
}

/** Every site has the same core, whose names are read off its schema once. */
let coreNames: TakenNames | undefined;

/** Makes the table and the schema of a site. */
export function serveSite(
  { site, discovery }: Pick<KnownSite, 'site' | 'discovery'>,
  options: ServeSiteOptions = {},
): ServedSite {
  const { names = new Map(), menuLocations } = options;
  coreNames ??= takenNames(buildSchema(site));
  const { resources, problems } = toResources(discovery, { given: names, taken: coreNames });
  return { site, resources, schema: buildSchema(site, resources, menuLocations), problems };
}

/** The names that a schema of the core alone has: a type of the site may be called otherwise. */
export function takenNames(core: GraphQLSchema): TakenNames {
  const roots = [core.getQueryType(), core.getMutationType()].filter((type) => type !== null && type !== undefined);
  const types = Object.values(core.getTypeMap());
  const entities = types
    .filter(isObjectType)
    .filter((type) => type.getInterfaces().some(({ name }) => entityInterfaces.includes(name)));
  return {
    types: new Set(types.map(({ name }) => name)),
    fields: new Set([...roots, ...entities].flatMap((type) => Object.keys(type.getFields()))),
  };
}

/** Fields of these types stand beside those that the site's own types add. */
const entityInterfaces: readonly string[] = ['ContentNode', 'TermNode', 'Commenter'];
