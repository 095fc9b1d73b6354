// Owns the reading of one row from each route of content that visitors see; what fails or is slow there is for other checks.

import { type Examination, isFailed, toRecord } from '../examination.ts';
import { defineCheck } from '../finding.ts';

/** A site may have hundreds of types. */
const maxRoutes = 20;
/** After so many routes without an answer the others would only make people wait. */
const maxSilent = 3;

/** WordPress shows these to its own users only. */
const internal = /^(?:wp_|nav_menu)/;

/** Whether there is something to be read of what the schema promises. */
export const routesCheck = defineCheck({
  meanings: {
    'routes-asked': {
      severity: 'ok',
      consequence: 'Those that failed or were slow have findings of their own.',
      remedy: null,
    },
  },
  async run(examination, found) {
    const routes = await listRoutes(examination);
    const outcomes: boolean[] = [];
    let silent = 0;
    for (const route of routes.slice(0, maxRoutes)) {
      if (silent >= maxSilent) break;
      const reading = await examination.read(route, { per_page: 1, _fields: ['id'] });
      if (reading.status === null) silent++;
      outcomes.push(!isFailed(reading));
    }
    const answered = outcomes.filter(Boolean).length;
    const told = `${answered} of ${outcomes.length} routes of types, taxonomies and comments answer`;
    const left = routes.length - outcomes.length;
    return [found('routes-asked', left > 0 ? `${told}; ${left} more were not asked.` : `${told}.`)];
  },
});

/** Routes below the root; WordPress's own first. */
async function listRoutes(examination: Examination): Promise<readonly string[]> {
  const types = await examination.read('wp/v2/types');
  const taxonomies = await examination.read('wp/v2/taxonomies');
  const routes = new Set(['pages', 'media', 'categories', 'tags', 'comments'].map((name) => `wp/v2/${name}`));
  for (const { json } of [types, taxonomies]) {
    for (const [name, kind] of Object.entries(toRecord(json))) {
      const { rest_base: base, rest_namespace: namespace = 'wp/v2' } = toRecord(kind);
      // Other checks read posts.
      if (name === 'post' || internal.test(name) || !isPath(base) || !isPath(namespace)) continue;
      routes.add(`${namespace}/${base}`);
    }
  }
  return [...routes];
}

/** A type may have a pattern for a route, which names no address. */
function isPath(text: unknown): text is string {
  return typeof text === 'string' && /^[\w.-]+(?:\/[\w.-]+)*$/.test(text);
}
