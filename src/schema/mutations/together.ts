// Owns which mutations of an operation go together: neighbours of one name that have nothing to do with each other.

import { type FieldNode, type GraphQLResolveInfo, getArgumentValues, Kind, type SelectionNode } from 'graphql';
import { maxTogether } from '../../loaders/write.ts';
import { isObject } from '../read.ts';
import { parseDatabaseId } from '../relay/ids.ts';
import type { Input, WriteContext } from './write-context.ts';

/** Starts a mutation by the name of its answer. */
export type StartMutation<Payload> = (key: string, input: Input, context: WriteContext) => Promise<Payload>;

/** A mutation as GraphQL comes to it. */
export interface MutationTurn<Payload> {
  /** Of the whole operation, the same at each turn. */
  readonly operation: object;
  readonly input: Input;
  readonly context: WriteContext;
  readonly info: GraphQLResolveInfo;
  readonly start: StartMutation<Payload>;
}

/** Takes turns of one mutation. */
export type TakeTurn<Payload> = (turn: MutationTurn<Payload>) => Promise<Payload>;

/**
 * GraphQL runs mutations one after the other. Where those that follow one of them could not tell, they are started with
 * it, in their order, and wait until it is their turn to be answered.
 */
export function createTurns<Payload>(isIndependent: (input: Input) => boolean): TakeTurn<Payload> {
  const started = new WeakMap<object, Map<string, Promise<Payload>>>();
  return ({ operation, input, context, info, start }) => {
    const key = String(info.path.key);
    const before = started.get(operation)?.get(key);
    if (before) return before;
    const group = isIndependent(input) ? findGroup(info, isIndependent) : [];
    if (group.length < 2) return start(key, input, context);
    const ways = context.write.together(group.length);
    const runs = group.flatMap((member, at) => {
      const way = ways[at];
      if (!way) return [];
      const run = start(member.key, member.input, { ...context, write: way.write }).finally(way.leave);
      // Its own turn tells of a failure.
      run.catch(() => undefined);
      return [[member.key, run] as const];
    });
    started.set(operation, new Map([...(started.get(operation) ?? []), ...runs]));
    return runs[0]?.[1] ?? start(key, input, context);
  };
}

interface Member {
  readonly key: string;
  readonly input: Input;
}

/** The mutation of a turn with those after it that are of its name, as far as they go together. */
function findGroup(info: GraphQLResolveInfo, isIndependent: (input: Input) => boolean): readonly Member[] {
  const { selections } = info.operation.selectionSet;
  const fields = selections.filter(isPlain);
  const keys = fields.map(keyOf);
  // What is repeated or conditional takes its turn by itself.
  if (fields.length < selections.length || new Set(keys).size < keys.length) return [];
  const definition = info.parentType.getFields()[info.fieldName];
  const members: Member[] = [];
  const targets = new Set<number | null>();
  for (const field of fields.slice(keys.indexOf(String(info.path.key)))) {
    if (!definition || field.name.value !== info.fieldName || !isShallow(field)) break;
    if (members.length === maxTogether) break;
    const input = inputOf(() => getArgumentValues(definition, field, info.variableValues));
    if (!input || !isIndependent(input)) break;
    const target = 'id' in input ? parseDatabaseId(input['id']) : null;
    if (targets.has(target) && target !== null) break;
    targets.add(target);
    members.push({ key: keyOf(field), input });
  }
  return members;
}

/** The input of a field; null where it cannot be used, which its own turn tells. */
function inputOf(read: () => Record<string, unknown>): Input | null {
  try {
    const { input } = read();
    return isObject(input) ? input : null;
  } catch {
    return null;
  }
}

function isPlain(selection: SelectionNode): selection is FieldNode {
  return selection.kind === Kind.FIELD && (selection.directives ?? []).length === 0;
}

function keyOf(field: FieldNode): string {
  return field.alias?.value ?? field.name.value;
}

/** Whether an answer tells of what was written and of nothing around it: that would show what comes after. */
function isShallow({ selectionSet }: FieldNode, depth = 2): boolean {
  const selections = selectionSet?.selections ?? [];
  if (selections.length > 0 && depth === 0) return false;
  return selections.every((selection) => isPlain(selection) && isShallow(selection, depth - 1));
}
