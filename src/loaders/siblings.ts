// Owns sibling lists: lists that differ in one value are asked for together, and each one's first page is told from the rows.

import DataLoader from 'dataloader';
import { toError, UpstreamError } from '../errors.ts';
import type { Pace } from '../pace.ts';
import { maxPerPage } from '../wordpress/resources.ts';
import type { QueryValue } from '../wordpress/rest.ts';
import type { AskMany } from './ask-many.ts';
import type { Entity } from './entity.ts';
import type { List, LoadEntity, LoadList } from './list.ts';
import type { Fields, ListSpec, PageSpec, Siblings, Window } from './list-spec.ts';
import { breakTies, compareBy, compareKeys, opposite, pathsOf, reversed, type Sorts, tiesOf } from './order.ts';
import { joinValues, keyOf, type Query } from './reader.ts';

/** Loads the first or last page of a list together with those of its siblings; null where that tells nothing of it. */
export type SiblingPage = (list: ListSpec, page: PageSpec, fields: Fields) => Promise<Window | null>;

/** What the pages of siblings stand on. */
export interface SiblingPagesOptions {
  readonly askMany: AskMany;
  readonly list: LoadList;
  readonly load: LoadEntity;
  readonly schedule: (dispatch: () => void) => void;
  /** There may be thousands of siblings. */
  readonly pace: Pace;
}

interface Sibling {
  readonly value: string;
  readonly siblings: Siblings;
  readonly list: ListSpec;
  readonly sorts: Sorts;
  readonly page: PageSpec;
  readonly fields: Fields;
}

/** A list with the rows of some siblings. */
interface Found {
  readonly siblings: Siblings;
  readonly part: readonly Sibling[];
  readonly list: List;
}

/** Rows that one request for several siblings should bring: some space is left for those with more than most. */
const rowsPerRequest = 75;

/** Gathers the pages that siblings ask for at the same time. */
export function createSiblingPages({ askMany, list, load, schedule, pace }: SiblingPagesOptions): SiblingPage {
  const loader = new DataLoader<Sibling, Window | null>(loadBatch, { cache: false, batchScheduleFn: schedule });

  async function loadBatch(all: readonly Sibling[]): Promise<(Window | null | Error)[]> {
    const families = await groupInTurns(all);
    const answers = new Map<Sibling, Window | Error>();
    const parts = [...families.values()].flatMap((family) => chunks(family, mostTogether(family)));
    await Promise.all(parts.map((part) => ask(part, answers, true)));
    const windows: Promise<Window | Error | null>[] = [];
    for (const sibling of all) {
      const paused = pace.pause(0);
      if (paused) await paused;
      windows.push(withFields(sibling, answers.get(sibling) ?? null).catch(toError));
    }
    return Promise.all(windows);
  }

  async function groupInTurns(all: readonly Sibling[]): Promise<Map<string, Sibling[]>> {
    const familyKey = createFamilyKey();
    const keys = new Map<Sibling, string>();
    for (const sibling of all) {
      const paused = pace.pause(0);
      if (paused) await paused;
      keys.set(sibling, familyKey(sibling));
    }
    return groupBy(all, (sibling) => keys.get(sibling) ?? '');
  }

  /** Answers those whose page is certain, and asks again for the others as long as that is less than asking for each. */
  async function ask(
    family: readonly Sibling[],
    answers: Map<Sibling, Window | Error>,
    isFirst: boolean,
  ): Promise<void> {
    const [first] = family;
    if (!first || countValues(family) < 2) return;
    const { siblings, list: spec } = first;
    const founds: Found[] = [];
    const values = [...new Set(family.map(({ value }) => value))];
    const failures = await askMany(`${spec.resource.route} ${siblings.filter}`, values, async (asked) => {
      const isAsked = new Set(asked);
      const part = family.filter(({ value }) => isAsked.has(value));
      founds.push({ siblings, part, list: await askTogether(first, part) });
      return null;
    });
    for (const sibling of family) {
      const error = failures.get(sibling.value);
      // A host or a plugin that refuses several ids at once may still take them one by one.
      const isRefused = error instanceof UpstreamError && error.code === 'UPSTREAM_REFUSED';
      if (error && !isRefused) answers.set(sibling, error);
    }
    await Promise.all(founds.map((found) => take(found, answers, isFirst)));
  }

  async function take(
    { siblings, part, list: found }: Found,
    answers: Map<Sibling, Window | Error>,
    isFirst: boolean,
  ): Promise<void> {
    const left: Sibling[] = [];
    const rowsOf = groupRows(found.entities, siblings.path);
    for (const sibling of part) {
      const paused = pace.pause(0);
      if (paused) await paused;
      const window = windowOf(sibling, found, rowsOf.get(sibling.value) ?? []);
      if (window) answers.set(sibling, window);
      else left.push(sibling);
    }
    if (left.length === 0 || !siblings.takesMany) return;
    const answered = part.length - left.length;
    // One list may be longer than all others together: they get a second try without it.
    if (answered > 1 || (answered === 1 && isFirst)) return ask(left, answers, answered > 1);
    const parts = Math.ceil((found.total ?? 2 * maxPerPage) / rowsPerRequest);
    const size = Math.floor(countValues(left) / parts);
    if (size < 2) return;
    await Promise.all(chunks(left, size).map((chunk) => ask(chunk, answers, false)));
  }

  function askTogether({ list: spec, sorts, page, siblings }: Sibling, family: readonly Sibling[]): Promise<List> {
    const [sort] = sorts;
    const { filter, path, takesMany } = siblings;
    const { [filter]: _, ...others } = spec.filters;
    const order = page.direction === 'forward' ? sort.direction : opposite(sort.direction);
    const values = [...new Set(family.map((sibling) => sibling.value))].sort(collator.compare);
    const query: Query = {
      ...others,
      ...(takesMany ? { [filter]: values } : {}),
      orderby: sort.key.orderby ?? '',
      order,
      per_page: maxPerPage,
    };
    const shown = showsMost(siblings) ? family.flatMap((sibling) => sibling.fields) : [];
    const checked = family.flatMap(({ list }) => list.keep.flatMap((keep) => keep.fields));
    const reads = [...new Set([...checked, path, ...pathsOf(sorts)])];
    return list(spec.resource, query, [...new Set([...shown, ...reads])], { reads });
  }

  async function withFields(sibling: Sibling, window: Window | Error | null): Promise<Window | Error | null> {
    if (!window || window instanceof Error || showsMost(sibling.siblings)) return window;
    const { resource } = sibling.list;
    const entities = await Promise.all(window.entities.map(({ id }) => load(resource, id, sibling.fields)));
    return { ...window, entities: entities.filter((entity) => entity !== null) };
  }

  return async (spec, page, fields) => {
    const sibling = toSibling(spec, page, fields);
    if (!sibling) return null;
    const window = await loader.load(sibling);
    // A batch goes on all at once.
    const paused = pace.pause(0);
    if (paused) await paused;
    return window;
  };
}

/** Only first pages in an order of REST are the same request for all siblings. */
function toSibling(list: ListSpec, page: PageSpec, fields: Fields): Sibling | null {
  const { siblings, filters, order } = list;
  if (!siblings || !('by' in order)) return null;
  if (page.after !== undefined || page.before !== undefined || page.offset !== undefined) return null;
  const { by: sorts } = order;
  const value = filters[siblings.filter];
  const [own, ...others] = Array.isArray(value) ? value : [value];
  if (sorts.some(({ key }) => key.orderby === null) || others.length > 0 || !own) return null;
  return { value: String(own), siblings, list, sorts, page, fields };
}

/** What siblings have in common. Of their filters the key has numbers: the same long text may be a filter of them all. */
function createFamilyKey(): (sibling: Sibling) => string {
  const numbers = new Map<string, number>();
  const numberOf = (value: QueryValue) => {
    const text = typeof value === 'object' ? joinValues(value) : String(value);
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  return ({ list, sorts, page, siblings }) => {
    const keys = sorts.flatMap((sort) => [sort.key.orderby, sort.key.path, sort.direction, tiesOf(sort)]);
    const order = [...keys, page.direction].join(' ');
    const filters = Object.entries(list.filters).map(([name, value]) => [name, numberOf(value)] as const);
    return keyOf(list.resource.route, { ...Object.fromEntries(filters), [siblings.filter]: '*', order });
  };
}

/** A sibling's page as far as the rows of all siblings tell it: those before the last row's key are known for certain. */
function windowOf({ sorts, page, list }: Sibling, { entities, total }: List, rows: readonly Entity[]): Window | null {
  const isForward = page.direction === 'forward';
  const isWhole = total === null ? entities.length < maxPerPage : total <= maxPerPage;
  const last = entities.at(-1);
  const [sort] = sorts;
  const compare = compareKeys(sort);
  const own = rows.filter(
    (row) => list.keep.every(({ test }) => test(row)) && (isWhole || (last && compare(row, last) !== 0)),
  );
  if (!isWhole && own.length <= page.size) return null;
  const byKey = compareBy(sorts);
  const ordered =
    sort.key.kind === 'collated' ? breakTies(own, sorts, isForward) : own.sort(isForward ? byKey : reversed(byKey));
  const shown = ordered.slice(0, page.size);
  return {
    entities: isForward ? shown : shown.reverse(),
    hasMore: ordered.length > page.size,
    foundAfter: false,
    foundBefore: false,
    // WordPress counts what it does not show, too: then it takes a request to know of which list that is.
    total: isWhole && entities.length === total ? own.length : null,
  };
}

/**
 * Whether most rows of a shared request are shown. Of others the fields are read afterwards, of those that are shown:
 * without the filter most rows are of nobody's list, and of long lists they are beyond the page.
 */
function showsMost({ takesMany, areLong = false }: Siblings): boolean {
  return takesMany && !areLong;
}

/** How many siblings one request may be for. */
function mostTogether([first]: readonly Sibling[]): number {
  return first?.siblings.areLong ? Math.max(1, Math.floor(rowsPerRequest / (first.page.size + 1))) : maxPerPage;
}

const collator = new Intl.Collator('en', { numeric: true });

/** Rows by the values that tell of which lists they are. */
function groupRows(rows: readonly Entity[], path: string): Map<string, Entity[]> {
  const groups = new Map<string, Entity[]>();
  for (const row of rows) {
    for (const value of new Set([row.data[path]].flat().map(String))) {
      const group = groups.get(value) ?? [];
      group.push(row);
      groups.set(value, group);
    }
  }
  return groups;
}

function countValues(family: readonly Sibling[]): number {
  return new Set(family.map(({ value }) => value)).size;
}

/** Parts with at most so many values; siblings with the same one stay together. */
function chunks(family: readonly Sibling[], size: number): Sibling[][] {
  const byValue = [...groupBy(family, ({ value }) => value).values()];
  const parts: Sibling[][] = [];
  for (let start = 0; start < byValue.length; start += size) parts.push(byValue.slice(start, start + size).flat());
  return parts;
}

/** `Map.groupBy` of later versions of Node. */
function groupBy<Key>(family: readonly Sibling[], keyOfSibling: (sibling: Sibling) => Key): Map<Key, Sibling[]> {
  const groups = new Map<Key, Sibling[]>();
  for (const sibling of family) {
    const key = keyOfSibling(sibling);
    const group = groups.get(key);
    if (group) group.push(sibling);
    else groups.set(key, [sibling]);
  }
  return groups;
}
