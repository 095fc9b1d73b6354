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
