// Owns the files of GraphiQL: taken from an installed package, named by their content, compressed once, kept in memory.

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';

/** Names of the files of GraphiQL, as the page refers to them. */
export interface GraphiqlFiles {
  readonly script: string;
  readonly style: string;
  readonly icon: string;
  readonly editorWorker: string;
  readonly graphqlWorker: string;
  readonly jsonWorker: string;
}

/** A file of GraphiQL, gzipped. */
export interface GraphiqlAsset {
  readonly contentType: string;
  readonly gzipped: Buffer<ArrayBuffer>;
}

/** The files of GraphiQL; nine megabytes that are loaded when somebody asks for them, not before. */
export interface GraphiqlAssets {
  readonly files: () => Promise<GraphiqlFiles>;
  readonly find: (name: string) => Promise<GraphiqlAsset | undefined>;
}

interface Loaded {
  readonly files: GraphiqlFiles;
  readonly contents: ReadonlyMap<string, { readonly contentType: string; readonly content: Buffer | string }>;
}

const script = 'text/javascript; charset=utf-8';

/** Makes the files available; nothing is read until the first call. */
export function createGraphiqlAssets(): GraphiqlAssets {
  let loading: Promise<Loaded> | undefined;
  const load = () => (loading ??= loadFiles());
  const compressed = new Map<string, Promise<GraphiqlAsset>>();
  return {
    files: async () => (await load()).files,
    async find(name) {
      const file = (await load()).contents.get(name);
      if (file === undefined) return undefined;
      const known = compressed.get(name);
      if (known !== undefined) return known;
      const pending = compress(file.contentType, file.content);
      compressed.set(name, pending);
      return pending;
    },
  };
}

/** The file for the few clients that take no gzip. */
export async function decompress(asset: GraphiqlAsset): Promise<Buffer<ArrayBuffer>> {
  return promisify(gunzip)(asset.gzipped);
}

async function compress(contentType: string, content: Buffer | string): Promise<GraphiqlAsset> {
  return { contentType, gzipped: await promisify(gzip)(content) };
}

async function loadFiles(): Promise<Loaded> {
  const source = await import('@graphql-yoga/render-graphiql/graphiql');
  const contents = new Map<string, { contentType: string; content: Buffer | string }>();
  const add = (extension: string, contentType: string, content: Buffer | string): string => {
    const name = `${createHash('sha256').update(content).digest('hex').slice(0, 20)}.${extension}`;
    contents.set(name, { contentType, content });
    return name;
  };
  const icon = Buffer.from(source.favicon.slice(source.favicon.indexOf(',') + 1), 'base64');
  const files = {
    script: add('js', script, source.js),
    style: add('css', 'text/css; charset=utf-8', source.css),
    icon: add('ico', 'image/x-icon', icon),
    editorWorker: add('js', script, source.editorWorkerService),
    graphqlWorker: add('js', script, source.graphqlWorker),
    jsonWorker: add('js', script, source.jsonWorker),
  };
  return { files, contents };
}
