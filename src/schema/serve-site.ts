// Owns what is made of a site for serving it: its table of resources, with names free of clashes, and its schema.

import type { GraphQLSchema } from 'graphql';
import type { KnownSite } from '../wordpress/discovery-file.ts';
import type { GivenNames, TakenNames } from '../wordpress/graphql-names.ts';
import type { MenuLocations } from '../wordpress/menu-locations.ts';
import { toResources } from '../wordpress/resource-table.ts';
import type { Resources } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import { buildSchema, declareSchema } from './build.ts';
import { collectNames } from './collect-names.ts';

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

/** Every site has the same core, whose names are gathered once. */
let coreNames: TakenNames | undefined;

/** Makes the table and the schema of a site. */
export function serveSite(
  { site, discovery }: Pick<KnownSite, 'site' | 'discovery'>,
  options: ServeSiteOptions = {},
): ServedSite {
  const { names = new Map(), menuLocations } = options;
  coreNames ??= collectNames((builder) => declareSchema(builder, site));
  const { resources, problems } = toResources(discovery, { given: names, taken: coreNames });
  return { site, resources, schema: buildSchema(site, resources, menuLocations), problems };
}
