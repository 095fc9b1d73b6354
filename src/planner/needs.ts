// Owns the plan of a query: the one walk over a selection that gathers the REST fields its fields need.

import {
  type FieldNode,
  type GraphQLField,
  GraphQLIncludeDirective,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  isAbstractType,
  isObjectType,
  type SelectionNode,
} from 'graphql';
import { type FieldPath, toMinimalFields } from './fields.ts';

/** Arguments of a field after coercion. */
export type Args = Readonly<Record<string, unknown>>;

/** What a field of an entity's type tells the planner, kept in the field's `extensions.headgate`. */
export interface FieldPlan {
  /** REST fields that the resolver reads of the entity; they may depend on arguments and on the entity's type. */
  readonly needs?: readonly FieldPath[] | ((args: Args, typeName: string) => readonly FieldPath[]);
  /** The field's own selection is answered from the same entity: its needs count as well, or those of some types of it. */
  readonly part?: boolean | readonly string[];
}

type Visit = (field: GraphQLField<unknown, unknown>, node: FieldNode) => void;

/** A walk over a selection. */
interface Walk {
  readonly info: GraphQLResolveInfo;
  /** What it came to may be something else with other variables. */
  isVariable: boolean;
}

/**
 * Gives what walks over a selection come to, each made once: there is one array of field nodes for all siblings, and it stands
 * for their selection. What no variable decides on lasts, since compiled operations keep their arrays from one execution to
 * the next.
 */
function createMemory<Made>() {
  type Kept = WeakMap<readonly FieldNode[], Map<string, Made>>;
  const lasting: Kept = new WeakMap();
  const byVariables = new WeakMap<object, Kept>();
  return (info: GraphQLResolveInfo, key: string, make: (walk: Walk) => Made): Made => {
    const { fieldNodes, variableValues } = info;
    const ofVariables = byVariables.get(variableValues);
    const known = lasting.get(fieldNodes)?.get(key) ?? ofVariables?.get(fieldNodes)?.get(key);
    if (known !== undefined) return known;
    const walk: Walk = { info, isVariable: false };
    const made = make(walk);
    const kept = walk.isVariable ? (ofVariables ?? new WeakMap()) : lasting;
    if (walk.isVariable) byVariables.set(variableValues, kept);
    kept.set(fieldNodes, (kept.get(fieldNodes) ?? new Map<string, Made>()).set(key, made));
    return made;
  };
}

const planOnce = createMemory<FieldPath[]>();
const findOnce = createMemory<boolean>();

/**
 * The REST fields that the selection below the field being resolved needs of an entity of type `typeName`.
 * `paths` lead from that field to the entity: `[[]]` for the field itself, `[['nodes'], ['edges', 'node']]` for a connection.
 */
export function planFields(
  info: GraphQLResolveInfo,
  typeName: string,
  paths: readonly (readonly string[])[] = [[]],
): FieldPath[] {
  return planOnce(info, `${typeName} ${paths.join(' ')}`, (walk) => {
    const fields = new Set<FieldPath>();
    for (const path of paths) {
      for (const node of nodesAt(walk, info.fieldNodes, path)) gatherNeeds(walk, node, typeName, fields);
    }
    return toMinimalFields(fields);
  });
}

/** Whether the selection below the field being resolved asks for anything at a path, such as `['pageInfo', 'total']`. */
export function isSelected(info: GraphQLResolveInfo, path: readonly string[]): boolean {
  return findOnce(info, path.join(' '), (walk) => nodesAt(walk, info.fieldNodes, path).length > 0);
}

function gatherNeeds(walk: Walk, node: FieldNode, typeName: string, fields: Set<FieldPath>): void {
  const { schema, variableValues } = walk.info;
  const type = schema.getType(typeName);
  if (!isObjectType(type)) return;
  const known = type.getFields();
  const visit: Visit = (field, child) => {
    const plan = planOf(field);
    if (!plan) return;
    const isByArgument = typeof plan.needs === 'function';
    if (isByArgument && child.arguments?.length) walk.isVariable = true;
    const needs = isByArgument ? plan.needs(getArgumentValues(field, child, variableValues), typeName) : plan.needs;
    for (const path of needs ?? []) fields.add(path);
    if (!plan.part) return;
    const parts = plan.part === true ? possibleNames(schema, field) : plan.part;
    for (const part of parts) gatherNeeds(walk, child, part, fields);
  };
  eachSelected(walk, node.selectionSet?.selections ?? [], typeName, (child) => {
    const field = known[child.name.value];
    if (field) visit(field, child);
  });
}

function possibleNames(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>): string[] {
  const type = getNamedType(field.type);
  return isAbstractType(type) ? schema.getPossibleTypes(type).map(({ name }) => name) : [type.name];
}

function planOf(field: GraphQLField<unknown, unknown>): FieldPlan | undefined {
  const plan = field.extensions['headgate'];
  return typeof plan === 'object' && plan !== null ? plan : undefined;
}

/** The field nodes at a path of field names; type conditions on the way are those of one concrete connection. */
function nodesAt(walk: Walk, from: readonly FieldNode[], path: readonly string[]): FieldNode[] {
  let nodes = [...from];
  for (const name of path) {
    const next: FieldNode[] = [];
    for (const node of nodes) {
      eachSelected(walk, node.selectionSet?.selections ?? [], undefined, (child) => {
        if (child.name.value === name) next.push(child);
      });
    }
    nodes = next;
  }
  return nodes;
}

/** Calls back for every field that is selected on a concrete type (on any, without one), fragments included. */
function eachSelected(
  walk: Walk,
  selections: readonly SelectionNode[],
  typeName: string | undefined,
  visit: (node: FieldNode) => void,
): void {
  for (const selection of selections) {
    if (!isIncluded(walk, selection)) continue;
    if (selection.kind === 'Field') {
      visit(selection);
      continue;
    }
    const fragment = selection.kind === 'FragmentSpread' ? walk.info.fragments[selection.name.value] : selection;
    if (fragment && appliesTo(walk.info.schema, fragment.typeCondition?.name.value, typeName)) {
      eachSelected(walk, fragment.selectionSet.selections, typeName, visit);
    }
  }
}

function appliesTo(schema: GraphQLSchema, condition: string | undefined, typeName: string | undefined): boolean {
  if (!condition || !typeName || condition === typeName) return true;
  const [abstract, concrete] = [schema.getType(condition), schema.getType(typeName)];
  return isAbstractType(abstract) && isObjectType(concrete) && schema.isSubType(abstract, concrete);
}

function isIncluded(walk: Walk, selection: SelectionNode): boolean {
  if (!selection.directives?.length) return true;
  walk.isVariable = true;
  const { variableValues } = walk.info;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variableValues);
  return skip?.['if'] !== true && include?.['if'] !== false;
}
