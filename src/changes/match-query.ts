// Owns telling whether a query of REST finds an entity, by what is remembered of it.

import { isTime } from '../loaders/keyset.ts';
import type { Query } from '../loaders/reader.ts';
import { toSlug } from '../loaders/slugs.ts';
import type { Fact, Facts } from './facts.ts';

/** Whether an entity is found; `maybe` where WordPress knows more than is remembered. */
export type Match = 'yes' | 'no' | 'maybe';

/** What of a query neither filters by itself nor sorts. */
const neutral = /^(?:per_page|page|offset|orderby|order|context|search_columns|.*\[(?:include_children|operator)\])$/;

/** Stati that the public sees: whatever is remembered is remembered because the public sees it. */
const publicStati = new Set(['publish', 'inherit', 'approve', 'approved', 'any', 'all']);

/** Name under which facts have the terms of a taxonomy together with all that are above them. */
export function kinName(restBase: string): string {
  return `${restBase}~`;
}

/** Whether a query finds an entity: null is one that the public does not see, undefined one that nothing is known of. */
export function matchQuery(query: Query, id: number, facts: Facts | null | undefined): Match {
  if (facts === null) return 'no';
  let match: Match = 'yes';
  for (const name of filtersOf(query)) {
    const one = matchFilter(query, name, id, facts);
    if (one === 'no') return 'no';
    if (one === 'maybe') match = 'maybe';
  }
  return facts ? match : 'maybe';
}

/** Whether what decides on an entity is the same in two states, so that the query finds either both or none. */
export function isDecidedAlike(query: Query, id: number, before: Facts, after: Facts): boolean {
  return filtersOf(query).every((name) => {
    const match = matchFilter(query, name, id, before);
    if (match !== 'maybe') return match === matchFilter(query, name, id, after);
    const fact = name.replace(/(?:_exclude)?(?:\[terms\])?$/, '');
    return before[fact] !== undefined && String(before[fact]) === String(after[fact]);
  });
}

function filtersOf(query: Query): string[] {
  return Object.keys(query).filter((name) => !neutral.test(name));
}

function matchFilter(query: Query, name: string, id: number, facts: Facts | undefined): Match {
  const value = query[name];
  if (value === undefined) return 'yes';
  if (name === 'include') return toMatch(hasOne(id, value));
  if (name === 'exclude') return toMatch(!hasOne(id, value));
  if (!facts) return 'maybe';
  if (name === 'status') return [value].flat().some((status) => publicStati.has(String(status))) ? 'yes' : 'maybe';
  const [, modified, side] = /^(modified_)?(after|before)$/.exec(name) ?? [];
  if (side) return matchTime(facts[modified ? 'modified' : 'date'], side, value);
  if (name === 'slug') return matchSlug(facts['slug'], value);
  if (name === 'hide_empty') return value === true ? matchFact(facts['count'], (count) => Number(count) > 0) : 'yes';
  const [, base = name, exclude, terms] = /^(.+?)(_exclude)?(\[terms\])?$/.exec(name) ?? [];
  const hasKin = query[`${base}${exclude ?? ''}[include_children]`] === true;
  const isAll = query[`${base}${exclude ?? ''}[operator]`] === 'AND';
  const fact = facts[terms && hasKin ? kinName(base) : base];
  const holds = (own: Fact) => (isAll ? [value].flat().every((one) => hasOne(own, one)) : hasOne(own, value));
  return matchFact(fact, (own) => holds(own) !== (exclude !== undefined));
}

function matchTime(time: Fact | undefined, side: string, bound: Query[string]): Match {
  if (typeof time !== 'string' || typeof bound !== 'string' || !isTime(time) || !isTime(bound)) return 'maybe';
  return toMatch(side === 'after' ? time > bound : time < bound);
}

function matchSlug(slug: Fact | undefined, wanted: Query[string]): Match {
  if (typeof slug !== 'string') return 'maybe';
  return toMatch([wanted].flat().some((one) => toSlug(String(one)) === toSlug(slug)));
}

function matchFact(fact: Fact | undefined, test: (fact: Fact) => boolean): Match {
  return fact === undefined ? 'maybe' : toMatch(test(fact));
}

/** Whether one of the values is one of those wanted. */
function hasOne(values: Fact, wanted: Query[string]): boolean {
  const all = new Set([wanted].flat().map(String));
  return [values].flat().some((value) => all.has(String(value)));
}

function toMatch(holds: boolean): Match {
  return holds ? 'yes' : 'no';
}
