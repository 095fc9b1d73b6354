// Owns the mutations of terms: create, update and delete in every taxonomy.

import type { RestObject } from '../../cache/fields-record.ts';
import { planFields } from '../../planner/needs.ts';
import type { TermResource } from '../../wordpress/resources.ts';
import type { Builder } from '../builder.ts';
import { readId } from '../read.ts';
import { customFieldInputs } from './custom-field-inputs.ts';
import {
  field,
  type InputTable,
  inputsByParameter,
  requireId,
  requireTarget,
  toArgs,
  toParameters,
  withoutParameter,
} from './inputs.ts';
import { defineMutation } from './mutation.ts';
import { deletedIdField, type Written, writtenField } from './payload.ts';
import { termTags } from './tags.ts';
import type { WriteContext } from './write-context.ts';
import { deletionQuery, writeEntity } from './write-entity.ts';

/** Declares the mutations of a taxonomy. */
export function defineTermMutations(builder: Builder, taxonomy: TermResource): void {
  const { typeName, plural } = taxonomy;
  const table = inputsOf(builder, taxonomy);
  const parameters = inputsByParameter(table);
  defineMutation<Written>(builder, {
    name: `create${typeName}`,
    isCreation: true,
    description: `Creates one of the ${plural}.`,
    input: toArgs(table, ['name']),
    payload: writtenField(taxonomy, taxonomy),
    action: `create ${plural}`,
    parameters,
    isIndependent: () => true,
    run: async (input, context) => writeTerm(taxonomy, null, await toParameters(table, input, context), context),
  });
  defineMutation<Written>(builder, {
    name: `update${typeName}`,
    description: `Changes one of the ${plural}: what is given.`,
    input: { id: 'ID!', ...toArgs(table) },
    payload: writtenField(taxonomy, taxonomy),
    action: `update ${plural}`,
    parameters,
    isIndependent: () => !taxonomy.hierarchical,
    run: async (input, context) => {
      const id = requireTarget(input);
      return writeTerm(taxonomy, id, await toParameters(table, input, context), context);
    },
  });
  defineMutation<Written>(builder, {
    name: `delete${typeName}`,
    description: `Deletes one of the ${plural}; content loses it.`,
    input: { id: 'ID!' },
    payload: { ...deletedIdField(taxonomy), ...writtenField(taxonomy, taxonomy) },
    action: `delete ${plural}`,
    // Where there are parents what is below one that goes moves up.
    isIndependent: () => !taxonomy.hierarchical,
    run: async (input, context, info) => {
      const id = requireTarget(input);
      const fields = planFields(info, typeName, [[taxonomy.singular]]);
      const before = await context.loaders.load(taxonomy, id, ['id', ...fields]);
      await context.write({
        method: 'DELETE',
        route: `${taxonomy.route}/${id}`,
        query: deletionQuery(true),
        tags: termTags(taxonomy, id, context.resources),
      });
      return { id, before };
    },
  });
}

/** Declares the mutations of post formats, which WordPress has no way for. */
export function defineFormatMutations(builder: Builder, formats: TermResource): void {
  const table: InputTable = {
    aliasOf: withoutParameter('String'),
    description: withoutParameter('String'),
    name: withoutParameter('String'),
    slug: withoutParameter('String'),
  };
  const inputs = {
    create: toArgs(table, ['name']),
    update: { id: 'ID!', ...toArgs(table) },
    delete: { id: 'ID!' },
  };
  for (const [verb, input] of Object.entries(inputs)) {
    defineMutation<Written>(builder, {
      name: `${verb}${formats.typeName}`,
      input,
      payload: { ...(verb === 'delete' ? deletedIdField(formats) : {}), ...writtenField(formats, formats) },
      unavailable: 'WordPress has a fixed set of post formats',
    });
  }
}

function inputsOf(builder: Builder, taxonomy: TermResource): InputTable {
  return {
    aliasOf: withoutParameter('String'),
    description: field('String', 'description'),
    name: field('String', 'name'),
    ...(taxonomy.hierarchical
      ? {
          parentDatabaseId: field('Int', 'parent'),
          // The later one of a table wins where both are given.
          parentId: field('ID', 'parent', (value, name) => requireId(value, name)),
        }
      : {}),
    slug: field('String', 'slug'),
    ...customFieldInputs(builder, taxonomy),
  };
}

function writeTerm(taxonomy: TermResource, id: number | null, parameters: RestObject, context: WriteContext) {
  const tagsOf = (data: RestObject) => termTags(taxonomy, readId(data, 'id'), context.resources);
  return writeEntity({ resource: taxonomy, id, parameters, tagsOf }, context);
}
