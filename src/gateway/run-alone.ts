// Owns running an operation as anybody, for an answer that others may be given too.

import type { AnswerBudget } from '../loaders/answer-budget.ts';
import type { InTime } from '../operations/in-time.ts';
import { printOperation } from '../operations/print-operation.ts';
import { printResult } from '../plugins/use-printing.ts';
import { createOutcome, type Outcome } from '../responses/outcome.ts';
import type { RunOperation } from '../responses/run.ts';
import type { Runner } from './create-runner.ts';

/** What such runs stand on. */
export interface RunAloneOptions {
  readonly runner: Runner;
  readonly inTime: InTime;
  readonly budget: AnswerBudget;
  readonly maxAnswerBytes: number;
  /** Counts what a run looked up. */
  readonly countRequests: (outcome: Outcome) => void;
}

/** Nothing of a client's request is passed but what the answer is kept by: no header can change it for others. */
export function createRunAlone(options: RunAloneOptions): RunOperation {
  const { runner, inTime, budget, maxAnswerBytes, countRequests } = options;
  return (operation, { media, requestId, signal: caller, acceptsStale, charge }) => {
    const outcome = createOutcome();
    const headers = { 'content-type': 'application/json', accept: media, 'x-request-id': requestId };
    const post = { method: 'POST', headers, signal: () => caller };
    // Its body is read where the result needs an HTTP response: until then it would only be kept.
    const toRequest = (body: string | null) => runner.toRequest('/graphql', post, body);
    const { query, variables, operationName } = operation;
    const params = { query, ...(variables ? { variables } : {}), ...(operationName ? { operationName } : {}) };
    return inTime(caller, async (signal) => {
      using share = budget.open(true);
      const context = { outcome, isRead: true, acceptsStale, signal, share, charge };
      const result = await runner.execute(params, toRequest(null), context);
      countRequests(outcome);
      const body = result && !result.errors ? await printResult(result, maxAnswerBytes, share) : null;
      if (body) return { status: 200, headers: [], body, outcome };
      const { headers: sent, ...ran } = await runner.run(toRequest(printOperation(operation)), {
        ...context,
        ...(result ? { result } : {}),
      });
      return { ...ran, headers: sent.filter(([name]) => name !== 'x-request-id') };
    });
  };
}
