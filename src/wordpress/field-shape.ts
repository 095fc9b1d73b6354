// Owns the shapes of custom fields: what the JSON schema of a route says of `meta` and `acf`, as far as GraphQL can say it.

import { z } from 'zod';

/**
 * What a value is. `media`: the id of a media item. `node`: the id of some content, term or user, whose kind only the
 * links of the object tell. `json`: anything.
 */
export type ShapeKind = z.output<typeof shapeKind>;

/** The shape of a value. */
export interface FieldShape {
  readonly kind: ShapeKind;
  readonly description: string | null;
  /** What a list is a list of. */
  readonly of: FieldShape | null;
  /** The fields of an object; none of anything else. */
  readonly fields: readonly NamedShape[];
}

/** A field by the key that WordPress keeps it under. */
export interface NamedShape {
  readonly key: string;
  readonly shape: FieldShape;
}

/** The custom fields of one type. */
export interface CustomFields {
  /** Metadata that is registered for REST. */
  readonly meta: readonly NamedShape[];
  /** Fields of Advanced Custom Fields whose group is shown in REST. */
  readonly acf: readonly NamedShape[];
}

/** Where fields come from: ACF's schemas follow rules that those of registered metadata do not. */
export type FieldSource = keyof CustomFields;

const shapeKind = z.enum(['text', 'int', 'float', 'boolean', 'json', 'list', 'object', 'media', 'node']);
const fieldShape: z.ZodType<FieldShape> = z.lazy(() =>
  z.object({ kind: shapeKind, description: z.string().nullable(), of: fieldShape.nullable(), fields: namedShapes }),
);
const namedShapes = z.array(z.object({ key: z.string(), shape: fieldShape }));

/** Checks custom fields that were kept. */
export const customFieldsSchema: z.ZodType<CustomFields> = z.object({ meta: namedShapes, acf: namedShapes });

/** No custom fields. */
export const noCustomFields: CustomFields = { meta: [], acf: [] };

type JsonSchema = Readonly<Record<string, unknown>>;

/** A schema of a plugin may be as large and as deep as it likes. */
const maxFields = 300;
const maxDepth = 6;
const greatestInt = 2 ** 31 - 1;

/** The custom fields in the properties of a route's schema. */
export function parseCustomFields(properties: unknown): CustomFields {
  const fieldsOf = (source: FieldSource) => {
    const schema = isSchema(properties) ? properties[source] : null;
    return isSchema(schema) ? parseFields(schema['properties'], source, 0) : [];
  };
  return { meta: fieldsOf('meta'), acf: fieldsOf('acf') };
}

function parseFields(properties: unknown, source: FieldSource, depth: number): NamedShape[] {
  // PHP writes an empty object as `[]`.
  if (!isSchema(properties)) return [];
  return Object.entries(properties)
    .filter(([, schema]) => isSchema(schema) && isShown(schema))
    .slice(0, maxFields)
    .map(([key, schema]) => ({ key, shape: parseShape(schema, source, depth) }));
}

/** Some fields are for editors only. */
function isShown({ context }: JsonSchema): boolean {
  return !Array.isArray(context) || context.includes('view');
}

function parseShape(schema: unknown, source: FieldSource, depth: number): FieldShape {
  if (!isSchema(schema)) return shapeOf('json', null);
  const description = describe(schema);
  const types = typesOf(schema);
  const reference = source === 'acf' ? parseReference(schema, types, description) : null;
  if (reference) return reference;
  // A choice that takes several values elsewhere, but here only one.
  const single = types.length > 1 && schema['maxItems'] === 1 ? types.filter((type) => type !== 'array') : types;
  const [type = isSchema(schema['properties']) ? 'object' : ''] = single;
  if (single.length > 1) return shapeOf(mixedKind(single), description);
  if (type === 'array' && isSchema(schema['items']) && depth < maxDepth) {
    return { ...shapeOf('list', description), of: parseShape(schema['items'], source, depth + 1) };
  }
  if (type === 'object' && depth < maxDepth) {
    const fields = isOpen(schema) ? [] : parseFields(schema['properties'], source, depth + 1);
    return fields.length > 0 ? { ...shapeOf('object', description), fields } : shapeOf('json', description);
  }
  return shapeOf(scalarKind(type, schema), description);
}

/**
 * ACF has numbers as `number`; `integer` is only what refers to something: an image or a file is one integer; a post, a
 * page link, a term, a user and a relationship are an integer or a list of them. A gallery is its one list of `number`.
 */
function parseReference(schema: JsonSchema, types: readonly string[], description: string | null): FieldShape | null {
  if (schema['enum'] !== undefined) return null;
  const items = isSchema(schema['items']) ? typesOf(schema['items']).join() : '';
  if (types.join() === 'integer' && items === '') return shapeOf('media', description);
  if (types.join() === 'array' && items === 'number') return listOf('media', description);
  if (!types.includes('array') || items !== 'integer') return null;
  return schema['maxItems'] === 1 ? shapeOf('node', description) : listOf('node', description);
}

function listOf(kind: ShapeKind, description: string | null): FieldShape {
  return { ...shapeOf('list', description), of: shapeOf(kind, null) };
}

function shapeOf(kind: ShapeKind, description: string | null): FieldShape {
  return { kind, description, of: null, fields: [] };
}

function typesOf({ type }: JsonSchema): string[] {
  const names: Readonly<Record<string, string>> = { int: 'integer', bool: 'boolean', float: 'number' };
  return [type]
    .flat()
    .filter((name) => typeof name === 'string')
    .map((name) => names[name] ?? name)
    .filter((name) => name !== 'null');
}

function mixedKind(types: readonly string[]): ShapeKind {
  if (types.every((type) => type === 'integer' || type === 'number')) return 'float';
  return types.every((type) => ['string', 'integer', 'number'].includes(type)) ? 'text' : 'json';
}

function scalarKind(type: string, { minimum, maximum, enum: choices }: JsonSchema): ShapeKind {
  if (type === 'string') return 'text';
  if (type === 'number') return 'float';
  if (type === 'boolean') return 'boolean';
  if (type === 'integer') {
    const isLarge = [minimum, maximum].some((bound) => typeof bound === 'number' && Math.abs(bound) > greatestInt);
    return isLarge ? 'float' : 'int';
  }
  const isChoice = Array.isArray(choices) && choices.length > 0 && choices.every((item) => typeof item === 'string');
  return type === '' && isChoice ? 'text' : 'json';
}

/** Registered metadata is closed unless it says otherwise; ACF's objects say nothing. */
function isOpen({ additionalProperties }: JsonSchema): boolean {
  return additionalProperties === true || isSchema(additionalProperties);
}

function describe({ description, title, format, enum: choices, items }: JsonSchema): string | null {
  const text = [description, title].find((value) => typeof value === 'string' && value !== '');
  const given = Array.isArray(choices) ? choices : isSchema(items) && Array.isArray(items['enum']) ? items['enum'] : [];
  const values = given.filter((value) => typeof value === 'string' || typeof value === 'number').slice(0, 50);
  const parts = [
    ...(text ? [String(text).replace(/\.$/, '')] : []),
    ...(typeof format === 'string' && format !== '' ? [`Format: ${format}`] : []),
    ...(values.length > 0 ? [`One of: ${values.join(', ')}`] : []),
  ];
  return parts.length > 0 ? `${parts.join('. ')}.` : null;
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
