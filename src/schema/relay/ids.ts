// Owns ids and cursors: WPGraphQL's global ids (`base64("post:12")`) and cursors (`base64("arrayconnection:12")`).

import { UserError } from '../../errors.ts';
import { onceForLists } from '../../long-lists.ts';

/** WPGraphQL's message for an id that is none. */
const invalidId = 'The ID input is invalid. Make sure you set the proper idType for your input.';

/** Ids are names of types and keys of WordPress; what is longer is none, and may be as long as a request. */
const maxIdLength = 1000;

/** A global id. */
export function toGlobalId(prefix: string, id: number | string): string {
  return Buffer.from(`${prefix}:${id}`).toString('base64');
}

/** The parts of a global id, or null. */
export function parseGlobalId(value: string): { readonly prefix: string; readonly id: string } | null {
  if (value.length > maxIdLength) return null;
  const text = Buffer.from(value, 'base64').toString();
  const colon = text.indexOf(':');
  if (
    colon < 1 ||
    Buffer.from(text)
      .toString('base64')
      .replace(/(?<!=)=+$/, '') !== value.replace(/(?<!=)=+$/, '')
  )
    return null;
  return { prefix: text.slice(0, colon), id: text.slice(colon + 1) };
}

/** The database id in a database id or global id, whose prefix does not matter; null if there is none. */
export function parseDatabaseId(value: unknown): number | null {
  const text = String(value ?? '');
  if (text.length > maxIdLength) return null;
  const digits = /^\d+$/.test(text) ? text : parseGlobalId(text)?.id;
  const id = digits !== undefined && /^\d+$/.test(digits) ? Number(digits) : Number.NaN;
  return Number.isSafeInteger(id) ? id : null;
}

/** The database id in an argument that must have one. */
export function requireDatabaseId(value: unknown): number {
  const id = parseDatabaseId(value);
  if (id === null) throw new UserError(invalidId);
  return id;
}

/** The database ids in a list of ids; an empty text counts for nothing, and what is no id is an error that names the argument. */
export function requireDatabaseIds(values: readonly unknown[], argument: string): readonly number[] {
  const { ids, wrong } = readDatabaseIds(values);
  if (wrong === undefined) return ids;
  throw new UserError(`where.${argument}: "${wrong}" is neither a database id nor a global id.`);
}

const readDatabaseIds = onceForLists((values: readonly unknown[]) => {
  const ids: number[] = [];
  for (const value of values) {
    if (value === '') continue;
    const id = parseDatabaseId(value);
    if (id === null) return { ids, wrong: String(value) };
    ids.push(id);
  }
  return { ids };
});

/** The cursor of an entity. */
export function toCursor(id: number | string): string {
  return toGlobalId('arrayconnection', id);
}

/** What a cursor names, as a number or text; undefined for what is no cursor. */
export function parseCursor<Key extends number | string>(cursor: unknown, to: (key: string) => Key): Key | undefined {
  const parts = typeof cursor === 'string' ? parseGlobalId(cursor) : null;
  if (parts?.prefix !== 'arrayconnection' || parts.id === '') return undefined;
  const key = to(parts.id);
  return typeof key === 'number' && (!Number.isSafeInteger(key) || key === 0) ? undefined : key;
}
