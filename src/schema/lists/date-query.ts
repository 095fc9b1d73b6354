// Owns `where.dateQuery`: its periods as the exclusive bounds that REST takes.

import { UserError } from '../../errors.ts';
import { addSeconds } from '../../loaders/keyset.ts';
import type { Query } from '../../loaders/reader.ts';
import type { Builder } from '../builder.ts';
import { isObject } from '../read.ts';

/** Declares the inputs of a date query. */
export function defineDateQuery(builder: Builder): void {
  builder.enum('PostObjectsConnectionDateColumnEnum', { DATE: 'date', MODIFIED: 'modified' });
  builder.enum('RelationEnum', { AND: 'and', OR: 'or' });
  const date = { day: 'Int', hour: 'Int', minute: 'Int', month: 'Int', second: 'Int', year: 'Int' };
  builder.input('DateInput', date, 'A moment, or a longer period where its smaller parts are missing.');
  builder.input('DateQueryInput', {
    ...date,
    after: 'DateInput',
    before: 'DateInput',
    column: 'PostObjectsConnectionDateColumnEnum',
    compare: 'String',
    inclusive: 'Boolean',
    relation: 'RelationEnum',
    week: 'Int',
  });
}

const parts = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** First and last second of a period, in the time of the site. */
interface Period {
  readonly first: string;
  readonly last: string;
}

/** The REST filters of a date query (`WP_Date_Query`). Throws `UserError` for what REST has no filter for. */
export function parseDateQuery(dateQuery: unknown): Query {
  if (!isObject(dateQuery)) return {};
  const read = (name: string): unknown => dateQuery[name] ?? undefined;
  for (const name of ['week', 'compare']) {
    if (read(name) !== undefined) throw unsupported(`where.dateQuery.${name}`);
  }
  const isInclusive = read('inclusive') === true;
  const own = parsePeriod(dateQuery, 'where.dateQuery');
  const after = parsePeriod(read('after'), 'where.dateQuery.after');
  const before = parsePeriod(read('before'), 'where.dateQuery.before');
  const earliest = [own?.first, after && (isInclusive ? after.first : addSeconds(after.last, 1))];
  const latest = [own?.last, before && (isInclusive ? before.last : addSeconds(before.first, -1))];
  const periods = [own, after, before].filter((period) => period !== undefined);
  if (read('relation') === 'or' && periods.length > 1) throw unsupported('where.dateQuery.relation: OR');
  const from = earliest
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  const until = latest
    .filter((time) => time !== undefined)
    .sort()
    .at(0);
  const prefix = read('column') === 'modified' ? 'modified_' : '';
  return {
    ...(from === undefined ? {} : { [`${prefix}after`]: addSeconds(from, -1) }),
    ...(until === undefined ? {} : { [`${prefix}before`]: addSeconds(until, 1) }),
  };
}

function parsePeriod(date: unknown, name: string): Period | undefined {
  if (!isObject(date)) return undefined;
  const values = parts.map((part) => date[part] ?? undefined);
  const given = values.filter((value) => value !== undefined).length;
  if (given === 0) return undefined;
  // A month of any year is no period: REST compares with moments.
  if (values.slice(0, given).includes(undefined)) throw unsupported(`${name} without its greater parts`);
  const own = values.slice(0, given).map(Number);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = own;
  const first = Date.UTC(year, month - 1, day, hour, minute, second);
  // Months and days that there are not would be those of the next year or month.
  const at = new Date(first);
  const days = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  const real = [...days, at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  if (own.some((part, index) => part !== real[index])) throw new UserError(`${name} is not a date.`);
  const next = [...own];
  next[given - 1] = (next[given - 1] ?? 0) + 1;
  const [y = 0, m = 1, d = 1, h = 0, min = 0, s = 0] = next;
  const last = Date.UTC(y, m - 1, d, h, min, s) - 1000;
  if (!isTime(first) || !isTime(last)) throw new UserError(`${name} is not a date.`);
  return { first: toTime(first), last: toTime(last) };
}

/** Years of four digits: what REST can compare with. */
function isTime(ms: number): boolean {
  return ms >= Date.UTC(1000, 0, 1) && ms < Date.UTC(10_000, 0, 1);
}

function toTime(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19);
}

function unsupported(what: string): UserError {
  return new UserError(
    `${what} cannot be asked of WordPress's REST API, which filters by moments only.`,
    'UNSUPPORTED',
  );
}
