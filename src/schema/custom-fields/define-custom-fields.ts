// Owns the types of custom fields: registered metadata and ACF's fields of each type, under names for GraphQL.

import type { Entity } from '../../loaders/entity.ts';
import { planFields } from '../../planner/needs.ts';
import type { CustomFields, FieldShape, FieldSource, NamedShape } from '../../wordpress/field-shape.ts';
import { toFieldName } from '../../wordpress/graphql-names.ts';
import type { Resource } from '../../wordpress/resources.ts';
import { asExtension, type Builder, type FieldDeclaration, type FieldDeclarations } from '../builder.ts';
import { loadLinked, loadMedia } from './references.ts';
import { fieldValue, readShape, toReferences } from './values.ts';

/** An object of custom fields: of which entity, where in it, and its value. */
interface FieldsSource {
  readonly entity: Entity;
  readonly path: string;
  readonly value: unknown;
}

const names: Readonly<Record<FieldSource, { readonly field: string; readonly suffix: string; readonly what: string }>> =
  {
    meta: { field: 'metaFields', suffix: 'MetaFields', what: 'Metadata that is registered for REST' },
    acf: { field: 'acfFields', suffix: 'AcfFields', what: 'Fields of Advanced Custom Fields' },
  };

/** The fields of a type that lead to its custom fields: `metaFields` and `acfFields`, where it has any. */
export function customFields(builder: Builder, resource: Resource): FieldDeclarations {
  return { ...fieldsFrom(builder, resource, 'meta'), ...fieldsFrom(builder, resource, 'acf') };
}

function fieldsFrom(builder: Builder, resource: Resource, source: FieldSource): FieldDeclarations {
  const shapes = (resource.customFields ?? ({ meta: [], acf: [] } satisfies CustomFields))[source];
  const { field, suffix, what } = names[source];
  const type = `${resource.typeName}${suffix}`;
  const isDefined = defineFields(builder, type, asExtension(`${what}, by type.`), shapes, (key) =>
    needOf(resource, source, key),
  );
  if (!isDefined) return {};
  return {
    [field]: {
      type,
      description: asExtension(`${what}, each with its type.`),
      part: true,
      resolve: (entity): FieldsSource => ({ entity, path: source, value: entity.data[source] }),
    },
  };
}

/** The controllers of terms and users compute metadata only for its bare name in `_fields`. */
function needOf({ kind }: Resource, source: FieldSource, key: string): string {
  const takesPaths = kind === 'content' || source === 'acf';
  // A dot or a comma in a name would mean something else.
  return takesPaths && /^[\w-]+$/.test(key) ? `${source}.${key}` : source;
}

/** Declares a type for an object of custom fields; false where none of them has a name for GraphQL. */
function defineFields(
  builder: Builder,
  type: string,
  description: string,
  shapes: readonly NamedShape[],
  needOf?: (key: string) => string,
): boolean {
  const taken = new Set<string>();
  const fields: Record<string, FieldDeclaration<FieldsSource>> = {};
  for (const { key, shape } of shapes) {
    const name = freeName(toFieldName(key), taken);
    if (name === '') continue;
    const needs = needOf ? [needOf(key)] : [];
    Object.assign(fields, fieldOf(builder, type, name, key, shape, needs));
    for (const [more, declaration] of nodeFieldsOf(name, key, shape, needs)) {
      fields[freeName(more, taken)] = declaration;
    }
  }
  if (Object.keys(fields).length === 0) return false;
  builder.object<FieldsSource>(type, { description, fields });
  return true;
}

/** Keys that differ by their dashes alone become the same name: the later ones are numbered. */
function freeName(name: string, taken: Set<string>): string {
  if (name === '') return '';
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}${number}`;
  taken.add(free);
  return free;
}

function fieldOf(
  builder: Builder,
  parent: string,
  name: string,
  key: string,
  shape: FieldShape,
  needs: readonly string[],
): FieldDeclarations<FieldsSource> {
  const below = `${parent}${name.replace(/^_/, '').charAt(0).toUpperCase()}${name.replace(/^_/, '').slice(1)}`;
  return {
    [name]: {
      type: typeOf(builder, below, shape),
      ...(shape.description ? { description: shape.description } : {}),
      needs,
      resolve: ({ entity, path, value }) =>
        readShape(fieldValue(value, key, path), shape, `${path}.${key}`, (inner, at) => ({
          entity,
          path: at,
          value: inner,
        })),
    },
  };
}

/** The GraphQL type of a value; declares the types that it is made of. */
function typeOf(builder: Builder, name: string, shape: FieldShape): string {
  if (shape.kind === 'list') {
    const inner = shape.of ? typeOf(builder, name, shape.of) : 'JSON';
    // A list of lists is rare enough to be given as it is.
    return inner.startsWith('[') ? 'JSON' : `[${inner}]`;
  }
  if (shape.kind === 'object') {
    const description = shape.description ?? 'A part of the custom fields.';
    return defineFields(builder, name, description, shape.fields) ? name : 'JSON';
  }
  return scalarOf[shape.kind];
}

/** The scalar of a shape that is neither a list nor an object: as it is read, and as it is written. */
export const scalarOf: Readonly<Record<Exclude<FieldShape['kind'], 'list' | 'object'>, string>> = {
  text: 'String',
  int: 'Int',
  float: 'Float',
  boolean: 'Boolean',
  json: 'JSON',
  media: 'Int',
  node: 'Int',
};

/** Beside the ids that a field refers by: the nodes themselves. */
function nodeFieldsOf(
  name: string,
  key: string,
  shape: FieldShape,
  needs: readonly string[],
): [string, FieldDeclaration<FieldsSource>][] {
  const isList = shape.kind === 'list';
  const kind = isList ? shape.of?.kind : shape.kind;
  if (kind !== 'media' && kind !== 'node') return [];
  const target = kind === 'media' ? 'MediaItem' : 'Node';
  const field: FieldDeclaration<FieldsSource> = {
    type: isList ? `[${target}]` : target,
    description:
      kind === 'media'
        ? `What \`${name}\` refers to; null where WordPress does not show it.`
        : `What \`${name}\` refers to, as ACF's links tell; they cost WordPress a query for each object.`,
    needs: kind === 'media' ? needs : [...needs, '_links'],
    resolve: async ({ entity, path, value }, _, context, info) => {
      const ids = toReferences(fieldValue(value, key, path), `${path}.${key}`);
      const load = kind === 'media' ? loadMedia : loadLinked;
      const nodeOf = (id: number) => load(entity, id, context, ({ typeName }) => planFields(info, typeName));
      if (!isList) return ids[0] === undefined ? null : nodeOf(ids[0]);
      // An error in a list is the error of its place: the other nodes stand.
      const errorOf = (error: unknown) => (error instanceof Error ? error : Promise.reject(error));
      return Promise.all(ids.map((id) => nodeOf(id).catch(errorOf)));
    },
  };
  return [[`${name}${isList ? 'Nodes' : 'Node'}`, field]];
}
