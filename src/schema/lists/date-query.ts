// Owns `where.dateQuery`: its periods as the exclusive bounds that REST takes, and its other parts checked here.

import { UserError } from '../../errors.ts';
import { addSeconds } from '../../loaders/keyset.ts';
import type { Keep } from '../../loaders/list-spec.ts';
import type { Query } from '../../loaders/reader.ts';
import type { Builder } from '../builder.ts';
import { isObject, readTime } from '../read.ts';

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

/** What a date query asks for: REST's filters, and what is checked here. */
export interface DateFilters {
  readonly query: Query;
  readonly keep: readonly Keep[];
}

/** Reads a date query (`WP_Date_Query`). Throws `UserError` for what cannot be told from the times that REST shows. */
export function parseDateQuery(dateQuery: unknown): DateFilters {
  if (!isObject(dateQuery)) return { query: {}, keep: [] };
  const read = (name: string): unknown => dateQuery[name] ?? undefined;
  // Weeks begin on the day that a setting says, which WordPress does not show to the public.
  if (read('week') !== undefined) throw unsupported('where.dateQuery.week');
  const isInclusive = read('inclusive') === true;
  const column = read('column') === 'modified' ? 'modified' : 'date';
  const { period: own, rest } = splitParts(dateQuery, read('compare'));
  const after = parsePeriod(read('after'), 'where.dateQuery.after');
  const before = parsePeriod(read('before'), 'where.dateQuery.before');
  const earliest = [own?.first, after && (isInclusive ? after.first : addSeconds(after.last, 1))];
  const latest = [own?.last, before && (isInclusive ? before.last : addSeconds(before.first, -1))];
  const conditions = [own, after, before, rest].filter((condition) => condition !== undefined);
  if (read('relation') === 'or' && conditions.length > 1) throw unsupported('where.dateQuery.relation: OR');
  const from = earliest
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
  const until = latest
    .filter((time) => time !== undefined)
    .sort()
    .at(0);
  const prefix = column === 'modified' ? 'modified_' : '';
  return {
    query: {
      ...(from === undefined ? {} : { [`${prefix}after`]: addSeconds(from, -1) }),
      ...(until === undefined ? {} : { [`${prefix}before`]: addSeconds(until, 1) }),
    },
    keep: rest
      ? [{ argument: 'dateQuery', fields: [column], test: ({ data }) => rest(readTime(data, column) ?? '') }]
      : [],
  };
}

type TimeTest = (time: string) => boolean;

/** The parts of a date query that are a period, such as a month of a year; and the others, such as a month of any year. */
function splitParts(date: Readonly<Record<string, unknown>>, compare: unknown) {
  const isGiven = (part: string) => typeof date[part] === 'number';
  const operator = compare ?? '=';
  const gap = parts.findIndex((part) => !isGiven(part));
  const leading = operator === '=' ? parts.slice(0, gap === -1 ? parts.length : gap) : [];
  const others = parts.filter((part, index) => isGiven(part) && index >= leading.length);
  const own = Object.fromEntries(leading.map((part) => [part, date[part]]));
  return {
    period: parsePeriod(own, 'where.dateQuery'),
    rest: others.length > 0 ? partsTest(date, others, String(operator)) : undefined,
  };
}

/** As WordPress compares: each part of a day by itself, and the parts of a time as one number. */
function partsTest(date: Readonly<Record<string, unknown>>, given: readonly string[], operator: string): TimeTest {
  const compare = comparisons[operator];
  if (!compare) throw unsupported(`where.dateQuery.compare: ${operator}`);
  const days = given.filter((part) => !timeParts.includes(part)).map((part) => [part]);
  const times = given.filter((part) => timeParts.includes(part));
  const groups = times.length > 0 ? [...days, times] : days;
  const numberOf = (values: readonly number[]) => values.reduce((sum, value) => 100 * sum + value, 0);
  return (time) => {
    const values = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(time)?.slice(1).map(Number);
    if (!values) return false;
    const own = new Map<string, number>(parts.map((part, index) => [part, values[index] ?? 0]));
    return groups.every((group) =>
      compare(numberOf(group.map((part) => own.get(part) ?? 0)), numberOf(group.map((part) => Number(date[part])))),
    );
  };
}

const timeParts: readonly string[] = ['hour', 'minute', 'second'];

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

function parsePeriod(date: unknown, name: string): Period | undefined {
  if (!isObject(date)) return undefined;
  const values = parts.map((part) => date[part] ?? undefined);
  const given = values.filter((value) => value !== undefined).length;
  if (given === 0) return undefined;
  // WordPress would fill in the current year, and the last month of it.
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
