// Owns the input fields of content: what each type takes, by what it supports.

import { UserError } from '../../errors.ts';
import type { ContentResource, TermResource } from '../../wordpress/resources.ts';
import { asExtension, type Builder } from '../builder.ts';
import { findFormat, formatOf, postFormats } from '../lists/post-formats.ts';
import { customFieldInputs } from './custom-field-inputs.ts';
import { field, type InputTable, idField, withoutParameter } from './inputs.ts';
import { nodesOf } from './term-inputs.ts';

/** The fields that create and update content of a type share, but for its terms. */
export function contentInputs(builder: Builder, type: ContentResource): InputTable {
  return type.name === 'attachment' ? mediaInputs : { ...textInputs(type), ...customFieldInputs(builder, type) };
}

function textInputs(type: ContentResource): InputTable {
  const { supports, hierarchical } = type;
  const isOrdered = supports.has('page-attributes');
  return {
    ...(supports.has('author') ? { authorId: idField('author') } : {}),
    ...(supports.has('comments') ? { commentStatus: field('String', 'comment_status') } : {}),
    ...(supports.has('editor') ? { content: field('String', 'content') } : {}),
    date: field('String', 'date'),
    ...(supports.has('excerpt') ? { excerpt: field('String', 'excerpt') } : {}),
    ...(supports.has('thumbnail')
      ? { featuredImageId: { ...idField('featured_media'), description: asExtension('Id of its featured image.') } }
      : {}),
    menuOrder: isOrdered ? field('Int', 'menu_order') : withoutParameter('Int'),
    ...(hierarchical ? { parentId: idField('parent') } : {}),
    password: field('String', 'password'),
    ...(supports.has('trackbacks')
      ? {
          pingStatus: field('String', 'ping_status'),
          pinged: withoutParameter('[String]'),
          toPing: withoutParameter('[String]'),
        }
      : {}),
    slug: field('String', 'slug'),
    status: field('PostStatusEnum', 'status'),
    title: field('String', 'title'),
  };
}

/** The fields of media that have a REST parameter; the file itself is not among them. */
export const mediaInputs: InputTable = {
  altText: field('String', 'alt_text'),
  authorId: idField('author'),
  caption: field('String', 'caption'),
  commentStatus: field('String', 'comment_status'),
  date: field('String', 'date'),
  dateGmt: field('String', 'date_gmt'),
  description: field('String', 'description'),
  parentId: idField('post'),
  pingStatus: field('String', 'ping_status'),
  slug: field('String', 'slug'),
  status: field('MediaItemStatusEnum', 'status'),
  title: field('String', 'title'),
};

/** Declares the inputs by which a type of content names its terms. */
export function defineTermInputs(builder: Builder, type: ContentResource, taxonomies: readonly TermResource[]): void {
  for (const taxonomy of taxonomies) {
    const name = termInputName(type, taxonomy);
    builder.input(
      `${name}NodeInput`,
      {
        description: { type: 'String', description: 'Of a term that is made.' },
        id: { type: 'ID', description: 'Of a term that is there; outweighs slug and name.' },
        name: { type: 'String', description: 'Of a term that is there, or else is made.' },
        slug: { type: 'String', description: 'Of a term that is there, or else is made; outweighs the name.' },
      },
      'A term.',
    );
    builder.input(
      `${name}Input`,
      {
        append: {
          type: 'Boolean',
          description: 'Whether the terms come beside those that are there, as they do unless told.',
        },
        nodes: { type: `[${name}NodeInput]`, description: 'The terms.' },
      },
      'Terms of content.',
    );
  }
}

/** The name of such an input without its ending: `PostCategories`. */
export function termInputName({ typeName }: ContentResource, { plural }: TermResource): string {
  return `${typeName}${plural.charAt(0).toUpperCase()}${plural.slice(1)}`;
}

/** A post has one format or none; WordPress does not take others over REST. */
export function formatInput(type: ContentResource): InputTable {
  if (!postFormats.contentTypes.includes(type.name)) return {};
  return {
    [postFormats.plural]: field(`${termInputName(type, postFormats)}Input`, 'format', (value, name, context) => {
      const [node, second] = nodesOf(value);
      if (second) throw new UserError(`input.${name}: a post has one format at most.`);
      if (!node) return 'standard';
      for (const idType of ['id', 'slug', 'name'] as const) {
        const given = node[idType];
        if (typeof given !== 'string' || given === '') continue;
        const found = findFormat(context, given, idType);
        if (found) return formatOf(found);
      }
      throw new UserError(`input.${name}: there is no such format.`);
    }),
  };
}
