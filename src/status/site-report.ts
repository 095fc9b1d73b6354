// Owns what a running gateway tells people of its site: an examination as at a start, kept for a while.

import type { Config } from '../config/load-config.ts';
import type { Finding } from '../doctor/finding.ts';
import type { RestRoot } from '../wordpress/rest.ts';
import { toCircumstances } from './circumstances.ts';

/** Looks for what the site does not give, worst first. */
export type SiteReport = () => Promise<readonly Finding[]>;

/** Whoever reloads a page does not have the site examined again. */
const keptMs = 10 * 60_000;

/** The report of a site, made when somebody asks. */
export function createSiteReport(config: Config, rootOf: () => RestRoot): SiteReport {
  let kept: { readonly at: number; readonly findings: Promise<readonly Finding[]> } | undefined;
  async function look(): Promise<readonly Finding[]> {
    // A start does not wait for what somebody may ask for later.
    const [{ examine }, { severities }] = await Promise.all([
      import('../doctor/examine.ts'),
      import('../doctor/finding.ts'),
    ]);
    const { findings } = await examine({
      ...toCircumstances(config),
      site: { root: rootOf(), clue: 'address' },
      timeoutMs: config.upstream.timeoutMs,
      atStart: true,
    });
    const rank = ({ severity }: Finding) => severities.indexOf(severity);
    return findings.filter(({ severity }) => severity !== 'ok').sort((a, b) => rank(b) - rank(a));
  }
  return () => {
    const now = performance.now();
    if (!kept || now - kept.at > keptMs) {
      kept = { at: now, findings: look() };
      // What could not be found out is looked for again.
      kept.findings.catch(() => {
        kept = undefined;
      });
    }
    return kept.findings;
  };
}
