// Owns a client whose types GraphQL Code Generator makes: what is true compiles, what is not must not.

import type { PageQuery, PageQueryVariables } from './gql/graphql.js';
import { graphql } from './gql/index.js';

export const page = graphql(`
  query Page($uri: String!, $first: Int) {
    nodeByUri(uri: $uri) {
      __typename
      ... on Post {
        title
        tags(first: $first) {
          nodes {
            name
          }
        }
      }
    }
  }
`);

type Post = Extract<NonNullable<PageQuery['nodeByUri']>, { __typename: 'Post' }>;

export const variables: PageQueryVariables = { uri: '/' };
export const title: Post['title'] = 'One';
// @ts-expect-error: a title is text.
export const number: Post['title'] = 1;
// @ts-expect-error: the address is required.
export const none: PageQueryVariables = {};
