// Owns names of enum values that are made of WordPress's own names.

import { ownName } from '../wordpress/resources.ts';

/** The name that WPGraphQL makes: `case-study` is `CASE_STUDY`, `1536x1536` is `_1536X1536`; empty where none can be made. */
export function toEnumName(value: string): string {
  const name = value.replaceAll(/[^A-Za-z0-9_]/g, '_').toUpperCase();
  // GraphQL keeps names that start with two underscores for itself.
  return name.replace(/^_*(?=\d)/, '_').replace(/^__+/, '_');
}

/** Enum values for types of content or taxonomies, by their own names. */
export function toKindEnum(names: Iterable<string>): Readonly<Record<string, string>> {
  return toEnumValues(names, (name) => toEnumName(ownName(name)));
}

/** Enum values by their names; of values that would be called alike the first one stands. */
export function toEnumValues(values: Iterable<string>, nameOf = toEnumName): Readonly<Record<string, string>> {
  const named = new Map<string, string>();
  for (const value of values) {
    const name = nameOf(value);
    if (name.replaceAll('_', '') !== '' && !named.has(name)) named.set(name, value);
  }
  return Object.fromEntries(named);
}
