// Owns finding entities by slug: slugs that are known go by id, the others are asked for in one request.

import { toError } from '../errors.ts';
import type { FieldPath } from '../planner/fields.ts';
import { toMinimalFields } from '../planner/fields.ts';
import { maxPerPage, type Resource } from '../wordpress/resources.ts';
import type { AskMany } from './ask-many.ts';
import type { Entity } from './entity.ts';
import { isNotAllowed } from './entity-rows.ts';
import type { KnownLists } from './known-lists.ts';
import type { List, LoadEntity } from './list.ts';
import { useList } from './list-use.ts';
import { keyOf, type Query } from './reader.ts';
import { hiddenStatus } from './rights.ts';
import { meetOutage } from './staleness.ts';
import { entityTag, listTag } from './tags.ts';
import type { Trace } from './trace.ts';
import type { Viewer } from './viewer.ts';

/** A slug, and what is asked for of what has it. */
export interface SlugKey {
  readonly slug: string;
  readonly fields: readonly FieldPath[];
}

/** What finding slugs stands on. */
export interface SlugLoaderOptions {
  readonly askMany: AskMany;
  readonly known: KnownLists;
  readonly loadList: (resource: Resource, query: Query, fields: readonly FieldPath[]) => Promise<List>;
  readonly load: LoadEntity;
  readonly viewer: Viewer | undefined;
  readonly trace: Trace;
}

/** Slugs are up to 200 characters long, and some hosts cut addresses at 8 KB. */
export const slugsPerRequest = 25;

/** Loads the entities of several slugs of a resource; those of one fail by themselves. */
export function createSlugLoader({ askMany, known, loadList, load, viewer, trace }: SlugLoaderOptions) {
  async function readSlugs(resource: Resource, slugs: readonly string[], fields: readonly FieldPath[]): Promise<List> {
    const query = { slug: slugs, per_page: maxPerPage };
    const status = viewer ? hiddenStatus(viewer, resource) : {};
    try {
      return await loadList(resource, { ...query, ...status }, fields);
    } catch (error) {
      if (Object.keys(status).length === 0 || !isNotAllowed(error)) throw error;
      return loadList(resource, query, fields);
    }
  }

  return async (resource: Resource, keys: readonly SlugKey[]): Promise<(readonly Entity[] | Error)[]> => {
    const slugs = [...new Set(keys.map(({ slug }) => slug))].sort();
    const fields = toMinimalFields(['slug', ...keys.flatMap((key) => key.fields)]);
    const keyOfSlug = (slug: string) => keyOf(resource.route, { slug });
    await known.reach(slugs.map(keyOfSlug));
    const idsOf = new Map<string, readonly number[]>();
    for (const slug of slugs) {
      const ids = isSeveral(slug) ? [] : known.find(keyOfSlug(slug))?.ids;
      if (ids) idsOf.set(slug, ids);
    }
    const unknown = slugs.filter((slug) => !idsOf.has(slug));
    const failures = await askMany(`${resource.name} slug`, unknown, async (part) => {
      const { entities } = await readSlugs(resource, part, fields);
      for (const slug of part) {
        const ids = entities.filter(({ data }) => toSlug(String(data['slug'] ?? '')) === slug).map(({ id }) => id);
        idsOf.set(slug, ids);
        const tags = [listTag(resource), ...ids.map((id) => entityTag(resource, id))];
        if (!trace.isOutage) known.put(keyOfSlug(slug), { ids, total: ids.length }, resource.name, tags);
      }
      return null;
    });
    for (const [slug, error] of failures) {
      const old = meetOutage(trace, error) ? known.findOld(keyOfSlug(slug)) : undefined;
      if (!old) continue;
      idsOf.set(slug, old.ids);
      failures.delete(slug);
    }
    const loadOne = async ({ slug, fields: asked }: SlugKey) => {
      const error = failures.get(slug);
      if (error) throw error;
      const ids = idsOf.get(slug) ?? [];
      // What a slug shows changes with the entity itself; what shows nothing, with any that appears.
      if (ids.length === 0) useList(trace, { tag: listTag(resource), query: { slug } });
      const entities = await Promise.all(ids.map((id) => load(resource, id, asked)));
      return entities.filter((entity) => entity !== null);
    };
    return Promise.all(keys.map((key) => loadOne(key).catch(toError)));
  };
}

/** Whether WordPress takes it for several slugs, whose rows would leave no room for those of others; nothing has it as its own. */
function isSeveral(slug: string): boolean {
  return /[\s,]/.test(slug);
}

/** A slug as people write it: WordPress stores non-ASCII slugs percent-encoded in lower case. */
export function toSlug(slug: string): string {
  try {
    return decodeURIComponent(slug).toLowerCase();
  } catch {
    return slug.toLowerCase();
  }
}
