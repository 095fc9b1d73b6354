// Owns the panel of GraphiQL that tells what the site does not give, and what would help.

import type { GraphiQLPlugin } from '@graphiql/react';
import type { SiteFinding } from './site-data.ts';

/** Name of the panel. */
const sitePanelTitle = 'This site';

/** Opens the panel, as its button in GraphiQL's bar does: GraphiQL has no other way to unfold it. */
export function openSitePanel(): void {
  document.querySelector<HTMLElement>(`[aria-label="Show ${sitePanelTitle}"]`)?.click();
}

/** The panel, as a plugin of GraphiQL. */
export function createSitePanel(load: () => readonly SiteFinding[] | null): GraphiQLPlugin {
  return {
    title: sitePanelTitle,
    icon: () => (
      <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" aria-hidden="true">
        <circle cx="12" cy="12" r="9" />
        <path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18" />
      </svg>
    ),
    content: () => <SitePanel findings={load()} />,
  };
}

function SitePanel({ findings }: { readonly findings: readonly SiteFinding[] | null }) {
  return (
    <section className="headgate-site" aria-label={sitePanelTitle}>
      <h2>What this site does not give</h2>
      {findings === null && <p>The gateway has not told yet.</p>}
      {findings?.length === 0 && <p>Nothing is missing: the site gives everything that the gateway can show.</p>}
      {findings?.map(({ id, severity, finding, consequence, remedy }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one id is found for several types, and the list never changes.
        <article key={index} data-severity={severity}>
          <h3>{finding}</h3>
          <p>{consequence}</p>
          {remedy && <p className="headgate-remedy">{remedy}</p>}
          <code>headgate explain {id}</code>
        </article>
      ))}
    </section>
  );
}
