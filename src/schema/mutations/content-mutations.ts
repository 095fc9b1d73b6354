// Owns the mutations of content: create, update and delete of posts, pages, media and the types that a site adds.

import type { RestObject } from '../../cache/fields-record.ts';
import type { Entity } from '../../loaders/entity.ts';
import { listTag } from '../../loaders/tags.ts';
import { toJsonBody } from '../../loaders/write.ts';
import { planFields } from '../../planner/needs.ts';
import type { ContentResource, Resources, TermResource } from '../../wordpress/resources.ts';
import type { Builder } from '../builder.ts';
import { postFormats } from '../lists/post-formats.ts';
import { readId } from '../read.ts';
import { contentInputs, defineTermInputs, formatInput, termInputName } from './content-inputs.ts';
import { type InputTable, inputsByParameter, requireTarget, toArgs, toParameters } from './inputs.ts';
import { defineMutation } from './mutation.ts';
import { deletedIdField, type Written, writtenField } from './payload.ts';
import { contentTagFields, contentTags, writtenContentFields } from './tags.ts';
import { toTermIds } from './term-inputs.ts';
import type { Input, WriteContext } from './write-context.ts';
import { deletionQuery } from './write-entity.ts';

const lock = {
  type: 'Boolean',
  description: 'Without effect: REST does not look at the locks of editors.',
  isIgnored: true,
};

/** Declares the mutations of a type of content but for the creation of media, which takes a file. */
export function defineContentMutations(builder: Builder, type: ContentResource, resources: Resources): void {
  const { typeName, plural } = type;
  const isMedia = type.name === 'attachment';
  const taxonomies = isMedia ? [] : taxonomiesOf(type, resources);
  const table: InputTable = {
    ...contentInputs(builder, type),
    ...formatInput(type),
    ...Object.fromEntries(
      taxonomies.map((taxonomy) => [
        taxonomy.plural,
        // Which terms there are after it depends on those before.
        { type: `${termInputName(type, taxonomy)}Input`, isIgnored: true },
      ]),
    ),
  };
  // Terms may have to be made first.
  const isWithoutTerms = (input: Input) => taxonomies.every(({ plural: name }) => (input[name] ?? null) === null);
  if (!isMedia) {
    const formats = postFormats.contentTypes.includes(type.name) ? [postFormats] : [];
    defineTermInputs(builder, type, [...taxonomies, ...formats]);
    const action = `create ${plural}`;
    defineMutation<Written>(builder, {
      name: `create${typeName}`,
      isCreation: true,
      description: `Creates one of the ${plural}, as a draft unless told otherwise.`,
      input: toArgs(table),
      payload: writtenField(type, type),
      action,
      parameters: inputsByParameter(table),
      isIndependent: isWithoutTerms,
      run: async (input, context) => {
        // First what may be refused: terms that are made for nothing would stay.
        const parameters = await toParameters(table, input, context);
        const terms = await toTerms(taxonomies, input, null, context);
        return writeContent(type, null, withAllowedStatus(type, { ...parameters, ...terms }, context), null, context);
      },
    });
  }
  const updates: InputTable = { ...table, ...(isMedia ? mediaFile : { ignoreEditLock: lock }) };
  defineMutation<Written>(builder, {
    name: `update${typeName}`,
    description: `Changes one of the ${plural}: what is given.`,
    input: { id: 'ID!', ...toArgs(updates) },
    payload: writtenField(type, type),
    action: `update ${plural}`,
    parameters: inputsByParameter(updates),
    // Media take no part in batches, and where there are parents the address of one depends on another.
    isIndependent: (input) => !isMedia && !type.hierarchical && isWithoutTerms(input),
    run: async (input, context) => {
      const id = requireTarget(input);
      const before = await context.loaders.load(type, id, contentTagFields(type, context.resources));
      const parameters = await toParameters(updates, input, context);
      const terms = await toTerms(taxonomies, input, before, context);
      return writeContent(type, id, { ...parameters, ...terms }, before, context);
    },
  });
  defineMutation<Written>(builder, {
    name: `delete${typeName}`,
    description: isMedia
      ? 'Deletes one of the media items and its file, for good: REST knows no trash for media.'
      : `Throws one of the ${plural} into the trash, or deletes it for good with \`forceDelete\`.`,
    input: {
      id: 'ID!',
      forceDelete: { type: 'Boolean', description: 'Whether it is deleted for good.' },
      ...(isMedia ? {} : { ignoreEditLock: { type: lock.type, description: lock.description } }),
    },
    payload: { ...deletedIdField(type), ...writtenField(type, type) },
    action: `delete ${plural}`,
    isIndependent: () => !isMedia && !type.hierarchical,
    run: async (input, context, info) => {
      const id = requireTarget(input);
      const fields = [...contentTagFields(type, context.resources), ...planFields(info, typeName, [[type.singular]])];
      const before = await context.loaders.load(type, id, fields);
      const tags = [`post:${id}`, ...tagsOf(type, before?.data ?? {}, context)];
      const force = isMedia || input['forceDelete'] === true;
      await context.write({ method: 'DELETE', route: `${type.route}/${id}`, query: deletionQuery(force), tags });
      return { id, before };
    },
  });
}

/** The file of a media item stays what it is. */
const mediaFile: InputTable = {
  filePath: { type: 'String', description: 'WordPress does not take another file over REST: a value is refused.' },
  fileType: {
    type: 'MimeTypeEnum',
    description: 'WordPress does not take another type over REST: a value is refused.',
  },
};

/** Taxonomies of a type that the schema has. */
export function taxonomiesOf(type: ContentResource, resources: Resources): TermResource[] {
  return type.taxonomies.flatMap((name) => {
    const taxonomy = resources.get(name);
    return taxonomy?.kind === 'term' ? [taxonomy] : [];
  });
}

async function toTerms(
  taxonomies: readonly TermResource[],
  input: Input,
  before: Entity | null,
  context: WriteContext,
): Promise<RestObject> {
  const terms: Record<string, number[]> = {};
  for (const taxonomy of taxonomies) {
    const value = input[taxonomy.plural];
    if (value === undefined || value === null) continue;
    terms[taxonomy.restBase] = await toTermIds(taxonomy, value, taxonomy.plural, before, context);
  }
  return terms;
}

/** As in WPGraphQL, what somebody who may not publish wants to publish waits for review. */
function withAllowedStatus(type: ContentResource, parameters: RestObject, { viewer }: WriteContext): RestObject {
  const mayPublish = viewer.can(type.name === 'page' ? 'publish_pages' : 'publish_posts');
  const isCore = type.name === 'post' || type.name === 'page';
  return isCore && !mayPublish && parameters['status'] === 'publish'
    ? { ...parameters, status: 'pending' }
    : parameters;
}

async function writeContent(
  type: ContentResource,
  id: number | null,
  parameters: RestObject,
  before: Entity | null,
  context: WriteContext,
): Promise<Written> {
  const written = await context.write({
    method: 'POST',
    route: id === null ? type.route : `${type.route}/${id}`,
    query: { _fields: writtenContentFields(type, context.resources).join() },
    body: toJsonBody(parameters),
    tags: [
      listTag(type),
      ...(id === null ? [] : [`post:${id}`]),
      ...(before ? tagsOf(type, before.data, context) : []),
    ],
    tagsOf: (data) => tagsOf(type, data, context),
  });
  return { id: readId(written, 'id') ?? id ?? 0 };
}

function tagsOf(type: ContentResource, data: RestObject, { resources }: WriteContext): string[] {
  return contentTags(type, data, resources);
}
