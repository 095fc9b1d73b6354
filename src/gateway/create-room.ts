// Owns room for work: what there is none for is answered before it is run, or made ready to be.

import { type LoadGauge, runWithin } from '../clients/load-gauge.ts';
import type { Metrics } from '../metrics.ts';
import { type Answer, type AnswerRequest, allHeaders, shareHeaders } from '../responses/answer.ts';
import { toBusyAnswer } from '../responses/busy-answer.ts';
import { toPairs } from '../responses/fetch-form.ts';
import type { MediaType } from '../responses/negotiate.ts';
import { createOutcome, type Outcome } from '../responses/outcome.ts';
import type { CachedAnswer, RunOperation } from '../responses/response-cache.ts';

/** Room for work. */
export interface Room {
  /** Does work, or answers that there is no room for it. */
  answer(media: MediaType | null, work: () => Promise<Answer>): Promise<Answer>;
  /** The same for running an operation. */
  limit(run: RunOperation): RunOperation;
  /** Answers that there is no room for one more; null where there is. */
  turnAway(request: AnswerRequest): CachedAnswer | null;
}

/** What tells of it. */
export interface RoomOptions {
  /** Whether there is room for more work; always without. */
  readonly load: LoadGauge | undefined;
  readonly metrics: Metrics | undefined;
}

const outcome: Outcome = {
  ...createOutcome(),
  ...{ errors: 1, codes: ['OVERLOADED'], hasUpstreamError: true, isNoOutage: true },
};

/** Room as a gauge tells. */
export function createRoom({ load, metrics }: RoomOptions): Room {
  /** What is told to many is made once. */
  const answers = new Map<MediaType | null, Answer>();

  function refuse(media: MediaType | null): Answer {
    const answer = answers.get(media) ?? shareHeaders(toBusyAnswer({ status: 503, code: 'OVERLOADED' }, 1000, media));
    answers.set(media, answer);
    metrics?.turnedAway();
    metrics?.failed('OVERLOADED');
    return answer;
  }

  return {
    answer: (media, work) => runWithin(load, work, () => refuse(media)),
    limit: (run) => (operation, request) =>
      runWithin(
        load,
        () => run(operation, request),
        () => {
          const answer = refuse(request.media);
          return { status: answer.status, headers: toPairs(allHeaders(answer)), body: answer.body, outcome };
        },
      ),
    turnAway({ media, requestId }) {
      if (!load?.turnsAway()) return null;
      const answer = refuse(media);
      return { answer: { ...answer, headers: ['x-request-id', requestId] }, source: 'miss', outcome };
    },
  };
}
