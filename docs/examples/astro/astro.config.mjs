// Owns how the site is built: to files, one folder for each address, as WordPress writes them.

import { defineConfig } from 'astro/config';

export default defineConfig({ trailingSlash: 'always', build: { format: 'directory' } });
