// Owns the program that people start: the command line and all its packages in few files. A start that finds, reads and
// links a thousand modules takes twice as long.

import { join } from 'node:path';
import { build } from 'vite';

await build({
  configFile: false,
  root: join(import.meta.dirname, '../..'),
  logLevel: 'warn',
  resolve: { alias: [{ find: /^undici$/, replacement: join(import.meta.dirname, 'undici-client.cjs') }] },
  ssr: { noExternal: true },
  build: {
    ssr: join(import.meta.dirname, 'main.ts'),
    outDir: process.argv[2],
    emptyOutDir: false,
    target: 'node20.19',
    // Stack traces are read by people, and there are no source maps: reading those costs what the bundle saves.
    minify: false,
    sourcemap: false,
    // The licenses of the packages ask for it.
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      // A fifth of the program would be what is told to those who read the source.
      output: { comments: false, hashCharacters: 'hex', entryFileNames: '[name].js', chunkFileNames: '[hash].js' },
    },
  },
});
