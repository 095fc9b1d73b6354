// The README's query has the README's answer on the demo site.

import { readFile } from 'node:fs/promises';
import { expect, inject, it } from 'vitest';
import { openGateway } from '../support/gateway.ts';

it('answers as the README shows', async () => {
  const readme = await readFile('README.md', 'utf8');
  const [, query = ''] = /```graphql\n([\s\S]*?)```/.exec(readme) ?? [];
  const [, answer = ''] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
  await using gateway = await openGateway(inject('wordpress').url);
  const { data, errors } = await gateway.query(query);
  expect(errors).toBeUndefined();
  expect({ data }).toEqual(JSON.parse(answer));
});
