// Each query of the documentation is one that the demo site answers.

import { type DocumentNode, Kind, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { findBlocks, readDocumentation } from '../support/documentation.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';

const blocks = findBlocks(readDocumentation(), 'graphql');
let gateway: TestGateway;

beforeAll(async () => {
  gateway = await openGateway(inject('wordpress').url);
});

afterAll(() => gateway[Symbol.asyncDispose]());

function isQuery({ definitions }: DocumentNode): boolean {
  return definitions.every(
    (definition) => definition.kind !== Kind.OPERATION_DEFINITION || definition.operation === 'query',
  );
}

describe('addresses of the documentation', () => {
  const addresses = findBlocks(readDocumentation(), 'sh').flatMap(({ text }) =>
    [...text.matchAll(/http:\/\/localhost:4000(\/graphql\?[^'"\s]+)/g)].map(([, path = '']) => path),
  );

  it('are there', () => expect(addresses.length).toBeGreaterThan(0));

  it.each(addresses)('%s', async (path) => {
    const response = await gateway.send({ method: 'GET', headers: { accept: 'application/json' } }, path);
    expect(response.status).toBe(200);
    expect(await response.json()).not.toHaveProperty('errors');
  });
});

describe('queries of the documentation', () => {
  it('are there', () => expect(blocks.length).toBeGreaterThan(7));

  it.each(blocks)('$page: $text', async ({ text }) => {
    const document = parse(text);
    expect(validate(gateway.schema, document)).toEqual([]);
    // What writes, and what waits for changes, is tried where there is somebody to write.
    if (!isQuery(document)) return;
    const { data, errors } = await gateway.query(text);
    expect(errors).toBeUndefined();
    expect(data).not.toBeNull();
  });
});
