// Owns the build of GraphiQL for the gateway: hashed names, compressed once and for all, and a list of what is there.

import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** Keeps of each file its Brotli form alone: whoever wants another one gets it made of that. */
function compress(): Plugin {
  let folder = '';
  return {
    name: 'headgate:compress',
    configResolved({ root, build }) {
      folder = join(root, build.outDir);
    },
    closeBundle() {
      for (const name of readdirSync(folder)) {
        const path = join(folder, name);
        if (name.endsWith('.json') || !statSync(path).isFile()) continue;
        const content = readFileSync(path);
        writeFileSync(
          `${path}.br`,
          brotliCompressSync(content, {
            params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
          }),
        );
        rmSync(path);
      }
    },
  };
}

/** Fonts that GraphiQL carries within its styles: a third of a megabyte for what each machine has something like. */
function withoutFonts(): Plugin {
  return {
    name: 'headgate:without-fonts',
    enforce: 'pre',
    transform: (code, id) =>
      /graphi[^?]*\.css/.test(id)
        ? { code: code.replace(/@font-face\s*\{[^}]*url\(["']?data:[^}]*\}/g, ''), map: null }
        : null,
  };
}

export default defineConfig({
  root: import.meta.dirname,
  base: './',
  logLevel: 'warn',
  plugins: [withoutFonts(), compress()],
  worker: { rolldownOptions: { output: { hashCharacters: 'hex' } } },
  build: {
    outDir: '../../dist/graphiql',
    emptyOutDir: true,
    assetsDir: '.',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 10_000,
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    target: 'es2022',
    rolldownOptions: {
      input: join(import.meta.dirname, 'main.tsx'),
      output: { hashCharacters: 'hex' },
      // Libraries say "use client" to servers that render, and there is none.
      checks: { moduleLevelDirective: false },
      onwarn: (warning, warn) => (warning.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : warn(warning)),
    },
  },
});
