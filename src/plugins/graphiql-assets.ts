// Owns the files of GraphiQL that the build made: named by their content, compressed, read when somebody asks for them.

import { readdir, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { compress } from '../cache/compress.ts';

/** Names of the files of GraphiQL, as the page refers to them. */
export interface GraphiqlFiles {
  readonly script: string;
  /** Scripts that it needs at once. */
  readonly preloads: readonly string[];
  readonly styles: readonly string[];
}

/** The encodings that there are of each file. */
export type AssetEncoding = 'br' | 'gzip' | 'identity';

/** A file of GraphiQL as one client takes it. */
export interface GraphiqlAsset {
  readonly contentType: string;
  readonly body: Buffer<ArrayBuffer>;
}

/** The files of GraphiQL; megabytes that are read when somebody asks for them, not before. */
export interface GraphiqlAssets {
  readonly files: () => Promise<GraphiqlFiles>;
  /** Undefined where there is no such file. */
  readonly find: (name: string, encoding: AssetEncoding) => Promise<GraphiqlAsset | undefined>;
}

/** From the sources as from the build. */
const folder = new URL('../../dist/graphiql/', import.meta.url);

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ttf': 'font/ttf',
};

/** Makes the files available; nothing is read until the first call. */
export function createGraphiqlAssets(): GraphiqlAssets {
  let names: Promise<ReadonlySet<string>> | undefined;
  let files: Promise<GraphiqlFiles> | undefined;
  const bodies = new Map<string, Promise<Buffer<ArrayBuffer>>>();

  function load(name: string, encoding: AssetEncoding): Promise<Buffer<ArrayBuffer>> {
    const key = `${encoding} ${name}`;
    const known = bodies.get(key);
    if (known) return known;
    const loading = loadBody(name, encoding);
    bodies.set(key, loading);
    return loading;
  }

  async function loadBody(name: string, encoding: AssetEncoding): Promise<Buffer<ArrayBuffer>> {
    if (encoding === 'br') return Buffer.from(await readFile(new URL(`${name}.br`, folder)));
    const plain = await promisify(brotliDecompress)(await load(name, 'br'));
    return Buffer.from(encoding === 'gzip' ? await compress(plain, 'gzip') : plain);
  }

  return {
    files: () => (files ??= readManifest()),
    async find(name, encoding) {
      const contentType = contentTypes[extname(name)];
      names ??= readdir(folder).then((found) => new Set(found));
      if (contentType === undefined || !(await names).has(`${name}.br`)) return undefined;
      return { contentType, body: await load(name, encoding) };
    },
  };
}

/** Reads the list that Vite writes: each source with its file, and what that needs. */
async function readManifest(): Promise<GraphiqlFiles> {
  const manifest: Readonly<Record<string, ManifestEntry>> = JSON.parse(
    await readFile(new URL('manifest.json', folder), 'utf8'),
  );
  const main = manifest['main.tsx'];
  if (!main) throw new Error('GraphiQL was not built: npm run build makes it.');
  const preloads = (main.imports ?? []).flatMap((name) => manifest[name]?.file ?? []);
  return { script: main.file, preloads, styles: main.css ?? [] };
}

interface ManifestEntry {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}
