// Owns the count of requests that are refused.

import type { Metrics } from '../metrics.ts';
import type { Answer } from './answer.ts';

/** Counts why an answer refuses its request, and gives it as it is. */
export function countRefusal(answer: Answer, metrics: Pick<Metrics, 'failed' | 'limited'> | undefined): Answer {
  if (answer.code !== undefined) metrics?.failed(answer.code);
  if (answer.limit !== undefined) metrics?.limited(answer.limit);
  return answer;
}
