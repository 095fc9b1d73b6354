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

type Plans = WeakMap<readonly FieldNode[], Map<string, FieldPath[]>>;

/** Plans of one execution, by its variables. */
const plansOfVariables = new WeakMap<object, Plans>();

/** Plans of operations without variables: compiled ones keep their arrays of nodes from one execution to the next. */
const lastingPlans: Plans = new WeakMap();

function plansOf({ operation, variableValues }: GraphQLResolveInfo): Plans {
  if (!operation.variableDefinitions?.length) return lastingPlans;
  const known = plansOfVariables.get(variableValues) ?? new WeakMap();
  plansOfVariables.set(variableValues, known);
  return known;
}

/**
 * The REST fields that the selection below the field being resolved needs of an entity of type `typeName`.
 * `paths` lead from that field to the entity: `[[]]` for the field itself, `[['nodes'], ['edges', 'node']]` for a connection.
 */
export function planFields(
  info: GraphQLResolveInfo,
  typeName: string,
  paths: readonly (readonly string[])[] = [[]],
): FieldPath[] {
  // There is one array of field nodes for all siblings: it stands for their selection.
  const plans = plansOf(info);
  const known = plans.get(info.fieldNodes) ?? new Map<string, FieldPath[]>();
  plans.set(info.fieldNodes, known);
  const key = `${typeName} ${paths.join(' ')}`;
  const planned = known.get(key);
  if (planned) return planned;
  const fields = new Set<FieldPath>();
  for (const path of paths) {
    for (const node of nodesAt(info, info.fieldNodes, path)) gatherNeeds(info, node, typeName, fields);
  }
  const plan = toMinimalFields(fields);
  known.set(key, plan);
  return plan;
}

/** Whether the selection below the field being resolved asks for anything at a path, such as `['pageInfo', 'total']`. */
export function isSelected(info: GraphQLResolveInfo, path: readonly string[]): boolean {
  return nodesAt(info, info.fieldNodes, path).length > 0;
}

function gatherNeeds(info: GraphQLResolveInfo, node: FieldNode, typeName: string, fields: Set<FieldPath>): void {
  const type = info.schema.getType(typeName);
  if (!isObjectType(type)) return;
  const known = type.getFields();
  const visit: Visit = (field, child) => {
    const plan = planOf(field);
    if (!plan) return;
    const needs =
      typeof plan.needs === 'function'
        ? plan.needs(getArgumentValues(field, child, info.variableValues), typeName)
        : plan.needs;
    for (const path of needs ?? []) fields.add(path);
    if (!plan.part) return;
    const parts = plan.part === true ? possibleNames(info.schema, field) : plan.part;
    for (const part of parts) gatherNeeds(info, child, part, fields);
  };
  eachSelected(info, node.selectionSet?.selections ?? [], typeName, (child) => {
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
function nodesAt(info: GraphQLResolveInfo, from: readonly FieldNode[], path: readonly string[]): FieldNode[] {
  let nodes = [...from];
  for (const name of path) {
    const next: FieldNode[] = [];
    for (const node of nodes) {
      eachSelected(info, node.selectionSet?.selections ?? [], undefined, (child) => {
        if (child.name.value === name) next.push(child);
      });
    }
    nodes = next;
  }
  return nodes;
}

/** Calls back for every field that is selected on a concrete type (on any, without one), fragments included. */
function eachSelected(
  info: GraphQLResolveInfo,
  selections: readonly SelectionNode[],
  typeName: string | undefined,
  visit: (node: FieldNode) => void,
): void {
  for (const selection of selections) {
    if (!isIncluded(info, selection)) continue;
    if (selection.kind === 'Field') {
      visit(selection);
      continue;
    }
    const fragment = selection.kind === 'FragmentSpread' ? info.fragments[selection.name.value] : selection;
    if (fragment && appliesTo(info.schema, fragment.typeCondition?.name.value, typeName)) {
      eachSelected(info, fragment.selectionSet.selections, typeName, visit);
    }
  }
}

function appliesTo(schema: GraphQLSchema, condition: string | undefined, typeName: string | undefined): boolean {
  if (!condition || !typeName || condition === typeName) return true;
  const [abstract, concrete] = [schema.getType(condition), schema.getType(typeName)];
  return isAbstractType(abstract) && isObjectType(concrete) && schema.isSubType(abstract, concrete);
}

function isIncluded(info: GraphQLResolveInfo, selection: SelectionNode): boolean {
  if (!selection.directives?.length) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, info.variableValues);
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, info.variableValues);
  return skip?.['if'] !== true && include?.['if'] !== false;
}
