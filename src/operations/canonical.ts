// Owns the identity of an operation: the same for every way to write the same question.

import { hash } from 'node:crypto';
import { type DocumentNode, type OperationDefinitionNode, print, stripIgnoredCharacters } from 'graphql';

/** JSON objects as they come from outside. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A key that is equal for equal operations: blanks, commas and comments of the document, the order of variables, variables
 * that the operation does not declare, and a name that is the only choice make no difference.
 */
export function toOperationKey(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: JsonObject | undefined,
): string {
  const isOnlyOne = document.definitions.filter(({ kind }) => kind === 'OperationDefinition').length === 1;
  const name = isOnlyOne ? '' : (operation.name?.value ?? '');
  const declared = (operation.variableDefinitions ?? []).map(({ variable }) => variable.name.value).sort();
  const given = declared
    .filter((key) => variables !== undefined && Object.hasOwn(variables, key))
    .map((key) => `${JSON.stringify(key)}:${printCanonical(variables?.[key])}`);
  const { canonical } = identify(document);
  return `${canonical} ${name} ${given.length === 0 ? '' : digest(given.join())}`;
}

interface DocumentIdentity {
  readonly canonical: string;
  readonly sha256: string;
}

const identities = new WeakMap<DocumentNode, DocumentIdentity>();

/** What a document is known by; worked out once, since documents come with many variables. */
function identify(document: DocumentNode): DocumentIdentity {
  const known = identities.get(document);
  if (known) return known;
  const text = document.loc?.source.body ?? print(document);
  const identity = { canonical: digest(stripIgnoredCharacters(text)), sha256: sha256(text) };
  identities.set(document, identity);
  return identity;
}

/** SHA-256 of a document's text in hex. */
export function documentIdOf(document: DocumentNode): string {
  return identify(document).sha256;
}

function digest(text: string): string {
  return hash('sha256', text, 'base64url');
}

/** JSON with the keys of objects in order. */
function printCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printCanonical).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const pairs = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, item]) => `${JSON.stringify(key)}:${printCanonical(item)}`).join()}}`;
}

/** SHA-256 in hex, as persisted operations are known by. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}
