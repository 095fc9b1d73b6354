// Owns the interfaces that every node, connection, edge and page info has.

import { asExtension, type Builder } from '../builder.ts';

/** Interfaces of Relay and WPGraphQL that belong to no domain. */
export function defineRelay(builder: Builder): void {
  builder.interface('Node', {
    description: 'An object with a globally unique id.',
    fields: { id: { type: 'ID!', description: 'Globally unique id.' } },
  });
  builder.interface('DatabaseIdentifier', {
    description: 'An object with the id that WordPress keeps it under.',
    fields: { databaseId: { type: 'Int!', description: 'Id in the database of WordPress.' } },
  });
  builder.interface('Edge', {
    description: 'What relates a connection to one of its nodes.',
    fields: {
      cursor: { type: 'String', description: 'Place in the list, for `after` and `before`.' },
      node: { type: 'Node!' },
    },
  });
  builder.interface('OneToOneConnection', {
    description: 'A relation to one node.',
    interfaces: ['Edge'],
    fields: { node: { type: 'Node!' } },
  });
  builder.interface('Connection', {
    description: 'A list of nodes, a page at a time.',
    fields: {
      edges: { type: '[Edge!]!' },
      nodes: { type: '[Node!]!' },
      pageInfo: { type: 'PageInfo!' },
    },
  });
  const pageInfo = {
    endCursor: { type: 'String', description: 'Cursor of the last node of the page.' },
    hasNextPage: { type: 'Boolean!', description: 'With `first`: whether more nodes follow.' },
    hasPreviousPage: { type: 'Boolean!', description: 'With `last`: whether more nodes precede.' },
    startCursor: { type: 'String', description: 'Cursor of the first node of the page.' },
  };
  builder.interface('PageInfo', { description: 'Which part of a list a page is.', fields: pageInfo });
  builder.object('OffsetPaginationPageInfo', {
    description: asExtension('Which part of a list a page by offset is. Known from an add-on of WPGraphQL.'),
    fields: {
      total: { type: 'Int', description: 'How many nodes the list has in all.' },
      hasMore: { type: 'Boolean', description: 'Whether more nodes follow.' },
      hasPrevious: { type: 'Boolean', description: 'Whether nodes precede.' },
    },
  });
  builder.interface('WPPageInfo', {
    description: 'Which part of a list a page is.',
    interfaces: ['PageInfo'],
    fields: {
      seo: { type: 'SEOPostTypePageInfo', description: 'Always null: WordPress has no SEO metadata of lists in REST.' },
      total: { type: 'Int', description: asExtension('How many nodes the list has in all.') },
      offsetPagination: {
        type: 'OffsetPaginationPageInfo',
        description: asExtension('For lists by offset.'),
      },
    },
  });
  builder.input(
    'OffsetPagination',
    {
      offset: { type: 'Int', description: 'How many nodes to leave out at the beginning.' },
      size: { type: 'Int', description: 'How many nodes to show: 10 unless told, 100 at most.' },
    },
    asExtension('A page by its offset, as an alternative to cursors.'),
  );
  builder.enum('OrderEnum', { ASC: 'asc', DESC: 'desc' }, 'Ascending or descending.');
}
