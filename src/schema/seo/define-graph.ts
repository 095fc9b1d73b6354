// Owns the GraphQL types of a head's schema.org graph.

import { isRestObject, type RestObject } from '../../cache/fields-record.ts';
import { FieldError } from '../../errors.ts';
import { asExtension, type Builder, type FieldDeclaration, type FieldDeclarations } from '../builder.ts';
import { readBoolean, readInt, readString } from '../read.ts';
import { type GraphNode, itemUrl, toList, toNodes, typesOf } from './graph.ts';

type Field = FieldDeclaration<GraphNode>;

/** Declares the nodes of a schema.org graph, and what is inside them. */
export function defineGraph(builder: Builder): void {
  builder.interface<GraphNode>('SchemaOrgNode', {
    description: asExtension(
      'A node of the schema.org graph of a page. Where a node refers to another one of the graph, that one is shown. Texts are as they stand in JSON-LD.',
    ),
    fields: thing,
  });
  for (const [name, { description, fields }] of Object.entries(nodeTypes)) {
    builder.object<GraphNode>(name, { description, interfaces: ['SchemaOrgNode'], fields });
  }
  builder.object<RestObject>('SchemaOrgListItem', {
    description: asExtension('An item of a list.'),
    fields: {
      type: typeField(typesOf),
      position: { type: 'Int', description: 'Its place, from 1.', resolve: (item) => readInt(item, 'position') },
      name: { type: 'String', resolve: (item) => readString(item, 'name') },
      item: { type: 'String', description: 'URL of what it leads to; the last one has none.', resolve: itemUrl },
      raw: rawField((item) => item),
    },
  });
  builder.object<RestObject>('SchemaOrgAction', {
    description: asExtension('Something that can be done with a page or site.'),
    fields: {
      type: typeField(typesOf),
      target: { type: '[SchemaOrgEntryPoint!]!', resolve: ({ target }) => toList(target).flatMap(toEntryPoint) },
      queryInput: {
        type: 'SchemaOrgPropertyValueSpecification',
        description: 'What a search needs to be told.',
        resolve: (action) => toInput(action['query-input']),
      },
      raw: rawField((action) => action),
    },
  });
  builder.object<RestObject>('SchemaOrgEntryPoint', {
    description: asExtension('Where an action is done.'),
    fields: { type: typeField(typesOf), urlTemplate: { type: 'String' }, raw: rawField((entry) => entry) },
  });
  builder.object<RestObject>('SchemaOrgPropertyValueSpecification', {
    description: asExtension('A value that an action needs.'),
    fields: {
      type: typeField(typesOf),
      valueRequired: { type: 'Boolean', resolve: (input) => readBoolean(input, 'valueRequired') },
      valueName: { type: 'String', resolve: (input) => readString(input, 'valueName') },
      raw: rawField((input) => input),
    },
  });
}

function typeField<Source>(types: (source: Source) => string[]): FieldDeclaration<Source> {
  return { type: '[String!]!', description: 'Its types in schema.org (`@type`).', resolve: types };
}

function rawField<Source>(value: (source: Source) => unknown): FieldDeclaration<Source> {
  return { type: 'JSON', description: 'All of it, as it stands in JSON-LD.', resolve: value };
}

function text(name: string, description?: string): Field {
  return { type: 'String', ...(description ? { description } : {}), resolve: ({ data }) => readString(data, name) };
}

function int(name: string): Field {
  return { type: 'Int', resolve: ({ data }) => readInt(data, name) };
}

function texts(name: string): Field {
  return {
    type: '[String!]',
    resolve: ({ data }) => {
      if (data[name] === undefined) return null;
      return toList(data[name]).map((value) => {
        if (typeof value === 'string') return value;
        throw new FieldError(name, 'a list of strings', value);
      });
    },
  };
}

/** The node that a field refers to; the first one of several. */
function node(name: string, type = 'SchemaOrgNode'): Field {
  return { type, resolve: ({ data, graph }) => toNodes(graph, data[name])[0] ?? null };
}

function nodes(name: string): Field {
  return { type: '[SchemaOrgNode!]', resolve: ({ data, graph }) => data[name] && toNodes(graph, data[name]) };
}

const image = (name: string) => node(name, 'SchemaOrgImageObject');

const potentialAction: Field = {
  type: '[SchemaOrgAction!]',
  resolve: ({ data }) => data['potentialAction'] && toList(data['potentialAction']).filter(isRestObject),
};

const thing: FieldDeclarations<GraphNode> = {
  id: text('@id', 'Its name within the graph (`@id`).'),
  type: typeField(({ data }) => typesOf(data)),
  name: text('name'),
  url: text('url'),
  description: text('description'),
  image: image('image'),
  raw: rawField(({ data }) => data),
};

const creativeWork: FieldDeclarations<GraphNode> = {
  inLanguage: text('inLanguage', 'Language tag such as `en-US`.'),
  datePublished: text('datePublished'),
  dateModified: text('dateModified'),
  thumbnailUrl: text('thumbnailUrl'),
  author: node('author'),
  publisher: node('publisher'),
  isPartOf: node('isPartOf'),
  potentialAction,
};

const agent: FieldDeclarations<GraphNode> = {
  alternateName: texts('alternateName'),
  logo: image('logo'),
  sameAs: texts('sameAs'),
  mainEntityOfPage: node('mainEntityOfPage'),
};

const nodeTypes: Readonly<Record<string, { description: string; fields: FieldDeclarations<GraphNode> }>> = {
  SchemaOrgArticle: {
    description: asExtension('An article of any kind.'),
    fields: {
      ...creativeWork,
      headline: text('headline'),
      mainEntityOfPage: node('mainEntityOfPage'),
      wordCount: int('wordCount'),
      commentCount: int('commentCount'),
      keywords: texts('keywords'),
      articleSection: texts('articleSection'),
      copyrightYear: int('copyrightYear'),
      copyrightHolder: node('copyrightHolder'),
    },
  },
  SchemaOrgWebPage: {
    description: asExtension('A page of any kind.'),
    fields: {
      ...creativeWork,
      primaryImageOfPage: image('primaryImageOfPage'),
      breadcrumb: node('breadcrumb', 'SchemaOrgBreadcrumbList'),
      about: node('about'),
      mainEntity: nodes('mainEntity'),
    },
  },
  SchemaOrgImageObject: {
    description: asExtension('An image.'),
    fields: {
      inLanguage: text('inLanguage'),
      contentUrl: text('contentUrl'),
      width: int('width'),
      height: int('height'),
      caption: text('caption'),
    },
  },
  SchemaOrgBreadcrumbList: {
    description: asExtension('The way from the front page to a page.'),
    fields: {
      itemListElement: {
        type: '[SchemaOrgListItem!]',
        resolve: ({ data }) => data['itemListElement'] && toList(data['itemListElement']).filter(isRestObject),
      },
    },
  },
  SchemaOrgWebSite: {
    description: asExtension('A site.'),
    fields: {
      alternateName: texts('alternateName'),
      inLanguage: text('inLanguage'),
      publisher: node('publisher'),
      copyrightHolder: node('copyrightHolder'),
      potentialAction,
    },
  },
  SchemaOrgPerson: { description: asExtension('A person.'), fields: agent },
  SchemaOrgOrganization: { description: asExtension('An organization.'), fields: agent },
  SchemaOrgThing: { description: asExtension('A node of any other type: see `raw`.'), fields: {} },
};

function toEntryPoint(target: unknown): RestObject[] {
  if (typeof target === 'string') return [{ urlTemplate: target }];
  return isRestObject(target) ? [target] : [];
}

/** Older versions write `required name=search_term_string`. */
function toInput(value: unknown): RestObject | null {
  if (typeof value !== 'string') return isRestObject(value) ? value : null;
  const name = /\bname=(\S+)/.exec(value)?.[1];
  return { valueRequired: /^required\b/.test(value), ...(name === undefined ? {} : { valueName: name }) };
}
