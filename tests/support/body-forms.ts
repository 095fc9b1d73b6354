// Owns the ways to send one document by POST that a gateway reads: what it promises of one holds for all.

/** Makes the body of a document, and tells its type. */
export type SendDocument = (query: string) => { readonly type: string; readonly body: string };

/** The usual way. */
export const asJson: SendDocument = (query) => ({ type: 'application/json', body: JSON.stringify({ query }) });

/** All of them, by name. */
export const bodyForms: readonly (readonly [string, SendDocument])[] = [
  ['JSON', asJson],
  ['its text', (query) => ({ type: 'application/graphql', body: query })],
  ['JSON with a null more', (query) => ({ type: 'application/json', body: JSON.stringify({ query, foo: null }) })],
];
