// Owns the template of lists that belong to something: a category, a tag, an author.

import { Html } from './html.jsx';
import { PostList } from './post-list.jsx';

export function Archive({ node: { name, description, posts } }) {
  return (
    <>
      <h1>
        <Html as="span" html={name} />
      </h1>
      <Html html={description} />
      <PostList posts={posts} />
    </>
  );
}
