// Owns tables of input fields: the type of each, and the REST parameter that it becomes.

import { UserError } from '../../errors.ts';
import type { ArgDeclaration } from '../builder.ts';
import { parseDatabaseId } from '../relay/ids.ts';
import type { Input, WriteContext } from './write-context.ts';

/** An input field. */
export interface InputField {
  readonly type: string;
  readonly description?: string;
  readonly deprecated?: string;
  /** The REST parameter; without one, a value is refused unless `isIgnored`. */
  readonly parameter?: string;
  /** What becomes of the value. */
  readonly convert?: (value: unknown, name: string, context: WriteContext) => unknown;
  /** Heeded by the mutation itself, or without effect, as its description says. */
  readonly isIgnored?: boolean;
}

/** Input fields by name. */
export type InputTable = Readonly<Record<string, InputField>>;

const unsupported = 'WordPress does not take it over REST: a value is refused.';

/** A field that REST has no parameter for. */
export function withoutParameter(type: string): InputField {
  return { type, description: unsupported };
}

/** A field with a parameter. */
export function field(type: string, parameter: string, convert?: InputField['convert']): InputField {
  return { type, parameter, ...(convert ? { convert } : {}) };
}

/** An id, be it global or of the database. */
export function idField(parameter: string): InputField {
  return field('ID', parameter, (value, name) => requireId(value, name));
}

/** The database id in an input field. */
export function requireId(value: unknown, name: string): number {
  const id = parseDatabaseId(value);
  if (id === null) throw new UserError(`input.${name}: this is neither a database id nor a global id.`);
  return id;
}

/** The id of what is to be changed or deleted. */
export function requireTarget(input: Input): number {
  const id = requireId(input['id'], 'id');
  if (id <= 0) throw new UserError('input.id: there is none with this id.');
  return id;
}

/** The fields as an input type has them; those that are `required` take no null. */
export function toArgs(table: InputTable, required: readonly string[] = []): Record<string, ArgDeclaration> {
  const args = Object.entries(table).map(([name, { type, description, deprecated }]) => {
    const declared = { type: required.includes(name) ? `${type}!` : type };
    const more = { ...(description ? { description } : {}), ...(deprecated ? { deprecated } : {}) };
    return [name, { ...declared, ...more }] as const;
  });
  return Object.fromEntries(args);
}

/** Input fields by the parameters that they become. */
export function inputsByParameter(table: InputTable): Map<string, string> {
  return new Map(
    Object.entries(table).flatMap(([name, { parameter }]) => (parameter ? [[parameter, name] as const] : [])),
  );
}

/** The REST parameters of an input. What is null is as good as not given, as in WPGraphQL. */
export async function toParameters(
  table: InputTable,
  input: Input,
  context: WriteContext,
): Promise<Record<string, unknown>> {
  const parameters: Record<string, unknown> = {};
  for (const [name, { parameter, convert, isIgnored }] of Object.entries(table)) {
    const value = input[name];
    if (value === undefined || value === null || isIgnored) continue;
    if (parameter === undefined) throw new UserError(`input.${name}: ${unsupported}`, 'UNSUPPORTED');
    parameters[parameter] = convert ? await convert(value, name, context) : value;
  }
  return parameters;
}
