// Owns the tabs that GraphiQL opens with: queries that this site can answer, so that people see their own content.

import { type GraphQLObjectType, type GraphQLSchema, getNamedType, isObjectType, parse, validate } from 'graphql';

/** A query that somebody may begin with. */
export interface DefaultTab {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

const latestPosts = `# Ctrl-Enter runs it. What it cost is told below.
query LatestPosts {
  posts(first: 5) {
    nodes {
      title
      date
      uri
      author {
        node {
          name
        }
      }
      featuredImage {
        node {
          sourceUrl
          altText
        }
      }
    }
  }
}
`;

const pageByAddress = `# Whatever is at an address: page, post, archive.
query PageByAddress($uri: String!) {
  nodeByUri(uri: $uri) {
    __typename
    id
    uri
    ... on NodeWithTitle {
      title
    }
    ... on NodeWithContentEditor {
      content
    }
  }
}
`;

const menus = `query Menus {
  menus(first: 10) {
    nodes {
      name
      locations
      menuItems(first: 50) {
        nodes {
          label
          uri
          parentId
        }
      }
    }
  }
}
`;

const seo = `query Seo($uri: String!) {
  nodeByUri(uri: $uri) {
    ... on ContentNode {
      seo {
        title
        metaDesc
        canonical
        opengraphTitle
        opengraphImage {
          sourceUrl
        }
        schema {
          raw
        }
      }
    }
  }
}
`;

/** The tab where only listed documents are executed: which those are is told to nobody. */
export const listedTabs: readonly DefaultTab[] = [
  { query: '# Only documents of PERSISTED_OPERATIONS_FILE are executed here: paste one of them, as it is there.\n' },
];

const known = new WeakMap<GraphQLSchema, readonly DefaultTab[]>();

/** The tabs for a schema; each of them is valid in it. Of a closed one they name nothing that only this site has. */
export function printDefaultTabs(schema: GraphQLSchema, closed: boolean): readonly DefaultTab[] {
  const before = known.get(schema);
  if (before) return before;
  const uri = { uri: '/' };
  const tabs = [
    { query: latestPosts },
    { query: pageByAddress, variables: uri },
    { query: menus },
    { query: seo, variables: uri },
    ...(closed ? [] : printCustomType(schema)),
  ].filter(({ query }) => validate(schema, parse(query)).length === 0);
  known.set(schema, tabs);
  return tabs;
}

/** WordPress's own types, which the other tabs are about. */
const coreTypes: ReadonlySet<string> = new Set(['Post', 'Page', 'MediaItem']);
/** What a list shows of its entries, where they have it. */
const shownFields = ['title', 'name', 'date', 'uri', 'excerpt'];

/** A list of the first type that the site adds. */
function printCustomType(schema: GraphQLSchema): DefaultTab[] {
  const content = schema.getType('ContentNode');
  for (const field of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    const type = nodeTypeOf(getNamedType(field.type));
    if (!type || coreTypes.has(type.name) || !type.getInterfaces().some((one) => one === content)) continue;
    const fields = shownFields.filter((name) => name in type.getFields());
    const name = `${field.name.charAt(0).toUpperCase()}${field.name.slice(1)}`;
    const lines = fields.map((shown) => `      ${shown}\n`).join('');
    return [{ query: `query ${name} {\n  ${field.name}(first: 5) {\n    nodes {\n${lines}    }\n  }\n}\n` }];
  }
  return [];
}

function nodeTypeOf(connection: unknown): GraphQLObjectType | null {
  if (!isObjectType(connection)) return null;
  const nodes = connection.getFields()['nodes'];
  const node = nodes && getNamedType(nodes.type);
  return isObjectType(node) ? node : null;
}
