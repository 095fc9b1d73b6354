// Owns measuring a document against the limits, in one visit of each of its nodes, before it is validated.

import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Limits } from '../limits.ts';

/** What a selection set weighs with the fragments that it spreads. */
interface Weight {
  /** Levels of fields. */
  readonly depth: number;
  readonly selections: number;
  /** Fields of its own level. */
  readonly fields: number;
}

/** Where a selection stands. */
interface Place {
  /** The type that its fields are of, where an inline fragment says so. */
  readonly condition: string;
  /** Whether it asks for the schema, not for data. */
  readonly isMeta: boolean;
}

const nothing: Weight = { depth: 0, selections: 0, fields: 0 };

/**
 * Throws a `LimitError` where a document is too large. Fragments are weighed once: two spreads in each of twenty levels
 * of fragments are a million selections, and forty visits. Cycles are left to validation, which comes after.
 */
export function checkDocument(document: DocumentNode, limits: Limits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const weights = new Map<string, Weight>();
  let aliases = 0;
  let metaAliases = 0;
  let directives = 0;

  function countDirectives({ directives: here = [] }: Pick<SelectionNode, 'directives'>): void {
    limits.check('directivesAtOnePlace', here.length);
    directives += here.length;
    limits.check('directives', directives);
  }

  function weigh(set: SelectionSetNode | undefined, keys: Map<string, number>, { condition, isMeta }: Place): Weight {
    let total = nothing;
    for (const selection of set?.selections ?? []) {
      countDirectives(selection);
      const inner = weighOne(selection, keys, { condition, isMeta });
      total = {
        depth: Math.max(total.depth, inner.depth),
        selections: total.selections + 1 + inner.selections,
        fields: total.fields + inner.fields,
      };
      limits.check('depth', total.depth);
      limits.check('selections', total.selections);
    }
    return total;
  }

  function weighOne(selection: SelectionNode, keys: Map<string, number>, { condition, isMeta }: Place): Weight {
    switch (selection.kind) {
      case Kind.FIELD: {
        const name = selection.name.value;
        if (selection.alias) {
          limits.check('aliases', ++aliases);
          if (isMeta || name === '__schema') limits.check('introspectionAliases', ++metaAliases);
        }
        countKey(keys, `${condition}${selection.alias?.value ?? name}`);
        const inner = weigh(selection.selectionSet, new Map(), { condition: '', isMeta: isMeta || isMetaName(name) });
        return { depth: 1 + inner.depth, selections: inner.selections, fields: 1 };
      }
      case Kind.INLINE_FRAGMENT: {
        // What is selected on one type or another stands beside each other in the query, and not in the answer.
        const type = selection.typeCondition?.name.value;
        return weigh(selection.selectionSet, keys, { condition: type === undefined ? condition : `${type}.`, isMeta });
      }
      case Kind.FRAGMENT_SPREAD:
        countKey(keys, `${condition}...${selection.name.value}`);
        return weighFragment(selection.name.value);
    }
  }

  function countKey(keys: Map<string, number>, key: string): void {
    const times = (keys.get(key) ?? 0) + 1;
    limits.check('repeats', times);
    keys.set(key, times);
  }

  function weighFragment(name: string): Weight {
    const known = weights.get(name);
    if (known) return known;
    // A fragment that leads back to itself weighs nothing the second time.
    weights.set(name, nothing);
    const fragment = fragments.get(name);
    const isMeta = isMetaName(fragment?.typeCondition.name.value ?? '');
    const weight = weigh(fragment?.selectionSet, new Map(), { condition: '', isMeta });
    weights.set(name, weight);
    return weight;
  }

  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      countDirectives(definition);
      weighFragment(definition.name.value);
    } else if (definition.kind === Kind.OPERATION_DEFINITION) {
      countDirectives(definition);
      for (const variable of definition.variableDefinitions ?? []) countDirectives(variable);
      limits.check('rootFields', weigh(definition.selectionSet, new Map(), { condition: '', isMeta: false }).fields);
    }
  }
}

/** Names of introspection's types and fields begin so, and no others. */
function isMetaName(name: string): boolean {
  return name.startsWith('__');
}
