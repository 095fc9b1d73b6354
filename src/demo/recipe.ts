// Everything that shapes the prepared site, and the name that follows from it.

import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { WORDPRESS_ARCHIVE } from './download.ts';

/** The PHP sources of the demo. They lie beside the TypeScript; the compiler does not copy them. */
export const ASSETS = fileURLToPath(new URL('../../src/demo/assets', import.meta.url));

/** The recorded answer of a real site that one of the posts repeats. */
export const RECORDED_POST = fileURLToPath(new URL('../../tests/data/seed-post-4301.json', import.meta.url));

/** Raised when the way a site is put together changes without any asset changing. */
const EDITION = '1';

/** The name of the prepared site's folder: another one as soon as anything in the recipe is another. */
export async function siteName(): Promise<string> {
  const hash = createHash('sha256').update(EDITION).update(WORDPRESS_ARCHIVE.sha512);
  const files = await readdir(ASSETS, { recursive: true, withFileTypes: true });
  const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
  for (const path of [...paths.sort(), RECORDED_POST]) {
    const name = relative(ASSETS, path).split(sep).join('/');
    const text = await readFile(path, 'utf8');
    // Git may check out other line ends on Windows: the same recipe.
    hash.update(`\0${name}\0${text.replaceAll('\r\n', '\n')}`);
  }
  return `site-${hash.digest('hex').slice(0, 16)}`;
}
