// Owns an examination from end to end: the search for the REST API, then each check in turn.

import { SiteError } from '../errors.ts';
import { type FoundRoot, findRoot } from '../wordpress/find-root.ts';
import { checks, machineChecks } from './checks.ts';
import { type Circumstances, createExamination } from './examination.ts';
import type { Finding } from './finding.ts';
import { siteFailures } from './site-failures.ts';

/** What is examined, and how. */
export interface ExamineOptions extends Circumstances {
  /** Address of the site, or the root that is known already. */
  readonly site: string | FoundRoot;
  /** Deadline of each request. */
  readonly timeoutMs: number;
  /** Only what a start tells. */
  readonly atStart?: boolean;
  /** Called before each check that asks the site. */
  readonly onProgress?: (done: number, all: number) => void;
}

/** What an examination came to. */
export interface Report {
  /** The root of the REST API; null where there is none to be found. */
  readonly root: string | null;
  /** Requests after the REST API was found. */
  readonly requests: number;
  readonly findings: readonly Finding[];
}

/** Examines a site. Its faults are findings: it does not reject for them. */
export async function examine(options: ExamineOptions): Promise<Report> {
  const { site, timeoutMs, atStart = false, onProgress } = options;
  const local: Finding[] = [];
  if (!atStart) for (const check of machineChecks) local.push(...(await check.run(options)));
  let found: FoundRoot;
  try {
    found = typeof site === 'string' ? await findRoot(site, { timeoutMs }) : site;
  } catch (error) {
    if (!(error instanceof SiteError)) throw error;
    const { reason, message } = error;
    const failure = { id: reason, finding: message, ...siteFailures[reason] };
    return { root: null, requests: 0, findings: [...local, failure] };
  }
  await using examination = createExamination(found, options, timeoutMs);
  const chosen = checks.filter((check) => check.atStart || !atStart);
  const findings: Finding[] = [];
  for (const [index, check] of chosen.entries()) {
    onProgress?.(index, chosen.length);
    // One after the other: a small host answers visitors meanwhile.
    findings.push(...(await check.run(examination)));
  }
  const { origin, path, style } = found.root;
  const root = `${origin}${path}${style === 'query' ? '?rest_route=/' : ''}`;
  return { root, requests: examination.requests, findings: [...local, ...findings] };
}
