// Owns the queries by which any address of the site is shown: what is there, and what its template needs.

const seo = `seo {
  title metaDesc canonical opengraphTitle opengraphDescription opengraphType
  opengraphImage { sourceUrl altText }
}`;

const image = 'featuredImage { node { sourceUrl(size: LARGE) srcSet(size: LARGE) sizes(size: LARGE) altText } }';

const list = `nodes { id title uri date excerpt ${image} } pageInfo { hasNextPage endCursor }`;

export const addressQuery = `query Address($uri: String!) {
  nodeByUri(uri: $uri) {
    isContentNode isTermNode
    ... on DatabaseIdentifier { databaseId }
    ... on NodeWithFeaturedImage { featuredImage { node { databaseId } } }
    ... on Post { author { node { databaseId } } categories { nodes { databaseId } } }
  }
}`;

export const pageQuery = `query Page($uri: String!) {
  nodeByUri(uri: $uri) {
    __typename
    id
    uri
    ... on ContentType { isFrontPage isPostsPage }
    ... on Post {
      title content date ${seo} ${image}
      author { node { name uri } }
      categories { nodes { id name uri } }
    }
    ... on Page { title content ${seo} ${image} }
    ... on Category { name description seo { title metaDesc canonical } posts(first: 5) { ${list} } }
    ... on Tag { name description seo { title metaDesc canonical } posts(first: 5) { ${list} } }
    ... on User { name description posts(first: 5) { ${list} } }
    ... on NodeWithTitle { title }
    ... on NodeWithContentEditor { content }
  }
}`;

export const postsQuery = `query Posts($after: String) {
  posts(first: 5, after: $after) { ${list} }
}`;

export const siteQuery = `query Site {
  generalSettings { title description language }
  menuItems(first: 50, where: { location: PRIMARY, parentId: "0" }) {
    nodes { id label path childItems { nodes { id label path } } }
  }
}`;

export const searchQuery = `query Search($text: String!, $after: String) {
  contentNodes(first: 10, after: $after, where: { search: $text }) {
    nodes { id uri contentTypeName ... on NodeWithTitle { title } ... on NodeWithExcerpt { excerpt } }
    pageInfo { hasNextPage endCursor }
  }
}`;
