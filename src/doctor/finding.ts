// Owns what the doctor says: a finding with its consequence and remedy, and the form of the checks that find.

import type { Circumstances, Examination } from './examination.ts';

/** From what works to what does not. */
export const severities = ['ok', 'note', 'warning', 'error'] as const;

/** One of {@link severities}. `note`: the site gives less than it could. `warning`: answers suffer. `error`: nothing works. */
export type Severity = (typeof severities)[number];

/** What a finding means wherever it is found. */
export interface Meaning {
  readonly severity: Severity;
  /** In the words of who uses the gateway. */
  readonly consequence: string;
  /** What would help; null where nothing is wrong. */
  readonly remedy: string | null;
}

/** One thing that was found at a site. */
export interface Finding extends Meaning {
  /** Stable, and the same in `headgate explain`: `users-blocked`. */
  readonly id: string;
  /** What was seen, with the facts. */
  readonly finding: string;
}

/** Looks at one matter: at a site, or at the machine the gateway runs on. */
export interface Check<Seen = Examination> {
  readonly meanings: Readonly<Record<string, Meaning>>;
  /** Whether a start in a terminal looks as well: it costs few requests, and tells what the site does not give. */
  readonly atStart: boolean;
  run(seen: Seen): Promise<readonly Finding[]>;
}

/** A check as it is declared: it can find nothing but what it gives a meaning. */
export interface CheckDeclaration<Id extends string, Seen> {
  readonly meanings: Readonly<Record<Id, Meaning>>;
  readonly atStart?: boolean;
  run(seen: Seen, found: (id: Id, finding: string) => Finding): Promise<readonly Finding[]> | readonly Finding[];
}

/** Makes a check of a site of its declaration. */
export function defineCheck<Id extends string>(declaration: CheckDeclaration<Id, Examination>): Check {
  return toCheck(declaration);
}

/** Makes a check of the machine, which needs no site. */
export function defineMachineCheck<Id extends string>(
  declaration: CheckDeclaration<Id, Circumstances>,
): Check<Circumstances> {
  return toCheck(declaration);
}

function toCheck<Id extends string, Seen>({ meanings, atStart = false, run }: CheckDeclaration<Id, Seen>): Check<Seen> {
  return {
    meanings,
    atStart,
    run: async (seen) => run(seen, (id, finding) => ({ id, finding, ...meanings[id] })),
  };
}

/** The worst severity among findings; `ok` for none. */
export function worstOf(findings: readonly Finding[]): Severity {
  const ranks = findings.map(({ severity }) => severities.indexOf(severity));
  return severities[Math.max(0, ...ranks)] ?? 'ok';
}
