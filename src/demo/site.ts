// The prepared site: WordPress installed and filled once, then kept under the name of its recipe.

import { chmod, copyFile, cp, mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';

import { cacheFolder, isFolder, makeFolder, removeOlder } from './cache-folder.ts';
import { downloadWordPress } from './download.ts';
import type { PhpFolders } from './php-order.ts';
import { runPhpScripts } from './php-process.ts';
import { type OnProgress, runStep } from './progress.ts';
import { ASSETS, RECORDED_POST, siteName } from './recipe.ts';

const UNUSED_MS = 24 * 60 * 60 * 1_000;

/** How a site is prepared. */
export interface PrepareOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The folders of the prepared site, which is made if there is none of this recipe. Do not write into them. */
export async function prepareSite(options: PrepareOptions = {}): Promise<PhpFolders> {
  const folder = cacheFolder(options.env);
  const core = await downloadWordPress({ ...options, folder });
  const name = await siteName();
  let site = join(folder, name);
  if (!(await isFolder(site))) {
    site = await makeFolder(folder, name, (temporary) => makeSite(core, temporary, options));
  }
  // The times tell which recipes are still in use, by other branches and clones, too.
  await utimes(site, new Date(), new Date()).catch(() => {});
  await removeOlder(folder, 'site-', UNUSED_MS, name).catch(() => {});
  return { core, site, assets: ASSETS };
}

async function makeSite(core: string, temporary: string, options: PrepareOptions): Promise<string> {
  const site = join(temporary, 'site');
  for (const part of ['database', 'uploads']) await mkdir(join(site, part), { recursive: true });
  await cp(join(ASSETS, 'mu-plugins'), join(site, 'mu-plugins'), { recursive: true });
  await copyFile(RECORDED_POST, join(site, 'mu-plugins', 'headgate-demo-seo', 'recorded.json'));

  const folders = { core, site, assets: ASSETS };
  const run = (script: string) => runPhpScripts({ kind: 'run', folders, scripts: [script] }, options.signal);
  await runStep('install', 'WordPress into an empty database', options.onProgress, async () => {
    await run('seed/install.php');
    return { value: undefined, text: 'WordPress into an empty database' };
  });
  await runStep('seed', 'posts, pages, pictures, people', options.onProgress, async () => {
    await run('seed/seed.php');
    return { value: undefined, text: 'posts, pages, pictures, people' };
  });
  await chmod(join(site, 'credentials.json'), 0o600);
  return site;
}
