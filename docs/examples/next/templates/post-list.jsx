// Owns lists of posts, with a way to the next page.

import Link from 'next/link';
import { Html } from './html.jsx';
import { Image } from './image.jsx';

export function PostList({ posts, next }) {
  const { nodes = [], pageInfo } = posts ?? {};
  return (
    <>
      {nodes.map(({ id, title, uri, date, excerpt, featuredImage }) => (
        <article key={id}>
          <h2>
            <Link href={uri} prefetch={false}>
              <Html as="span" html={title} />
            </Link>
          </h2>
          <time dateTime={date}>{date?.slice(0, 10)}</time>
          <Image image={featuredImage?.node} />
          <Html html={excerpt} />
        </article>
      ))}
      {next && pageInfo?.hasNextPage ? (
        <p>
          <Link href={`${next}${encodeURIComponent(pageInfo.endCursor)}/`} prefetch={false} rel="next">
            Older posts
          </Link>
        </p>
      ) : null}
    </>
  );
}
