// Owns what a client can take: the media type of the answer, and its encoding.

import type { Encoding } from '../cache/stored-response.ts';

/** Media types that a GraphQL answer can have (GraphQL over HTTP, section 4). */
export type MediaType = 'application/json' | 'application/graphql-response+json';

/** One range of a header, with its weight (RFC 9110, section 12.4.2). */
export interface Range {
  readonly name: string;
  readonly weight: number;
}

/** A media type that the client accepts; null where it wants a page, or takes nothing but streams or what there is not. */
export const toMediaType = remembered((accept): MediaType | null => {
  if (accept === '') return 'application/json';
  const ranges = parseRanges(accept).filter(({ weight }) => weight > 0);
  const [first] = ranges.toSorted((a, b) => b.weight - a.weight).flatMap(({ name }) => mediaTypes.get(name) ?? []);
  return ranges.some(({ name }) => name === 'text/html') ? null : (first ?? null);
});

const mediaTypes: ReadonlyMap<string, MediaType> = new Map([
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/json', 'application/json'],
  ['application/*', 'application/json'],
  ['*/*', 'application/json'],
]);

/** The smallest encoding that the client accepts. */
export const toEncoding = remembered((acceptEncoding): Encoding => {
  const accepted = new Set(parseRanges(acceptEncoding).flatMap(({ name, weight }) => (weight > 0 ? name : [])));
  if (accepted.has('br')) return 'br';
  return accepted.has('gzip') || accepted.has('x-gzip') ? 'gzip' : 'identity';
});

/** The ranges of an `Accept` or `Accept-Encoding` header, in its order. */
export function parseRanges(header: string): Range[] {
  return header
    .toLowerCase()
    .split(',')
    .map((range) => {
      const [name = '', ...parameters] = range.split(';').map((part) => part.trim());
      const weight = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
      return { name, weight: Number.isFinite(weight) ? weight : 0 };
    });
}

const maxRemembered = 200;
const maxHeaderLength = 500;

/** Clients send few different headers: what each one means is worked out once. */
function remembered<Value>(read: (header: string) => Value): (header: string | undefined) => Value {
  const known = new Map<string, { readonly value: Value }>();
  return (header = '') => {
    const before = known.get(header);
    if (before) return before.value;
    const value = read(header);
    if (known.size >= maxRemembered) known.clear();
    if (header.length <= maxHeaderLength) known.set(header, { value });
    return value;
  };
}
