// Owns the terms that content is given: found by id, slug or name, or made, as WPGraphQL does.

import { UserError } from '../../errors.ts';
import type { Entity } from '../../loaders/entity.ts';
import { toJsonBody } from '../../loaders/write.ts';
import { maxPerPage, type TermResource } from '../../wordpress/resources.ts';
import { isObject, readId, readIds, readText } from '../read.ts';
import { parseDatabaseId } from '../relay/ids.ts';
import { termTags } from './tags.ts';
import type { Input, WriteContext } from './write-context.ts';

/** The nodes of an input of terms. */
export function nodesOf(value: unknown): readonly Input[] {
  const nodes = isObject(value) ? value['nodes'] : null;
  return Array.isArray(nodes) ? nodes.filter(isObject) : [];
}

/** Whether the terms come beside those that are there: they do unless the client says otherwise. */
export function isAppended(value: unknown): boolean {
  return !(isObject(value) && value['append'] === false);
}

/** The ids that content has of a taxonomy after an input; `before` is the content as it was. */
export async function toTermIds(
  taxonomy: TermResource,
  value: unknown,
  name: string,
  before: Entity | null,
  context: WriteContext,
): Promise<number[]> {
  const known = before && isAppended(value) ? readIds(before.data, taxonomy.restBase) : [];
  const ids = new Set(known);
  // One after the other: two nodes may name the same new term.
  for (const [index, node] of nodesOf(value).entries()) {
    ids.add(await toTermId(taxonomy, node, `${name}.nodes.${index}`, context));
  }
  return [...ids];
}

async function toTermId(taxonomy: TermResource, node: Input, path: string, context: WriteContext): Promise<number> {
  const { loaders } = context;
  const [id, slug, name] = [node['id'], textOf(node['slug']), textOf(node['name'])];
  if (id !== undefined && id !== null) {
    const databaseId = parseDatabaseId(id);
    const found = databaseId ? await loaders.load(taxonomy, databaseId, ['id']) : null;
    if (!found) throw new UserError(`input.${path}.id: there is no such term.`);
    return found.id;
  }
  if (slug !== null) {
    const [found] = await loaders.loadBySlug(taxonomy, slug, ['id']);
    return found?.id ?? createTerm(taxonomy, { slug, name: name ?? slug, description: node['description'] }, context);
  }
  if (name === null) throw new UserError(`input.${path}: a term is named by its id, slug or name.`);
  const query = { search: name, per_page: maxPerPage };
  const { entities } = await loaders.list(taxonomy, query, ['id', 'name']);
  const found = entities.find(({ data }) => readText(data, 'name')?.toLowerCase() === name.toLowerCase());
  return found?.id ?? createTerm(taxonomy, { name, description: node['description'] }, context);
}

async function createTerm(taxonomy: TermResource, given: Input, { write, resources }: WriteContext): Promise<number> {
  const body = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== null));
  const term = await write({
    method: 'POST',
    route: taxonomy.route,
    query: { _fields: 'id' },
    body: toJsonBody(body),
    tags: termTags(taxonomy, null, resources),
    tagsOf: (written) => termTags(taxonomy, readId(written, 'id'), resources),
  });
  return readId(term, 'id') ?? 0;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
