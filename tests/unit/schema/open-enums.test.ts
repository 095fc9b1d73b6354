// Owns the tests of enums that take what the schema does not know: none of their values is suggested where none is to be told.

import { execute, parse, validate } from 'graphql';
import { expect, it } from 'vitest';
import { buildSchema } from '../../../src/schema/build.ts';
import { coreResources } from '../../../src/wordpress/resources.ts';
import { bookSite } from '../../support/book-resources.ts';

const schema = buildSchema(bookSite, coreResources, { names: ['secret_footer'], isComplete: false });

/** What is told of a value in a literal and in a variable. */
async function toldOf(type: string, field: (value: string) => string, wrong: string, hideSuggestions: boolean) {
  const document = parse(`query ($value: ${type}) ${field('$value')}`);
  const literal = validate(schema, parse(field(JSON.stringify(wrong))), undefined, { hideSuggestions });
  const variable = await execute({ schema, document, variableValues: { value: wrong }, hideSuggestions });
  return [...literal, ...(variable.errors ?? [])].map(({ message }) => message);
}

it.each<[string, (value: string) => string, string, string]>([
  [
    'MenuLocationEnum',
    (value) => `{ menus(where: { location: ${value} }) { nodes { id } } }`,
    'SECRET-FOOTER',
    'SECRET_FOOTER',
  ],
  ['MediaItemSizeEnum', (value) => `{ mediaItem(id: "1") { sourceUrl(size: ${value}) } }`, 'thumb-nail', 'THUMBNAIL'],
])('%s', async (type, field, wrong, known) => {
  const told = await toldOf(type, field, wrong, false);
  expect(told).toHaveLength(2);
  for (const message of told) expect(message).toContain(`Did you mean the enum value "${known}"`);
  const quiet = await toldOf(type, field, wrong, true);
  expect(quiet).toHaveLength(2);
  for (const message of quiet) expect(message).toMatch(/(?:does not exist in|cannot represent)[^?]*[.]$/);
  expect(quiet.join()).not.toContain(known);
});
