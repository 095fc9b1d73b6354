// Which fields are given the arguments of another: siblings of one type in one execution.

import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import { expect, it } from 'vitest';
import { sharedArgs } from '../../../src/schema/shared-args.ts';

const fieldNodes: FieldNode[] = [];
const variableValues = {};
const [post, page] = ['Post', 'Page'].map((name) => ({ name }));

const infoOf = (own: object) =>
  ({ fieldNodes, variableValues, parentType: post, ...own }) as unknown as GraphQLResolveInfo;

it('shares the arguments of siblings, and of nothing else', () => {
  const first = { where: { search: 'a' } };
  expect(sharedArgs(first, infoOf({}))).toBe(first);
  expect(sharedArgs({ where: { search: 'a' } }, infoOf({}))).toBe(first);
  for (const other of [{ fieldNodes: [] }, { variableValues: {} }, { parentType: page }]) {
    const own = { where: { search: 'b' } };
    expect(sharedArgs(own, infoOf(other))).toBe(own);
  }
});
