// Owns the bounds of one GraphQL operation: the name, the default and the words of each.

import { LimitError } from './errors.ts';

interface Limit {
  /** The largest value that is allowed, unless it is set. */
  readonly fallback: number;
  /** What a client reads who asks for more. */
  readonly refusal: (max: number) => string;
}

/**
 * All of them, by the name that clients read in `extensions.limit`. The largest of 175 operations of real WordPress
 * front ends has 333 tokens, 247 selections and 5 aliases, and is 13 fields deep; introspection is 15 deep.
 */
const declarations = {
  tokens: { fallback: 4000, refusal: (max) => `The document has more than ${max} tokens.` },
  documentBytes: { fallback: 64 * 1024, refusal: (max) => `The document is longer than ${max} bytes.` },
  // Where an error stands is found by a walk over the lines before it.
  lines: { fallback: 2000, refusal: (max) => `The document has more than ${max} lines.` },
  depth: { fallback: 20, refusal: (max) => `Fields are nested more than ${max} deep.` },
  aliases: { fallback: 50, refusal: (max) => `The document has more than ${max} aliases.` },
  // Without aliases introspection has no field twice; with them, 400 bytes ask for 23 MB.
  introspectionAliases: { fallback: 0, refusal: () => 'Fields of the schema cannot have aliases.' },
  rootFields: { fallback: 20, refusal: (max) => `The operation has more than ${max} fields at its root.` },
  selections: {
    fallback: 2000,
    refusal: (max) => `The operation has more than ${max} selections, fragments counted wherever they are spread.`,
  },
  repeats: { fallback: 20, refusal: (max) => `A selection has the same field or fragment more than ${max} times.` },
  // The largest of those operations takes 527.
  comparisons: {
    fallback: 15_000,
    refusal: (max) => `Too many fields and fragments stand at one place: to compare them takes more than ${max} steps.`,
  },
  directives: { fallback: 50, refusal: (max) => `The document has more than ${max} directives.` },
  directivesAtOnePlace: { fallback: 4, refusal: (max) => `One place has more than ${max} directives.` },
  jsonValues: { fallback: 5000, refusal: (max) => `The request has more than ${max} values.` },
  jsonDepth: { fallback: 64, refusal: (max) => `The request is nested more than ${max} deep.` },
  nodes: { fallback: 10_000, refusal: (max) => `The operation returns more than ${max} nodes.` },
  // A hundred posts of 60 KB are 6 MB.
  resultBytes: { fallback: 8 * 1024 * 1024, refusal: (max) => `The answer is larger than ${max} bytes.` },
  // The standard introspection has 40 KB of the largest type; what is told of one is told in one turn of the event loop.
  typeBytes: {
    fallback: 384 * 1024,
    refusal: (max) =>
      `More than ${max} bytes are asked of one type of the schema, or of those that are asked for by name.`,
  },
  // A hundred posts of which five fields fail; each error takes some 50 µs.
  errors: { fallback: 500, refusal: (max) => `The answer has more than ${max} errors.` },
  subscriptions: { fallback: 1000, refusal: (max) => `More than ${max} clients follow changes.` },
  upstreamCalls: { fallback: 60, refusal: (max) => `The operation needs more than ${max} requests to WordPress.` },
  seconds: { fallback: 30, refusal: (max) => `The operation takes longer than ${max} seconds.` },
} as const satisfies Readonly<Record<string, Limit>>;

/** Name of a limit. */
export type LimitName = keyof typeof declarations;

/** Limits that differ from their defaults. */
export type LimitSettings = Readonly<Partial<Record<LimitName, number>>>;

/** The limits of a gateway. */
export interface Limits {
  /** The largest value that is allowed. */
  max(name: LimitName): number;
  /** The error for a value that is larger, whatever it is. */
  excess(name: LimitName): LimitError;
  /** The error for a value that is larger; null for one that is not. */
  refusal(name: LimitName, value: number): LimitError | null;
  /** Throws a {@link LimitError} where the value is larger. */
  check(name: LimitName, value: number): void;
}

/** The limit of that name, unless it is set. */
export function defaultLimit(name: LimitName): number {
  return declarations[name].fallback;
}

/** What a client reads who asks for more, by the name of each limit. */
export function limitRefusals(): ReadonlyMap<string, string> {
  return new Map(Object.entries(declarations).map(([name, { refusal, fallback }]) => [name, refusal(fallback)]));
}

/** The limits of what the gateway does by itself: none. */
export const noLimits: Limits = createLimits(
  Object.fromEntries(Object.keys(declarations).map((name) => [name, Number.POSITIVE_INFINITY])),
);

/** The limits, with their defaults where they are not set. */
export function createLimits(settings: LimitSettings = {}): Limits {
  const max = (name: LimitName) => settings[name] ?? defaultLimit(name);
  const excess = (name: LimitName) => new LimitError(declarations[name].refusal(max(name)), { name, max: max(name) });
  const refusal = (name: LimitName, value: number) => (value > max(name) ? excess(name) : null);
  return {
    max,
    excess,
    refusal,
    check(name, value) {
      const error = refusal(name, value);
      if (error) throw error;
    },
  };
}
