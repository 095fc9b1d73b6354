// Owns the templates of one piece of content.

import Link from 'next/link';
import { Html } from './html.jsx';
import { Image } from './image.jsx';

export function Post({ node: { title, content, date, author, categories, featuredImage } }) {
  return (
    <article>
      <h1>
        <Html as="span" html={title} />
      </h1>
      <p>
        <time dateTime={date}>{date?.slice(0, 10)}</time> {author?.node?.name}
      </p>
      <Image image={featuredImage?.node} />
      <Html html={content} />
      <p>
        {categories?.nodes.map(({ id, name, uri }) => (
          <Link key={id} href={uri} prefetch={false}>
            <Html as="span" html={name} />
          </Link>
        ))}
      </p>
    </article>
  );
}

export function Page({ node: { title, content, featuredImage } }) {
  return (
    <article>
      <h1>
        <Html as="span" html={title} />
      </h1>
      <Image image={featuredImage?.node} />
      <Html html={content} />
    </article>
  );
}
