// Owns running code before a request needs it: what never ran is many times slower, and would hold up all others.

import { setTimeout as delay } from 'node:timers/promises';
import { type GraphQLSchema, getIntrospectionQuery, parse, validate, validateSchema } from 'graphql';
import { introspectInTurns } from '../plugins/introspect-in-turns.ts';
import { createOutcome } from '../responses/outcome.ts';
import type { Runner } from './create-runner.ts';

/** Long enough for the requests that waited for the start, and between two pieces for any other. */
const pauseMs = 50;
const rounds = 20;

/** A short list runs the same code as one of thousands, of which each entry is visited by each rule. */
const list = `{ posts(where: { in: [${Array.from({ length: 300 }, (_, id) => id).join(' ')}] }) { nodes { id } } }`;

/** What is warmed up. */
export interface WarmUpOptions {
  readonly schemaOf: () => GraphQLSchema;
  readonly runner: Pick<Runner, 'toRequest' | 'run'>;
}

/** Validates, introspects and answers, some milliseconds at a time; resolves when that is done or the signal aborts. */
export async function warmUp({ schemaOf, runner }: WarmUpOptions, signal: AbortSignal): Promise<void> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, signal: () => undefined };
  const body = JSON.stringify({ query: '{ __typename }' });
  const pieces = [
    () => runner.run(runner.toRequest('/graphql', post, body), { outcome: createOutcome(), isRead: true }),
    () => validateSchema(schemaOf()),
    ...Array.from({ length: rounds }, () => () => validate(schemaOf(), parse(list))),
    () => introspectInTurns({ schema: schemaOf(), document: parse(getIntrospectionQuery()) }),
  ];
  for (const run of pieces) {
    const isStopped = await delay(pauseMs, false, { signal, ref: false }).catch(() => true);
    if (isStopped) return;
    await run();
  }
}
