// Owns what of a site is watched: each type of content, comments, terms, users, menus, and the settings where they are open.

import type { FieldPath } from '../planner/fields.ts';
import { maxPerPage, type Resource, type Resources } from '../wordpress/resources.ts';
import type { Site } from '../wordpress/rest.ts';
import { type Edit, type Fact, type Facts, idsIn } from './facts.ts';
import type { KnownFacts } from './known-facts.ts';
import { kinName } from './match-query.ts';
import type { Before } from './missed.ts';
import type { ReadRows } from './read-rows.ts';
import type { Watched } from './read-whole.ts';
import { createTypeState, type TypeState } from './type-state.ts';
import { watchComments } from './watch-comments.ts';
import { watchContent } from './watch-content.ts';
import { watchDigest } from './watch-digest.ts';
import { watchPages } from './watch-pages.ts';

/** What the kinds of a site stand on. */
export interface WatchedKindsOptions {
  readonly site: Site;
  readonly resources: Resources;
  readonly known: KnownFacts;
  readonly journal: Edit[];
  readonly read: ReadRows;
  /** With the gateway's own credentials; null without. */
  readonly readOwn: ReadRows | null;
  readonly before: Before;
}

/** What is watched, in turn. Terms come first: what content is below depends on them. */
export interface WatchedKinds {
  readonly kinds: readonly Watched[];
  readonly states: ReadonlyMap<string, TypeState>;
}

const itemFields: readonly FieldPath[] = [
  ...['id', 'title.rendered', 'url', 'parent', 'menu_order', 'menus', 'object', 'object_id', 'target', 'classes'],
  ...['attr_title', 'description', 'xfn'],
];

/** The kinds of a site. */
export function createWatchedKinds(options: WatchedKindsOptions): WatchedKinds {
  const { site, resources, known, journal, read, readOwn, before } = options;
  const shown = [...resources.values()].filter(({ isHidden }) => isHidden !== true);
  const withKin = (resource: Resource) => (facts: Facts) => addKin(facts, resource, resources, known);
  const stateOf = (resource: Resource): TypeState =>
    createTypeState({
      resource,
      resources,
      known: known.of(resource.name),
      read,
      journal,
      complete: withKin(resource),
    });
  const states = new Map(shown.map((resource) => [resource.name, stateOf(resource)]));
  const all = [...states.values()];
  const ofKind = (kind: Resource['kind']) => all.filter(({ resource }) => resource.kind === kind);
  const kinds: Watched[] = [
    ...ofKind('term').map((state) => watchPages(state, read, before)),
    ...ofKind('content').map((state) => watchContent({ state, read, before, timezone: site.timezone })),
    ...ofKind('comment').map((state) => watchComments(state, read, before)),
    ...ofKind('user').map((state) => watchPages(state, read, before)),
    ...(readOwn ? ownKinds(readOwn) : [navigation(read)]),
  ];
  return { kinds, states };
}

/** What only the gateway's own credentials open. */
function ownKinds(read: ReadRows): Watched[] {
  const menus = { _fields: ['id', 'name', 'slug', 'locations'], per_page: maxPerPage };
  const items = { orderby: 'id', order: 'asc', per_page: maxPerPage, _fields: itemFields };
  const edits = [anyOf('Menu', 'list:menu'), anyOf('MenuItem', 'list:menuitem')];
  const settings = [anyOf('Settings', 'route:wp/v2/settings')];
  return [
    watchDigest({ name: 'menus', route: 'wp/v2/menus', query: menus, read, edits }),
    watchDigest({ name: 'menu items', route: 'wp/v2/menu-items', query: items, read, edits }),
    watchDigest({ name: 'settings', route: 'wp/v2/settings', query: {}, read, edits: settings }),
  ];
}

/** Menus of block themes are content that the public sees. */
function navigation(read: ReadRows): Watched {
  const query = { per_page: maxPerPage, _fields: ['id', 'modified_gmt', 'slug'] };
  return watchDigest({
    name: 'navigation',
    route: 'wp/v2/navigation',
    query,
    read,
    edits: [anyOf('Menu', 'list:menu')],
  });
}

/** A change of which no entity is known, by the name of its GraphQL type. */
function anyOf(type: string, list: string): Edit {
  return { type, list, id: 0, before: undefined, after: undefined };
}

/** The terms of content with all above them, as filters take them that include children. */
function addKin(facts: Facts, resource: Resource, resources: Resources, known: KnownFacts): Facts {
  if (resource.kind !== 'content') return facts;
  const added: Record<string, Fact> = {};
  for (const taxonomy of resource.taxonomies.flatMap((name) => resources.get(name) ?? [])) {
    if (taxonomy.kind !== 'term' || !taxonomy.hierarchical) continue;
    const terms = known.of(taxonomy.name);
    if (!terms.isComplete || facts[taxonomy.restBase] === undefined) continue;
    const kin = new Set<number>();
    for (const own of idsIn(facts, taxonomy.restBase)) {
      for (let id = own; id > 0 && !kin.has(id); id = Number(terms.facts.get(id)?.['parent'] ?? 0)) kin.add(id);
    }
    added[kinName(taxonomy.restBase)] = [...kin].sort((a, b) => a - b);
  }
  return { ...facts, ...added };
}
