// Owns how a setting is declared: what values work, and what people are told of it.

import { z } from 'zod';
import { defaultLimit, type LimitName } from '../limits.ts';

/** What people are told of a setting. */
export interface SettingMeta {
  readonly description: string;
  /** What would work, to follow "must be". */
  readonly expects: string;
  /** Never printed, not even in an error. */
  readonly secret?: boolean;
}

const metas = new WeakMap<z.ZodType, SettingMeta>();

/** What people are told of a setting, by its declaration. */
export function metaOf(schema: z.ZodType): SettingMeta | undefined {
  return metas.get(schema);
}

/** Declares a setting. */
export function setting<T extends z.ZodType>(schema: T, meta: SettingMeta): T {
  metas.set(schema, meta);
  return schema;
}

/** A whole number, within bounds. */
export function integer(min: number, max: number, fallback: number, noun: string, description: string) {
  const schema = z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback);
  return setting(schema, { description, expects: `${noun} from ${min} to ${max}` });
}

/** One of some words, in any case. */
export function choice<const T extends readonly [string, ...string[]]>(
  values: T,
  fallback: T[number],
  description: string,
) {
  const schema = z.string().toLowerCase().pipe(z.enum(values)).default(fallback);
  return setting(schema, { description, expects: `one of ${values.join(', ')}` });
}

/** One of the limits of operations. */
export function limit(name: LimitName, description: string) {
  return integer(1, 1_000_000, defaultLimit(name), 'a whole number', description);
}
