// Owns how the tests of `where` ask: a list by its arguments, and the rows of WordPress that the truth is computed from.

import type { Answer, TestGateway } from '../support/gateway.ts';

/** A row of a table: the arguments, what must be found, and the REST requests that it takes. */
export interface WhereRow<Row> {
  /** As GraphQL writes it, such as `{ author: 3 }`. */
  readonly where: string;
  /** Which rows are found; or their ids in their order, where it is not the list's usual one. */
  readonly found: ((row: Row) => boolean) | readonly number[];
  /** The requests: REST filters of the one list request, or all requests in full. */
  readonly requests: string | readonly string[];
}

/** What a list answered. */
export interface FoundList {
  readonly ids: readonly number[] | null;
  readonly errors: Answer['errors'];
  readonly requests: readonly string[];
}

/** Asks for the ids of a list. */
export async function findIds(gateway: TestGateway, field: string, where: string): Promise<FoundList> {
  const query = `{ list: ${field}(first: 100, where: ${where}) { nodes { databaseId } } }`;
  const { data, errors, requests } = await gateway.query(query);
  const nodes: { databaseId: number }[] | undefined = data?.list?.nodes;
  return { ids: nodes?.map(({ databaseId }) => databaseId) ?? null, errors, requests };
}

/** All rows of a collection as WordPress shows them to the public. */
export async function readRows<Row>(url: string, route: string, query: string): Promise<Row[]> {
  const response = await fetch(`${url}/wp-json/wp/v2/${route}?per_page=100&${query}`);
  if (!response.ok) throw new Error(`${route}: ${response.status}`);
  return await response.json();
}

/** The names of the fields of an input type. */
export async function inputFields(gateway: TestGateway, name: string): Promise<string[]> {
  const { data } = await gateway.query('query ($name: String!) { __type(name: $name) { inputFields { name } } }', {
    name,
  });
  return data.__type.inputFields.map((field: { name: string }) => field.name).sort();
}

/** The arguments that a table's rows use, of those there are. */
export function usedArguments(wheres: readonly string[], known: readonly string[]): string[] {
  return known.filter((name) => wheres.some((where) => new RegExp(`[{,\\s]${name}:`).test(where)));
}
