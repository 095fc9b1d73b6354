// Owns what a client can take: what the answer may come as, and its encoding.

import type { Encoding } from '../cache/stored-response.ts';

/** Media types that a GraphQL answer can have (GraphQL over HTTP, section 4). */
export type MediaType = 'application/json' | 'application/graphql-response+json';

/** All that an operation may be answered as. */
export const offers = [
  'application/json',
  'application/graphql-response+json',
  'text/event-stream',
  'multipart/mixed',
] as const;

/** One of {@link offers}. */
export type Offer = (typeof offers)[number];

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

/**
 * What a client accepts of what is offered, in its order but for the media type that it likes best. Weights only choose:
 * a client that gives none to all of it is answered all the same.
 */
export const toAccepted = remembered((accept): ReadonlySet<Offer> => {
  const accepted = parseRanges(accept || '*/*').flatMap(({ name }) => offersWithin.get(name) ?? []);
  const best = toMediaType(accept);
  return new Set(best ? [best, ...accepted] : accepted);
});

const rangesOf = (offer: Offer) => [offer, offer.replace(/[^/]+$/, '*'), offer.replace(/^[^/]+/, '*'), '*/*'];

const offersWithin: ReadonlyMap<string, readonly Offer[]> = new Map(
  offers.flatMap(rangesOf).map((range) => [range, offers.filter((offer) => rangesOf(offer).includes(range))]),
);

/** The same as an `Accept` header, with the page where that is wanted: short, whatever the client sent. */
export const restateAccept = remembered((accept) =>
  [...(prefersHtml(accept) ? ['text/html'] : []), ...toAccepted(accept)].join(', '),
);

/** Whether an `Accept` header wants a page rather than data, as that of a browser does. */
export const prefersHtml = remembered((accept): boolean => {
  let html = 0;
  let json = 0;
  for (const { name: type, weight } of parseRanges(accept)) {
    if (type === 'text/html') html = Math.max(html, weight);
    else if (/^application\/([\w.-]+\+)?json$/.test(type)) json = Math.max(json, weight);
  }
  return html > 0 && html >= json;
});

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
/** Those of browsers have 150. */
const maxLength = 500;

/** Clients send few different headers: what each one means is worked out once. Of long ones the first ranges count. */
function remembered<Value>(read: (header: string) => Value): (header: string | undefined) => Value {
  const known = new Map<string, { readonly value: Value }>();
  return (given = '') => {
    const header = given.length > maxLength ? beginningOf(given) : given;
    const before = known.get(header);
    if (before) return before.value;
    const value = read(header);
    if (known.size >= maxRemembered) known.clear();
    known.set(header, { value });
    return value;
  };
}

/** Whole ranges, where there are several. */
function beginningOf(header: string): string {
  const end = header.lastIndexOf(',', maxLength);
  return header.slice(0, end === -1 ? maxLength : end);
}
