// Owns what an answer tells of its cost in headers, for the strip under GraphiQL.

import type { AnswerSource } from '../metrics.ts';
import type { Answer } from './answer.ts';

/** The answer with where it came from, and how many requests to WordPress it took. */
export function tellCost(answer: Answer, cache: AnswerSource): Answer {
  const cost = ['x-headgate-cache', cache, 'x-headgate-requests', String(answer.reads ?? 0)];
  return { ...answer, headers: [...answer.headers, ...cost] };
}
