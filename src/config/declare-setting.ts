// Owns how a setting is declared: how its text is read, and what people are told of it.

import { z } from 'zod';

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

/** A setting that a schema reads. */
export function setting<T extends z.ZodType>(schema: T, meta: SettingMeta): T {
  metas.set(schema, meta);
  return schema;
}

/** A whole number between bounds; `noun` says what it counts. */
export function integer(min: number, max: number, fallback: number, noun: string, description: string) {
  return setting(between(min, max).default(fallback), { description, expects: `${noun} from ${min} to ${max}` });
}

/** The same where there is no number unless one is set. */
export function optionalInteger(min: number, max: number, noun: string, description: string) {
  return setting(between(min, max).optional(), { description, expects: `${noun} from ${min} to ${max}` });
}

function between(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
}

/** A number between bounds that may have decimals, in steps of a twentieth. */
export function decimal(min: number, max: number, fallback: number, noun: string, description: string) {
  const schema = z
    .string()
    .regex(/^\d{1,9}(?:\.\d{1,2})?$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max).multipleOf(0.05))
    .default(fallback);
  return setting(schema, { description, expects: `${noun} from ${min} to ${max}, in steps of 0.05` });
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
