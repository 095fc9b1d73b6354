// Owns `where.dateQuery`: its periods as the exclusive bounds that REST takes, and its other parts checked here.

import { UserError } from '../../errors.ts';
import { addSeconds } from '../../loaders/keyset.ts';
import type { Keep } from '../../loaders/list-spec.ts';
import type { Loaders } from '../../loaders/loaders.ts';
import { isDenied, type Query } from '../../loaders/reader.ts';
import type { Builder } from '../builder.ts';
import { isObject, readInt, readTime } from '../read.ts';

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
    compare: {
      type: 'String',
      description:
        'How the parts are compared: `=`, `!=`, `>`, `>=`, `<` or `<=`; anything else is `=`, as in WordPress.',
    },
    inclusive: 'Boolean',
    relation: {
      type: 'RelationEnum',
      description: 'Without effect: the parts of one date query hold together, as in WordPress.',
    },
    week: {
      type: 'Int',
      description:
        'Week of the year, 0 to 53. It begins on the day that the site has set, where the gateway’s own credentials show' +
        ' that; else on Monday.',
    },
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

/** What reads with the gateway's own credentials; null without any. */
interface SettingsReader {
  readonly ownLoaders: Pick<Loaders, 'object'> | null;
}

/** Where a site has not set another day, its weeks begin on Monday. */
const monday = 1;

/** The day on which the weeks of a site begin, 0 for Sunday: WordPress shows it to administrators. */
async function readStartOfWeek({ ownLoaders }: SettingsReader): Promise<number> {
  if (!ownLoaders) return monday;
  try {
    return readInt(await ownLoaders.object('wp/v2/settings', ['start_of_week']), 'start_of_week') ?? monday;
  } catch (error) {
    if (isDenied(error)) return monday;
    throw error;
  }
}

/** Reads `where.dateQuery`, for which a setting of the site may have to be known. */
export async function loadDateQuery(dateQuery: unknown, context: SettingsReader): Promise<DateFilters> {
  const hasWeek = isObject(dateQuery) && typeof dateQuery['week'] === 'number';
  return parseDateQuery(dateQuery, hasWeek ? await readStartOfWeek(context) : monday);
}

/** Reads a date query (`WP_Date_Query`). Throws `UserError` for what is no date. */
export function parseDateQuery(dateQuery: unknown, startOfWeek: number, now = new Date()): DateFilters {
  if (!isObject(dateQuery)) return { query: {}, keep: [] };
  const read = (name: string): unknown => dateQuery[name] ?? undefined;
  const isInclusive = read('inclusive') === true;
  const column = read('column') === 'modified' ? 'modified' : 'date';
  const { period: own, rest } = splitParts(dateQuery, read('compare'), startOfWeek);
  const year = now.getUTCFullYear();
  const after = parsePeriod(read('after'), 'where.dateQuery.after', year);
  const before = parsePeriod(read('before'), 'where.dateQuery.before', year);
  const earliest = [own?.first, after && (isInclusive ? after.first : addSeconds(after.last, 1))];
  const latest = [own?.last, before && (isInclusive ? before.last : addSeconds(before.first, -1))];
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
function splitParts(date: Readonly<Record<string, unknown>>, compare: unknown, startOfWeek: number) {
  const isGiven = (part: string) => typeof date[part] === 'number';
  const operator = comparisons[String(compare)] ? String(compare) : '=';
  const gap = parts.findIndex((part) => !isGiven(part));
  const leading = operator === '=' ? parts.slice(0, gap === -1 ? parts.length : gap) : [];
  const others = [...parts.slice(leading.length), 'week'].filter(isGiven);
  const own = Object.fromEntries(leading.map((part) => [part, date[part]]));
  return {
    period: parsePeriod(own, 'where.dateQuery'),
    rest: others.length > 0 ? partsTest(date, others, operator, startOfWeek) : undefined,
  };
}

/** As WordPress compares: each part of a day by itself, and the parts of a time as one number. */
function partsTest(
  date: Readonly<Record<string, unknown>>,
  given: readonly string[],
  operator: string,
  startOfWeek: number,
): TimeTest {
  const compare = comparisons[operator] ?? isEqual;
  const days = given.filter((part) => !timeParts.includes(part)).map((part) => [part]);
  const times = given.filter((part) => timeParts.includes(part));
  // With a comparison of lists each part of a time stands for itself, too.
  const timeGroups = /[A-Z]/.test(operator) ? times.map((part) => [part]) : [times];
  const groups = times.length > 0 ? [...days, ...timeGroups] : days;
  const numberOf = (values: readonly number[]) => values.reduce((sum, value) => 100 * sum + value, 0);
  return (time) => {
    const values = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(time)?.slice(1).map(Number);
    if (!values) return false;
    const own = new Map<string, number>(parts.map((part, index) => [part, values[index] ?? 0]));
    own.set('week', weekOf(values, startOfWeek));
    return groups.every((group) =>
      compare(numberOf(group.map((part) => own.get(part) ?? 0)), numberOf(group.map((part) => Number(date[part])))),
    );
  };
}

const timeParts: readonly string[] = ['hour', 'minute', 'second'];

/** The week of a date as `_wp_mysql_week` has it, by the modes of MySQL's `WEEK`: 0 before the first week of the year. */
function weekOf([year = 0, month = 1, day = 1]: readonly number[], startOfWeek: number): number {
  const isIso = startOfWeek === monday;
  const shift = isIso ? 0 : startOfWeek;
  const date = new Date(Date.UTC(year, month - 1, day - shift));
  const newYear = new Date(Date.UTC(date.getUTCFullYear(), 0, 1));
  const dayOfYear = Math.round((date.getTime() - newYear.getTime()) / 86_400_000);
  // How far the week of New Year's Day has come by then.
  const passed = (newYear.getUTCDay() + (isIso ? 6 : 0)) % 7;
  const isFirstWeek = isIso ? passed < 4 : passed === 0;
  return Math.floor((dayOfYear + passed) / 7) + (isFirstWeek ? 1 : 0);
}

const isEqual = (a: number, b: number) => a === b;
const isOther = (a: number, b: number) => a !== b;

/** Those of lists have one value each here. */
const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '=': isEqual,
  IN: isEqual,
  BETWEEN: isEqual,
  '!=': isOther,
  'NOT IN': isOther,
  'NOT BETWEEN': isOther,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

/**
 * The period between the earliest and the latest moment that the given parts allow. A year that is not given is this one,
 * if it is told; of what the site means by today, the year is all that is needed.
 */
function parsePeriod(date: unknown, name: string, thisYear?: number): Period | undefined {
  if (!isObject(date)) return undefined;
  const given = parts.map((part) => (typeof date[part] === 'number' ? date[part] : undefined));
  if (given.every((value) => value === undefined)) return undefined;
  const [year = thisYear ?? 0, month, day, hour, minute, second] = given;
  const [first, last] = [month ?? 1, month ?? 12].map((ofYear, index) => {
    const lastDay = new Date(Date.UTC(year, ofYear, 0)).getUTCDate();
    const rest =
      index === 0
        ? [day ?? 1, hour ?? 0, minute ?? 0, second ?? 0]
        : [day ?? lastDay, hour ?? 23, minute ?? 59, second ?? 59];
    return [year, ofYear, ...rest];
  });
  return { first: toTime(first, name), last: toTime(last, name) };
}

/** Of a date that there is, in a year that REST can compare with: months and days beyond would be of the next ones. */
function toTime(given: readonly number[] | undefined, name: string): string {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = given ?? [];
  const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const days = [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate()];
  const real = [...days, at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  const isReal = [year, month, day, hour, minute, second].every((part, index) => part === real[index]);
  if (!isReal || year < 1000 || year > 9999) throw new UserError(`${name} is not a date.`);
  return at.toISOString().slice(0, 19);
}
