// Owns telling whether a change concerns a list that an answer was made from: by its filters, its order and its window.

import { isTime } from '../loaders/keyset.ts';
import { type ListUse, orderPaths } from '../loaders/list-use.ts';
import type { Query } from '../loaders/reader.ts';
import { compareTexts } from './compare-texts.ts';
import type { Edit, Facts } from './facts.ts';
import { isDecidedAlike, matchQuery } from './match-query.ts';

/** Whether a list may have another entity, lose one, or show them in another order, after a change. */
export function isAffected(use: ListUse, edit: Edit): boolean {
  if (use.tag !== edit.list) return false;
  const { query, reads = [] } = use;
  if (!query) return true;
  const { id, before, after } = edit;
  const [was, is] = [matchQuery(query, id, before), matchQuery(query, id, after)];
  if (was === 'no' && is === 'no') return false;
  const hasMoved = was !== is || (was === 'maybe' && !(before && after && isDecidedAlike(query, id, before, after)));
  if (use.isCount) return hasMoved;
  const order = orderOf(query);
  const decisive = order ? [order.path, ...reads] : null;
  if (!hasMoved && decisive?.every((path) => isSame(path, before, after))) return false;
  const isSeen = (match: string, facts: Edit['before']) => match !== 'no' && isInWindow(use, order, id, facts);
  return isSeen(was, before) || isSeen(is, after);
}

interface Order {
  readonly path: string;
  readonly isAscending: boolean;
}

function orderOf({ orderby, order, include }: Query): Order | null {
  // Ids that are asked for by themselves are put into their order here.
  if (orderby === undefined) return include === undefined ? null : { path: 'id', isAscending: false };
  const path = orderPaths[String(orderby)];
  return path === undefined ? null : { path, isAscending: order === 'asc' };
}

function isSame(path: string, before: Edit['before'], after: Edit['after']): boolean {
  if (path === 'id') return true;
  const [was, is] = [before?.[path], after?.[path]];
  return was !== undefined && is !== undefined && String(was) === String(is);
}

function isInWindow({ end, tied }: ListUse, order: Order | null, id: number, facts: Facts | null | undefined): boolean {
  if (end === undefined || !order) return true;
  const key = order.path === 'id' ? id : facts?.[order.path];
  if (typeof key !== 'string' && typeof key !== 'number') return true;
  const compared = compareKeys(order.path, String(key), end);
  if (compared === 0 && tied) return tied.order === 'asc' ? id <= tied.id : id >= tied.id;
  return compared === null || compared === 0 || compared < 0 === order.isAscending;
}

const numeric = new Set(['id', 'author', 'parent', 'menu_order', 'count']);

/** Null where only the database knows which comes first. */
function compareKeys(path: string, key: string, end: string): number | null {
  if (key === end) return 0;
  if (numeric.has(path)) return Number(key) - Number(end);
  if (isTime(key) && isTime(end)) return key < end ? -1 : 1;
  return compareTexts(key, end);
}
