// Owns which sources of SEO metadata a site has.

import type { Site } from '../../wordpress/rest.ts';
import { aioseoSource } from './aioseo.ts';
import { derivedSource } from './derived.ts';
import { createRankMathSource } from './rank-math.ts';
import { createSeopressSource } from './seopress.ts';
import type { SeoSource } from './source.ts';
import { yoastSource } from './yoast.ts';

const plugins: readonly { readonly namespace: string; readonly create: () => SeoSource }[] = [
  { namespace: 'yoast/v1', create: () => yoastSource },
  { namespace: 'rankmath/v1', create: createRankMathSource },
  { namespace: 'aioseo/v1', create: () => aioseoSource },
  { namespace: 'seopress/v1', create: createSeopressSource },
];

/**
 * The sources of a site, in the order in which they are asked for an entity: the plugins it has, which may have nothing
 * to say of an entity, and then what can be derived. Where the site does not tell its plugins, Yoast is tried.
 */
export function sourcesOf({ namespaces }: Pick<Site, 'namespaces'>): readonly SeoSource[] {
  if (namespaces.length === 0) return [yoastSource, derivedSource];
  const present = plugins.filter(({ namespace }) => namespaces.includes(namespace));
  return [...present.map(({ create }) => create()), derivedSource];
}
