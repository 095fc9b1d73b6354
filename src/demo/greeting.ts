// What `npm run demo` prints when all is up: where to look, and a first query.

import type { WordPress } from './wordpress.ts';

/** A query that shows what the gateway is for: posts with author, picture and SEO, in one request. */
export const FIRST_QUERY = `{
  posts(first: 3) {
    nodes {
      title
      uri
      author { node { name } }
      featuredImage { node { sourceUrl altText } }
      seo { title metaDesc canonical }
    }
  }
}`;

/** The text that greets the person. */
export function printGreeting(wordpress: WordPress, gatewayUrl: string): string {
  const { admin } = wordpress.credentials;
  const oneLine = JSON.stringify({ query: FIRST_QUERY.replace(/\s+/g, ' ') });
  return `
  GraphiQL    ${gatewayUrl}/graphql
  WordPress   ${wordpress.url}  (sign in at /wp-admin as ${admin.username}, password ${admin.password})

  A first query:

${FIRST_QUERY.replace(/^/gm, '    ')}

  The same with curl:

    curl -s ${gatewayUrl}/graphql -H 'content-type: application/json' -d '${oneLine}'

  Ctrl-C stops both; what you change in WordPress is gone then.
`;
}
