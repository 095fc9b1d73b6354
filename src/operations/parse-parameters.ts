// Owns the parameters of a GraphQL request over HTTP, in all the ways that clients name a persisted document.

import { UserError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { JsonObject } from './canonical.ts';
import { checkJson } from './json-bounds.ts';

/** The parameters of one operation. */
export interface Parameters {
  readonly query: string | undefined;
  /** Id of the document. */
  readonly id: string | undefined;
  readonly variables: JsonObject | undefined;
  readonly operationName: string | undefined;
  /** What they say beside the id is for nobody here. */
  readonly extensions: JsonObject | undefined;
}

const names: ReadonlySet<string> = new Set([
  ...['query', 'variables', 'operationName', 'extensions'],
  ...['id', 'queryId', 'documentId', 'doc_id'],
]);

/**
 * Reads the query of a GET (with its `?`) or the body of a POST; null where it is anything else than one operation: then
 * GraphQL itself tells what is wrong. Throws a {@link UserError} where a parameter of a GET is not the JSON it must be, or
 * an id no text; a `LimitError` where there are too many values in it.
 */
export function parseParameters(method: string, source: string, limits: Limits): Parameters | null {
  const given = method === 'GET' ? parseQuery(source, limits) : parseJson(source, limits);
  if (!isJsonObject(given)) return null;
  if (method !== 'GET' && !Object.keys(given).every((name) => names.has(name) || given[name] === null)) return null;
  const { query, operationName } = given;
  const [variables, extensions] = [objectOf(given['variables']), objectOf(given['extensions'])];
  if (variables === null || extensions === null) return null;
  const id = idOf(given, extensions ?? {});
  if (!isOptionalText(query) || !isOptionalText(operationName)) return null;
  if (!isOptionalText(id)) throw new UserError('The id of a document must be a string.');
  return { query: textOf(query), id: textOf(id), variables, operationName: textOf(operationName), extensions };
}

/** Of automatic persisted queries (Apollo), WPGraphQL Smart Cache, GraphQL over HTTP (Appendix A), Relay. */
function idOf(given: JsonObject, extensions: JsonObject): unknown {
  const automatic = extensions['persistedQuery'];
  const hash = isJsonObject(automatic) ? automatic['sha256Hash'] : undefined;
  return hash ?? given['documentId'] ?? given['queryId'] ?? given['id'] ?? given['doc_id'];
}

function parseQuery(search: string, limits: Limits): JsonObject {
  const parameters = new URLSearchParams(search);
  return {
    // The first of those with one name counts, as with `get`.
    ...Object.fromEntries([...parameters].reverse()),
    variables: jsonOf(parameters, 'variables', limits),
    extensions: jsonOf(parameters, 'extensions', limits),
  };
}

function jsonOf(parameters: URLSearchParams, name: string, limits: Limits): JsonObject | undefined {
  const text = parameters.get(name);
  const value = text ? parseJson(text, limits) : null;
  if (value === null) return undefined;
  // Yoga takes any other text for a failure of its own.
  if (!isJsonObject(value)) throw new UserError(`"${name}" must be a JSON object.`);
  return value;
}

function parseJson(text: string, limits: Limits): unknown {
  checkJson(text, limits);
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Undefined for none, null for something else than an object. */
function objectOf(value: unknown): JsonObject | undefined | null {
  if (value === undefined || value === null) return undefined;
  return isJsonObject(value) ? value : null;
}

function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOptionalText(value: unknown): value is string | null | undefined {
  return value === undefined || value === null || typeof value === 'string';
}

function textOf(value: string | null | undefined): string | undefined {
  return value === null || value === '' ? undefined : value;
}
