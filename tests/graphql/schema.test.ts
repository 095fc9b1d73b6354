// The schema in the repository is the one that the gateway offers for the demo WordPress.

import { readFile } from 'node:fs/promises';
import { expect, inject, it } from 'vitest';
import { printSdl } from '../../src/schema/print.ts';
import { openGateway } from '../support/gateway.ts';

it('is printed: `npm run schema` would change nothing', async () => {
  await using gateway = await openGateway(inject('wordpress').url);
  expect(printSdl(gateway.schema)).toBe(await readFile('schema/schema.graphql', 'utf8'));
});
