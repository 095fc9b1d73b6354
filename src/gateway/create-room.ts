// Owns room for work, in time and in memory: what there is none for is answered before it is run, or made ready to be.

import { type LoadGauge, runWithin } from '../clients/load-gauge.ts';
import type { Metrics } from '../metrics.ts';
import { type AskedBudget, type Held, weighRunning } from '../operations/asked-budget.ts';
import { type Answer, type AnswerRequest, allHeaders, shareHeaders } from '../responses/answer.ts';
import { toBusyAnswer } from '../responses/busy-answer.ts';
import { toPairs } from '../responses/fetch-form.ts';
import type { MediaType } from '../responses/negotiate.ts';
import { createOutcome, type Outcome } from '../responses/outcome.ts';
import type { CachedAnswer } from '../responses/response-cache.ts';
import type { JoinRun, Run, RunOperation } from '../responses/run.ts';

/** Room for work. */
export interface Room {
  /** Does work that holds so much, or answers that there is no room for it. */
  answer(media: MediaType | null, held: Held, work: () => Promise<Answer>): Promise<Answer>;
  /** The same for running an operation. */
  limit(run: RunOperation): RunOperation;
  /** Has an operation wait for the run of another one, which holds what it was asked by. */
  readonly join: JoinRun;
  /** Answers that there is no room. */
  refuse(media: MediaType | null): Answer;
  /** The same where there is none for one more; null where there is. */
  turnAway(request: AnswerRequest): CachedAnswer | null;
}

/** What tells of it. */
export interface RoomOptions {
  /** Whether there is room for more work; always without. */
  readonly load: LoadGauge | undefined;
  readonly metrics: Metrics | undefined;
  /** Room for what is held meanwhile. */
  readonly asked: AskedBudget;
}

const outcome: Outcome = {
  ...createOutcome(),
  ...{ errors: 1, codes: ['OVERLOADED'], hasUpstreamError: true, isNoOutage: true },
};

/** Room as a gauge tells. */
export function createRoom({ load, metrics, asked }: RoomOptions): Room {
  /** What is told to many is made once. */
  const answers = new Map<MediaType | null, Answer>();

  function refuse(media: MediaType | null): Answer {
    const answer = answers.get(media) ?? shareHeaders(toBusyAnswer({ status: 503, code: 'OVERLOADED' }, 1000, media));
    answers.set(media, answer);
    metrics?.turnedAway();
    metrics?.failed('OVERLOADED');
    return answer;
  }

  function refuseRun(media: MediaType): Run {
    const answer = refuse(media);
    return { status: answer.status, headers: toPairs(allHeaders(answer)), body: answer.body, outcome };
  }

  async function within<Result>(held: Held, work: () => Promise<Result>, turnAway: () => Result): Promise<Result> {
    using taken = asked.take(weighRunning(held));
    return taken ? await runWithin(load, work, turnAway) : turnAway();
  }

  return {
    refuse,
    answer: (media, held, work) => within(held, work, () => refuse(media)),
    limit: (run) => (operation, request) =>
      within(
        operation,
        () => run(operation, request),
        () => refuseRun(request.media),
      ),
    join: ({ requestBytes }, media) => asked.take(requestBytes) ?? refuseRun(media),
    turnAway({ media, requestId }) {
      if (!load?.turnsAway()) return null;
      const answer = refuse(media);
      return { answer: { ...answer, headers: ['x-request-id', requestId] }, source: 'miss', outcome };
    },
  };
}
