// Owns the further pages of the list of posts: a cursor holds while people publish.

import { ask } from '../../../../lib/headgate.js';
import { postsQuery } from '../../../../lib/page-query.js';
import { PostList } from '../../../../templates/post-list.jsx';

export const generateStaticParams = () => [];

export default async function Older({ params }) {
  const { cursor } = await params;
  const { posts } = await ask(postsQuery, { after: decodeURIComponent(cursor) }, undefined, ['list:post']);
  return <PostList posts={posts} next="/posts/after/" />;
}
