// Owns what is around each page: the title of the site, its menu and its search.

import { draftMode } from 'next/headers';
import Link from 'next/link';
import { ask } from '../lib/headgate.js';
import { siteQuery } from '../lib/page-query.js';
import { Html } from '../templates/html.jsx';
import './site.css';

export default async function Layout({ children }) {
  const { generalSettings, menuItems } = await ask(siteQuery, {}, undefined, [
    'list:menu',
    'list:menuitem',
    'route:wp/v2/settings',
  ]);
  const { isEnabled } = await draftMode();
  return (
    <html lang={generalSettings?.language?.replace('_', '-') || 'en'}>
      <body>
        <header>
          <Link href="/">
            <Html as="span" html={generalSettings?.title} />
          </Link>
          <nav>
            {menuItems?.nodes.map(({ id, label, path }) => (
              <Link key={id} href={path ?? '/'} prefetch={false}>
                {label}
              </Link>
            ))}
          </nav>
          <form action="/search/">
            <input type="search" name="text" aria-label="Search" />
            <button type="submit">Search</button>
          </form>
        </header>
        {isEnabled ? (
          <p role="status">
            This is a preview. <a href="/api/preview/end/">Leave</a>
          </p>
        ) : null}
        <main>{children}</main>
      </body>
    </html>
  );
}
