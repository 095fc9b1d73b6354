// Owns the page at the root of a gateway in development: what it stands in front of, what it knows, and where all is.

import { decodeHTMLStrict } from 'entities';
import type { Config } from '../config/load-config.ts';
import type { Finding } from '../doctor/finding.ts';
import { type Answer, toOwnAnswer } from '../responses/answer.ts';
import type { ServedSite } from '../schema/serve-site.ts';
import { html, raw } from './html.ts';
import type { SiteReport } from './site-report.ts';
import { style, styleHash } from './status-style.ts';
import { toCount } from './to-count.ts';

/** What the page tells of. */
export interface StatusPageOptions {
  readonly config: Config;
  readonly served: () => ServedSite;
  readonly report: SiteReport;
  /** Metrics of each process, as JSON. */
  readonly snapshots: () => Promise<readonly (readonly object[])[]>;
  readonly graphiql: boolean;
}

/** Answers with the page. */
export type StatusPage = () => Promise<Answer>;

const policy =
  "default-src 'none'; style-src 'sha256-STYLE'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** How long the page waits for what the site does not give. */
const patienceMs = 2000;

/** The page, or null where there is to be none; nothing is made of it before somebody looks. */
export function createStatusPage(options: StatusPageOptions): StatusPage | null {
  const { statusPage, hardened } = options.config;
  if (!statusPage || hardened) return null;
  return async () => {
    const waited = new Promise<null>((resolve) => setTimeout(resolve, patienceMs, null).unref());
    const [findings, snapshots] = await Promise.all([
      Promise.race([options.report().catch(() => null), waited]),
      options.snapshots(),
    ]);
    const headers: [string, string][] = [
      ['content-type', 'text/html; charset=utf-8'],
      ['content-security-policy', policy.replace('STYLE', styleHash)],
      ['referrer-policy', 'no-referrer'],
    ];
    return toOwnAnswer(200, headers, Buffer.from(printPage(options, findings, snapshots)));
  };
}

function printPage(
  { config, served, graphiql }: StatusPageOptions,
  findings: readonly Finding[] | null,
  snapshots: readonly (readonly object[])[],
): string {
  const { site, resources, problems } = served();
  const name = site.name ? decodeHTMLStrict(site.name) : site.home;
  const kinds = [...resources.values()].filter(({ kind }) => kind === 'content' || kind === 'term');
  const sum = (metric: string, cache?: string) => toCount(snapshots, metric, cache);
  const { freshSeconds, staleSeconds, maxBytes } = config.responses;
  return `<!doctype html>${html`
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${name} – Headgate</title>
${raw(`<style>${style}</style>`)}
</head>
<body>
<header>
<p>Headgate ${config.version}</p>
<h1>${name}</h1>
<p>GraphQL for <a href="${site.home}">${site.home}</a></p>
<nav>
${graphiql ? html`<a class="main" href="./graphql">Open GraphiQL</a>` : ''}
${config.introspection && !config.persisted.only ? html`<a href="./schema.graphql">Schema</a>` : ''}
<a href="./metrics">Metrics</a>
<a href="./health">Health</a>
<a href="./ready">Readiness</a>
</nav>
</header>
<main>
<section>
<h2>What this site does not give</h2>
${findings === null ? html`<p>Still looking; reload the page in a moment.</p>` : ''}
${findings?.length === 0 ? html`<p>Nothing is missing: the site gives everything that the gateway can show.</p>` : ''}
${(findings ?? []).map(
  ({ id, severity, finding, consequence, remedy }) => html`<article data-severity="${severity}">
<h3>${finding}</h3>
<p>${consequence}</p>
${remedy === null ? '' : html`<p>→ ${remedy}</p>`}
<p><code>headgate explain ${id}</code></p>
</article>`,
)}
</section>
<section>
<h2>What was discovered</h2>
<table>
<tr><th>WordPress</th><th>GraphQL</th><th>Root fields</th><th>REST</th></tr>
${kinds.map(
  ({ name: own, typeName, singular, plural, route, isHidden }) =>
    html`<tr><td>${own}</td><td>${typeName}</td><td>${singular}, ${plural}</td><td>${isHidden ? 'not shown' : route}</td></tr>`,
)}
</table>
${problems.map((problem) => html`<p>${problem}</p>`)}
</section>
<section>
<h2>Answers since the start</h2>
<table>
<tr><th>From the cache</th><td>${sum('headgate_operations_total', 'hit')}</td></tr>
<tr><th>From the cache, stale</th><td>${sum('headgate_operations_total', 'stale')}</td></tr>
<tr><th>Made, and kept</th><td>${sum('headgate_operations_total', 'miss')}</td></tr>
<tr><th>Made, and kept for nobody</th><td>${sum('headgate_operations_total', 'none')}</td></tr>
<tr><th>Requests to WordPress</th><td>${sum('headgate_upstream_requests_total')}</td></tr>
</table>
<p>Answers are fresh for ${freshSeconds} s, and served stale for ${staleSeconds} s more; they take ${Math.round(maxBytes / 1024 / 1024)} MiB
at most, ${config.redis ? 'and are shared through Redis' : 'in this process alone'}.</p>
</section>
<section>
<h2>Where</h2>
<table>
<tr><th>REST API</th><td>${site.root.origin}${site.root.path}</td></tr>
<tr><th>User of the gateway</th><td>${config.credentials ? 'one of its own' : 'none: it sees what visitors see'}</td></tr>
<tr><th>Processes</th><td>${snapshots.length}</td></tr>
<tr><th>Node.js</th><td>${process.versions.node}</td></tr>
</table>
<p>This page is for development: STATUS_PAGE says when it is served.</p>
</section>
</main>
</body>
</html>
`}`;
}
