// Owns the recording: what a WordPress says of itself, and one object of each kind, kept for the replaying upstream.
// `npm run demo` in one terminal, `npm run bench:record -- http://127.0.0.1:4080` in another.

import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type Recording, recordingFile } from './recording.ts';

const kindsSchema = z.record(z.string(), z.object({ rest_base: z.string(), rest_namespace: z.string() }));
const objectSchema = z.record(z.string(), z.unknown());
const originSchema = z.object({ home: z.string() });

const origin = process.argv[2];
if (origin === undefined) throw new Error('Which WordPress? npm run bench:record -- http://127.0.0.1:4080');
writeFileSync(recordingFile, `${JSON.stringify(await record(new URL('/wp-json/', origin)), null, 1)}\n`);

async function record(root: URL): Promise<Recording> {
  const read = async (route: string, method = 'GET'): Promise<unknown> => {
    const response = await fetch(new URL(route, root), { method });
    if (!response.ok) throw new Error(`${method} ${response.url}: ${response.status}`);
    return response.json();
  };
  // The routes are most of an index, and nobody asks for them.
  const { routes: _, ...index } = objectSchema.parse(await read(''));
  const [types, taxonomies] = [await read('wp/v2/types'), await read('wp/v2/taxonomies')];
  const kinds = [...Object.values(kindsSchema.parse(types)), ...Object.values(kindsSchema.parse(taxonomies))];
  const routes = kinds
    .map((kind) => `${kind.rest_namespace}/${kind.rest_base}`)
    .concat('wp/v2/users', 'wp/v2/comments');
  const schemas: Record<string, unknown> = {};
  for (const route of routes.filter((name) => /^[\w/-]+$/.test(name) && !name.includes('wp_'))) {
    const options = objectSchema.safeParse(await read(route, 'OPTIONS'));
    if (options.success) schemas[route] = { schema: options.data['schema'] };
  }
  const templates: Record<string, Record<string, unknown>> = {};
  for (const route of ['wp/v2/posts', 'wp/v2/media', 'wp/v2/users', 'wp/v2/categories']) {
    const [first] = z.array(objectSchema).parse(await read(`${route}?per_page=1`));
    if (first === undefined) throw new Error(`${route} is empty`);
    templates[route] = first;
  }
  const { home } = originSchema.parse(index);
  return {
    origin: home,
    answers: { '': index, 'wp/v2/types': types, 'wp/v2/taxonomies': taxonomies },
    schemas,
    templates,
  };
}
