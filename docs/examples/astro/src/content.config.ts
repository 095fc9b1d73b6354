// Owns which collections the site has.

import { defineCollection } from 'astro:content';
import { headgateLoader } from './headgate-loader.ts';

const posts = defineCollection({
  loader: headgateLoader({ url: process.env.HEADGATE_URL ?? 'http://localhost:4000/graphql', newest: 12 }),
});

export const collections = { posts };
