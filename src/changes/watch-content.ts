// Owns noticing changes of one type of content: what was modified, oldest first, and by the total what else came or went.

import type { RestObject } from '../cache/fields-record.ts';
import { maxPerPage } from '../wordpress/resources.ts';
import { type Edit, toEdit } from './facts.ts';
import { type Before, missedEdits, nothingBefore } from './missed.ts';
import { idOf, type ReadRows, type Rows } from './read-rows.ts';
import type { Watched } from './read-whole.ts';
import { createTotalCheck } from './total-check.ts';
import type { TypeState } from './type-state.ts';
import { verifyPage } from './verify-content.ts';

/** How watching content is set. */
export interface WatchContentOptions {
  readonly state: TypeState;
  readonly read: ReadRows;
  readonly before?: Before;
  /** IANA name of the site's time zone: its clock goes back once a year. */
  readonly timezone: string | null;
}

/** Turns after which a page is compared as a whole. */
const wideEvery = 5;
/** Pages of changes that are read at one time at most. */
const maxPages = 1000;

/** Watches one type of content: one request for one row while it is quiet. */
export function watchContent({ state, read, timezone, before = nothingBefore }: WatchContentOptions): Watched {
  const { resource, known, fields } = state;
  const { route } = resource;
  /** The newest modification that was seen, of those that are not in the future. */
  let newestMs = 0;
  let top = '';
  let turn = 0;
  /** The page that was verified last, beside the latest. */
  let next = 1;
  /**
   * What was read in the very second in which it was modified: it may be modified again in that second. Whether somebody
   * else told of it, and it need not be told again.
   */
  const unsettled = new Map<number, boolean>();

  function take(row: RestObject, nowMs: number): Edit | null {
    const id = idOf(row);
    const modifiedMs = modifiedOf(row);
    if (modifiedMs <= nowMs) newestMs = Math.max(newestMs, modifiedMs);
    const edit = state.take(row);
    const isTold = unsettled.get(id);
    const wasEarly = unsettled.delete(id);
    const isEarly = modifiedMs >= nowMs - secondMs && modifiedMs <= nowMs + secondMs;
    if (isEarly) unsettled.set(id, !edit && isTold !== false);
    if (edit || !wasEarly) return edit;
    const facts = known.facts.get(id);
    return state.note({ ...toEdit(resource, id, facts, facts), ...(isTold ? { isTold } : {}) });
  }

  const total = createTotalCheck(state, read, take);

  async function readModified(nowMs: number): Promise<Edit[]> {
    const edits: (Edit | null)[] = [];
    let sinceMs = Math.min(newestMs, nowMs) - secondMs;
    sinceMs -= backwardMs(timezone, sinceMs, nowMs);
    for (let count = 0, page = 1; count < maxPages; count += 1) {
      const order = { orderby: 'modified', order: 'asc', per_page: maxPerPage, page };
      const found = await read(route, { modified_after: toUtc(sinceMs), ...order, _fields: fields });
      const { rows, total: counted } = found;
      edits.push(...rows.map((row) => take(row, found.nowMs)));
      const last = rows.at(-1);
      // Rows that are not shown leave gaps: only the total tells the last page.
      if (counted === null ? rows.length < maxPerPage : page * maxPerPage >= counted) break;
      // As many as a page may have one time, or what is not shown: then the next page of the same question follows.
      const nextMs = last ? modifiedOf(last) - secondMs : sinceMs;
      page = nextMs > sinceMs ? 1 : page + 1;
      sinceMs = Math.max(sinceMs, nextMs);
    }
    return edits.filter((edit) => edit !== null);
  }

  const readNewest = (page: number, perPage: number) => {
    const order = { orderby: 'modified', order: 'desc', per_page: perPage, ...(page > 1 ? { page } : {}) };
    return read(route, { ...order, _fields: ['id', 'modified_gmt'] });
  };

  /** Verifies the latest page, and another one in turn. */
  async function verify(newest: Rows): Promise<Edit[]> {
    const edits = await verifyPage(state, newest, 1);
    if (newest.total === null || newest.total <= maxPerPage) return edits;
    next = next * maxPerPage < newest.total ? next + 1 : 2;
    return [...edits, ...(await verifyPage(state, await readNewest(next, maxPerPage), next))];
  }

  async function first(): Promise<Edit[]> {
    const ageMs = before.ageMs();
    return missedEdits(state, await total.first(), ageMs, before);
  }

  return {
    name: resource.plural,
    async probe() {
      if (!known.isComplete && !known.isTooMuch) return first();
      turn += 1;
      const isWide = turn % wideEvery === 0;
      const newest = await readNewest(1, isWide ? maxPerPage : 1);
      const { rows, total: counted, nowMs } = newest;
      const [row] = rows;
      const newTop = row ? `${idOf(row)} ${row['modified_gmt']}` : '';
      const isFuture = row !== undefined && modifiedOf(row) > nowMs + secondMs;
      // Behind one that is not shown, as media of private content are, others may have been modified.
      const isHidden = row === undefined && counted !== 0;
      const edits = newTop !== top || isFuture || isHidden || unsettled.size > 0 ? await readModified(nowMs) : [];
      // Another one is the latest, and nothing was modified: the one before is gone, whatever the total says.
      const hasLost = newTop !== top && edits.length === 0;
      top = newTop;
      if (isWide || hasLost || edits.length > 0)
        edits.push(...(await verify(isWide ? newest : await readNewest(1, maxPerPage))));
      return [...edits, ...(await total.check(counted))];
    },
  };
}

const secondMs = 1000;

function modifiedOf(row: RestObject): number {
  const ms = Date.parse(`${row['modified_gmt']}Z`);
  return Number.isNaN(ms) ? 0 : ms;
}

/** WordPress makes its own time of one with a zone. */
function toUtc(ms: number): string {
  return new Date(Math.max(0, ms)).toISOString().replace(/\.\d+/, '');
}

/** By how much the site's clock went back since then: what came later may have an earlier time. */
function backwardMs(timezone: string | null, sinceMs: number, nowMs: number): number {
  if (timezone === null) return 0;
  return Math.max(0, offsetMs(timezone, sinceMs) - offsetMs(timezone, nowMs));
}

function offsetMs(timezone: string, ms: number): number {
  try {
    const parts = new Intl.DateTimeFormat('en', { timeZone: timezone, timeZoneName: 'longOffset' }).formatToParts(ms);
    const text = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d+):(\d+)/.exec(text) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  } catch {
    return 0;
  }
}
