// Owns what it takes to compare the fields of a document with each other, as validation does to find those that conflict.

import {
  type DocumentNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Limits } from '../limits.ts';

/** A selection set, and the fragments that led to it: one that leads back to itself is left to validation. */
interface Branch {
  readonly set: SelectionSetNode;
  readonly within: readonly string[];
}

/**
 * Throws a `LimitError` where a document takes too many comparisons. Fields that answer under one name are compared each
 * with each, and what they select is merged: nineteen times a field that has another one nineteen times are 361 of the
 * same. So are the fragments of a place.
 */
export function checkComparisons(document: DocumentNode, limits: Limits): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const reached = new Set<string>();
  let comparisons = 0;

  function count(groups: Map<string, number>, key: string): void {
    const times = (groups.get(key) ?? 0) + 1;
    groups.set(key, times);
    comparisons += times;
    limits.check('comparisons', comparisons);
  }

  /** What stands at one place of the answer, wherever in the document it is selected. */
  function compare(branches: readonly Branch[]): void {
    const times = new Map<string, number>();
    const inner = new Map<string, Branch[]>();
    const open = [...branches];
    for (let branch = open.pop(); branch; branch = open.pop()) {
      const { set, within } = branch;
      for (const selection of set.selections) {
        if (selection.kind === Kind.INLINE_FRAGMENT) {
          open.push({ set: selection.selectionSet, within });
        } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
          const name = selection.name.value;
          const fragment = fragments.get(name);
          reached.add(name);
          count(times, '...');
          if (fragment && !within.includes(name)) {
            open.push({ set: fragment.selectionSet, within: [...within, name] });
          }
        } else {
          const key = selection.alias?.value ?? selection.name.value;
          count(times, key);
          if (!selection.selectionSet) continue;
          const below = inner.get(key) ?? [];
          inner.set(key, below);
          below.push({ set: selection.selectionSet, within });
        }
      }
    }
    for (const below of inner.values()) compare(below);
  }

  const start = ({ selectionSet }: OperationDefinitionNode | FragmentDefinitionNode) =>
    compare([{ set: selectionSet, within: [] }]);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  for (const definition of document.definitions) if (definition.kind === Kind.OPERATION_DEFINITION) start(definition);
  // Validation looks at those as well that nothing spreads.
  for (const [name, fragment] of fragments) if (!reached.has(name)) start(fragment);
}
