// Owns asking a gateway a list of operations: some at a time, each answer within bounds of time and size.

import { startDeadline, untilAborted } from '../wordpress/deadline.ts';
import type { WarmOperation } from './warm-operations.ts';

/** How a gateway is asked. */
export interface AskOptions {
  /** How many operations are asked at the same time. */
  readonly parallel: number;
  /** Longest wait for an answer, to its end. */
  readonly timeoutMs: number;
  /** Bound of an answer. */
  readonly maxBytes: number;
  /** One more has been asked. */
  readonly onStep?: () => void;
}

/** What came of it. */
export interface Asked {
  readonly failed: number;
  /** Why the first one failed; empty where none did. */
  readonly why: string;
  /** How many were not asked any more, since the gateway does not answer. */
  readonly notAsked: number;
}

/** So many that were not answered in time, one after the other, say that none will be. */
const maxLate = 5;

/** Asks each operation once, until it is clear that the gateway does not answer. */
export async function askGateway(
  gateway: string,
  operations: readonly WarmOperation[],
  { parallel, timeoutMs, maxBytes, onStep }: AskOptions,
): Promise<Asked> {
  const late = new Error(`no answer within ${timeoutMs / 1000} seconds`);
  const waiting = [...operations];
  let [failed, why, lateInTurn, notAsked] = [0, '', 0, 0];

  /** Why an operation failed; null where it did not. */
  async function ask(operation: WarmOperation): Promise<string | null> {
    const { signal, clear } = startDeadline(timeoutMs, undefined, () => late);
    try {
      const problem = await untilAborted(signal, send(gateway, operation, maxBytes, signal));
      lateInTurn = 0;
      return problem;
    } catch (error) {
      lateInTurn = signal.aborted ? lateInTurn + 1 : 0;
      return error instanceof Error ? String(error.cause ?? error.message) : String(error);
    } finally {
      clear();
    }
  }

  async function work(): Promise<void> {
    for (let operation = waiting.shift(); operation; operation = waiting.shift()) {
      const problem = await ask(operation);
      if (problem !== null) {
        failed += 1;
        why ||= problem;
      }
      onStep?.();
      if (lateInTurn >= maxLate) notAsked += waiting.splice(0).length;
    }
  }

  await Promise.all(Array.from({ length: Math.min(parallel, operations.length) }, work));
  return { failed, why, notAsked };
}

async function send(gateway: string, operation: WarmOperation, maxBytes: number, signal: AbortSignal) {
  const response = await fetch(gateway, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(operation),
    signal,
  });
  const body: unknown = JSON.parse(await readText(response, maxBytes));
  const errors = typeof body === 'object' && body !== null && 'errors' in body ? body.errors : undefined;
  const [first]: unknown[] = Array.isArray(errors) ? errors : [];
  if (first === undefined && response.ok) return null;
  const message = typeof first === 'object' && first !== null && 'message' in first ? String(first.message) : '';
  return `${response.status} ${message}`.trim();
}

async function readText({ body }: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > maxBytes) throw new Error(`an answer of more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
