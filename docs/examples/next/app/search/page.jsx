// Owns the search, over all types that the site shows.

import Link from 'next/link';
import { ask } from '../../lib/headgate.js';
import { searchQuery } from '../../lib/page-query.js';
import { Html } from '../../templates/html.jsx';

export default async function Search({ searchParams }) {
  const { text = '' } = await searchParams;
  const data = text === '' ? null : await ask(searchQuery, { text }, undefined, ['list:post', 'list:page']);
  const nodes = data?.contentNodes?.nodes ?? [];
  return (
    <>
      <h1>Search: {text}</h1>
      {nodes.length === 0 ? <p>Nothing was found.</p> : null}
      <ul>
        {nodes.map(({ id, uri, title, contentTypeName }) => (
          <li key={id}>
            <Link href={uri ?? '/'} prefetch={false}>
              <Html as="span" html={title} />
            </Link>{' '}
            <small>{contentTypeName}</small>
          </li>
        ))}
      </ul>
    </>
  );
}
