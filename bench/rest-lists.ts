// Owns how the replayed site answers for a list: the filters, orders and pages that the gateway asks for, and `_fields`.

import { type Collection, firstPostOf, postsPerBlock, type RestObject } from './content.ts';

/** A page of a list. */
export interface ListPage {
  readonly rows: readonly RestObject[];
  readonly total: number;
}

const known = new Set(
  'page per_page offset order orderby include exclude slug categories author media_type _fields before after'.split(
    ' ',
  ),
);

/** A page of a collection; null where the query has something that only a real WordPress could answer. */
export function listOf(collection: Collection, query: URLSearchParams): ListPage | null {
  const params = new Map([...query].map(([name, value]) => [name.replace('[terms]', ''), value] as const));
  params.delete('categories[include_children]');
  if ([...params.keys()].some((name) => !known.has(name))) return null;
  const perPage = Number(params.get('per_page') ?? 10);
  const start = Number(params.get('offset') ?? (Number(params.get('page') ?? 1) - 1) * perPage);
  const isAscending = params.get('order') === 'asc';
  const filtered = filterIds(collection, params);
  if (filtered === null) {
    const { size, firstId } = collection;
    const count = Math.max(0, Math.min(perPage, size - start));
    const idAt = (index: number) => (isAscending ? firstId + index : firstId + size - 1 - index);
    return { rows: Array.from({ length: count }, (_, index) => collection.object(idAt(start + index))), total: size };
  }
  const rows = filtered
    .sort((left, right) => (isAscending ? left - right : right - left))
    .map((id) => collection.object(id))
    .filter((row) => isBetween(row, params));
  return { rows: rows.slice(start, start + perPage), total: rows.length };
}

/** The ids that filters leave, without bounds of time; null without filters. */
function filterIds({ size, firstId }: Collection, params: ReadonlyMap<string, string>): number[] | null {
  const found = chosenIds(params);
  if (found === null) return null;
  const excluded = new Set(numbers(params.get('exclude')));
  return [...new Set(found)].filter((id) => id >= firstId && id < firstId + size && !excluded.has(id));
}

function chosenIds(params: ReadonlyMap<string, string>): number[] | null {
  const [include, slug, categories, author] = ['include', 'slug', 'categories', 'author'].map((name) =>
    params.get(name),
  );
  if (include !== undefined) return numbers(include);
  if (slug !== undefined) return slug.split(',').map((text) => Number(/\d+$/.exec(text)?.[0]));
  if (categories !== undefined) return numbers(categories).flatMap(postsOf);
  if (author === undefined) return null;
  return numbers(author).flatMap((id) => postsOf(Math.ceil(id / 2)).filter((post) => post % 2 === id % 2));
}

function postsOf(block: number): number[] {
  return Array.from({ length: postsPerBlock }, (_, index) => firstPostOf(block) + index);
}

function numbers(list: string | undefined): number[] {
  return list === undefined || list === '' ? [] : list.split(',').map(Number);
}

function isBetween({ date }: RestObject, params: ReadonlyMap<string, string>): boolean {
  const [before, after] = [params.get('before'), params.get('after')];
  const time = String(date);
  return (before === undefined || time < before) && (after === undefined || time > after);
}

/** An object with the fields that `_fields` names, at any depth. */
export function pickFields(value: unknown, fields: string | null): unknown {
  if (fields === null) return value;
  const picked: Record<string, unknown> = {};
  for (const path of fields.split(',')) copyPath(value, picked, path.split('.'));
  return picked;
}

function copyPath(from: unknown, to: Record<string, unknown>, [name = '', ...rest]: readonly string[]): void {
  if (!isObject(from) || !Object.hasOwn(from, name)) return;
  const value = from[name];
  if (rest.length === 0) {
    to[name] = value;
    return;
  }
  const below = to[name];
  const branch = isObject(below) ? { ...below } : {};
  copyPath(value, branch, rest);
  to[name] = branch;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
