// Owns the arguments of fields that stand in many objects: executors make them anew for each.

import type { FieldNode, GraphQLResolveInfo } from 'graphql';
import { onceForObjects } from '../long-lists.ts';
import type { Args } from '../planner/needs.ts';

/** By the variables of an execution, and the nodes of a field, which all siblings share. */
const sharedOf = onceForObjects(
  (_: GraphQLResolveInfo['variableValues']) => new WeakMap<readonly FieldNode[], Shared>(),
);

interface Shared {
  readonly parent: GraphQLResolveInfo['parentType'];
  readonly args: Args;
}

/** The arguments that the first of all siblings was given: what is made of them is made once. */
export function sharedArgs(args: Args, { variableValues, fieldNodes, parentType }: GraphQLResolveInfo): Args {
  const ofFields = sharedOf(variableValues);
  const known = ofFields.get(fieldNodes);
  if (known?.parent === parentType) return known.args;
  ofFields.set(fieldNodes, { parent: parentType, args });
  return args;
}
