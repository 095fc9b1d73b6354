// Owns taking in what WordPress shows of one type: each row beside what was known of it, and what is gone.

import type { RestObject } from '../cache/fields-record.ts';
import { maxPerPage, type Resource, type Resources } from '../wordpress/resources.ts';
import { anyId, differences, type Edit, type Facts, factFields, toEdit, toFacts } from './facts.ts';
import type { KnownType } from './known-facts.ts';
import { idOf, type ReadRows } from './read-rows.ts';

/** One type of the site as the watcher follows it. */
export interface TypeState {
  readonly resource: Resource;
  readonly known: KnownType;
  /** REST fields that are read of it. */
  readonly fields: readonly string[];
  /** Notes a change. */
  note(edit: Edit): Edit;
  /** Takes in a row; the change, if it is one. */
  take(row: RestObject): Edit | null;
  /** Takes in that something is not shown any more. */
  lose(id: number): Edit | null;
  /** Takes in what another process noticed, and notes nothing. */
  learn(edit: Edit): void;
  /** Ids of what was lost while it stood below something that may be shown again. */
  lostBelow(parent: number): number[];
  /** Reads some of it anew, and tells what is different. */
  reread(ids: readonly number[]): Promise<Edit[]>;
}

/** What following a type stands on. */
export interface TypeStateOptions {
  readonly resource: Resource;
  readonly resources: Resources;
  readonly known: KnownType;
  readonly read: ReadRows;
  /** Where changes are noted as soon as they are taken in. */
  readonly journal: Edit[];
  /** Adds what the rows do not tell by themselves. */
  readonly complete?: (facts: Facts) => Facts;
}

/** How much of what was lost is remembered. */
const maxLost = 10_000;

/** Follows one type. */
export function createTypeState(options: TypeStateOptions): TypeState {
  const { resource, resources, known, read, journal, complete = (facts) => facts } = options;
  const fields = factFields(resource, resources);

  /** What was lost, and what it stood below. */
  const lost = new Map<number, number>();

  function note(edit: Edit): Edit {
    journal.push(edit);
    return edit;
  }

  function take(row: RestObject): Edit | null {
    const id = idOf(row);
    if (id === 0) return null;
    const before = known.facts.get(id);
    const after = complete(toFacts(row, fields));
    if (before && differences(before, after).length === 0) return null;
    known.set(id, after);
    lost.delete(id);
    return note(toEdit(resource, id, before ?? (known.isComplete ? null : undefined), after));
  }

  function forget(id: number, before: Facts): void {
    known.delete(id);
    if (typeof before['parent'] === 'number' && before['parent'] > 0) lost.set(id, before['parent']);
    const [oldest] = lost.keys();
    if (lost.size > maxLost && oldest !== undefined) lost.delete(oldest);
  }

  function lose(id: number): Edit | null {
    const before = known.facts.get(id);
    if (!before) return null;
    forget(id, before);
    return note(toEdit(resource, id, before, null));
  }

  return {
    resource,
    known,
    fields,
    note,
    take,
    lose,
    learn({ id, before, after }) {
      const own = known.facts.get(id);
      // What is learnt while all is read for the first time may be older than what is read.
      if (!known.isComplete || id === anyId || after === undefined) return;
      if (after === null) {
        if (own) forget(id, own);
      } else if (!before || differences(before, after).length > 0) {
        known.set(id, after);
        lost.delete(id);
      }
    },
    lostBelow: (parent) => [...lost].filter(([, own]) => own === parent).map(([id]) => id),
    async reread(ids) {
      const edits: (Edit | null)[] = [];
      for (let start = 0; start < ids.length; start += maxPerPage) {
        const include = ids.slice(start, start + maxPerPage);
        const { rows, isPartial } = await read(resource.route, { include, per_page: maxPerPage, _fields: fields });
        edits.push(...rows.map(take));
        const shown = new Set(rows.map(idOf));
        for (const id of isPartial ? [] : include) if (!shown.has(id)) edits.push(lose(id));
      }
      return edits.filter((edit) => edit !== null);
    },
  };
}
