// Owns the inputs of custom fields: registered metadata and ACF's fields of a type, each with its type.

import { UserError } from '../../errors.ts';
import type { FieldShape, FieldSource, NamedShape } from '../../wordpress/field-shape.ts';
import { toFieldName } from '../../wordpress/graphql-names.ts';
import type { Resource } from '../../wordpress/resources.ts';
import { type ArgDeclaration, asExtension, type Builder } from '../builder.ts';
import { scalarOf } from '../custom-fields/define-custom-fields.ts';
import { isObject } from '../read.ts';
import { field, type InputTable } from './inputs.ts';

const sources: readonly { readonly source: FieldSource; readonly name: string; readonly suffix: string }[] = [
  { source: 'meta', name: 'metaFields', suffix: 'MetaFieldsInput' },
  { source: 'acf', name: 'acfFields', suffix: 'AcfFieldsInput' },
];

/** The input fields `metaFields` and `acfFields` of a type, where it has any; declares the inputs that they are made of. */
export function customFieldInputs(builder: Builder, resource: Resource): InputTable {
  const table: Record<string, InputTable[string]> = {};
  for (const { source, name, suffix } of sources) {
    const shapes = resource.customFields?.[source] ?? [];
    const type = `${resource.typeName}${suffix}`;
    const keys = defineFields(builder, type, shapes);
    if (keys.size === 0) continue;
    const input = field(type, source, (value, path) => toRest(value, keys, path));
    table[name] = { ...input, description: asExtension('Custom fields; those that are left out stay.') };
  }
  return table;
}

interface NamedField {
  readonly key: string;
  /** Names of the fields of an object. */
  readonly below: ReadonlyMap<string, NamedField>;
}

function defineFields(builder: Builder, type: string, shapes: readonly NamedShape[]): Map<string, NamedField> {
  const fields: Record<string, ArgDeclaration> = {};
  const names = new Map<string, NamedField>();
  for (const { key, shape } of shapes) {
    const name = freeName(toFieldName(key), names);
    if (name === '') continue;
    const below = new Map<string, NamedField>();
    const description = shape.description ? { description: shape.description } : {};
    fields[name] = {
      type: typeOf(builder, `${type.replace(/Input$/, '')}${capitalise(name)}Input`, shape, below),
      ...description,
    };
    names.set(name, { key, below });
  }
  if (names.size > 0) builder.input(type, fields, asExtension('Custom fields.'));
  return names;
}

/** Keys that differ by their dashes alone become the same name: the later ones are numbered. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  for (let number = 2; free !== '' && taken.has(free); number++) free = `${name}${number}`;
  return free;
}

function typeOf(builder: Builder, name: string, shape: FieldShape, below: Map<string, NamedField>): string {
  if (shape.kind === 'list') {
    const inner = shape.of ? typeOf(builder, name, shape.of, below) : 'JSON';
    return inner.startsWith('[') ? 'JSON' : `[${inner}]`;
  }
  if (shape.kind !== 'object') return scalarOf[shape.kind];
  const fields = defineFields(builder, name, shape.fields);
  for (const [key, value] of fields) below.set(key, value);
  return fields.size > 0 ? name : 'JSON';
}

/** A value under WordPress's own keys; null takes a value away. */
function toRest(value: unknown, fields: ReadonlyMap<string, NamedField>, path: string): unknown {
  if (fields.size === 0 || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => toRest(item, fields, path));
  if (!isObject(value)) throw new UserError(`input.${path}: this is no object.`);
  const entries = Object.entries(value).flatMap(([name, inner]) => {
    const known = fields.get(name);
    return known ? [[known.key, toRest(inner, known.below, `${path}.${name}`)] as const] : [];
  });
  return Object.fromEntries(entries);
}

function capitalise(name: string): string {
  const plain = name.replace(/^_/, '');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
