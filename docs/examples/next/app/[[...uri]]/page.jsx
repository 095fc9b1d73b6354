// Owns every address of the site: WordPress says what is there, and a template shows it.

import { notFound } from 'next/navigation';
import { ask } from '../../lib/headgate.js';
import { addressQuery, pageQuery, postsQuery } from '../../lib/page-query.js';
import { templateOf } from '../../templates/index.js';
import { PostList } from '../../templates/post-list.jsx';

// Pages are made when somebody first asks for them, and kept until a webhook names them.
export const generateStaticParams = () => [];

/**
 * What webhooks will name when something on the page changes: what is there, whoever wrote it and where it belongs, and
 * the list that an archive shows. A new name of an author has no address that would lead to all pages with it.
 */
function tagsOf({ isContentNode, isTermNode, databaseId, author, categories, featuredImage }) {
  if (!isContentNode) return ['list:post', isTermNode ? `term:${databaseId}` : `user:${databaseId}`];
  const content = [databaseId, featuredImage?.node?.databaseId].filter(Boolean);
  return [
    ...content.map((id) => `post:${id}`),
    ...(author?.node ? [`user:${author.node.databaseId}`] : []),
    ...(categories?.nodes ?? []).map((category) => `term:${category.databaseId}`),
  ];
}

async function load(params) {
  const { uri = [] } = await params;
  const variables = { uri: decodeURIComponent(`/${uri.map((part) => `${part}/`).join('')}`) };
  const found = await ask(addressQuery, variables);
  if (!found?.nodeByUri) return null;
  const data = await ask(pageQuery, variables, undefined, tagsOf(found.nodeByUri));
  return data?.nodeByUri ?? null;
}

export async function generateMetadata({ params }) {
  const { seo } = (await load(params)) ?? {};
  if (!seo) return {};
  const { title, metaDesc, canonical, opengraphTitle, opengraphDescription, opengraphImage } = seo;
  return {
    title,
    description: metaDesc || undefined,
    alternates: { canonical: canonical || undefined },
    openGraph: {
      title: opengraphTitle || title,
      description: opengraphDescription || undefined,
      images: opengraphImage?.sourceUrl ? [{ url: opengraphImage.sourceUrl, alt: opengraphImage.altText ?? '' }] : [],
    },
  };
}

export default async function Page({ params }) {
  const node = await load(params);
  if (node === null) notFound();
  if (node.__typename === 'ContentType') {
    const { posts } = await ask(postsQuery, {}, undefined, ['list:post']);
    return <PostList posts={posts} next="/posts/after/" />;
  }
  const Template = templateOf(node);
  return <Template node={node} />;
}
