// Owns how GraphiQL asks: by POST, with what came of it told to the strip; subscriptions as server-sent events.

import type { Fetcher, FetcherOpts, FetcherParams } from '@graphiql/toolkit';
import { type ExecutionResult, GraphQLError, getOperationAST, parse } from 'graphql';
import { type RestRead, tellAnswer } from './last-answer.ts';

/** Whether queries ask the gateway to tell each REST request. */
export interface TraceSwitch {
  isOn: boolean;
}

/** Asks the endpoint. Introspection is no query of somebody, and not told. */
export function createFetcher(endpoint: string, trace: TraceSwitch): Fetcher {
  return async (given: FetcherParams, options?: FetcherOpts) => {
    const params = withKnownName(given);
    const isOwn = params.operationName === 'IntrospectionQuery';
    const startedAt = performance.now();
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: isSubscription(params) ? 'text/event-stream' : 'application/json',
        ...(isOwn ? {} : { 'x-headgate-trace': trace.isOn ? 'on' : 'cost' }),
        ...options?.headers,
      },
      body: JSON.stringify(params),
    });
    const { body, headers, status } = response;
    if (body && headers.get('content-type')?.startsWith('text/event-stream')) {
      tellAnswer(null);
      return readEvents(body);
    }
    const text = await response.text();
    const answer = parseAnswer(text, status);
    if (!isOwn) {
      const reads = headers.get('x-headgate-requests');
      tellAnswer({
        status,
        ms: performance.now() - startedAt,
        bytes: new TextEncoder().encode(text).length,
        reads: reads === null ? null : Number(reads),
        requests: toReads(answer),
        cache: headers.get('x-headgate-cache'),
        age: Number(headers.get('age') ?? 0),
      });
    }
    return answer;
  };
}

/** GraphiQL may name an operation that people have just written over: it reads the document a moment later. */
function withKnownName(params: FetcherParams): FetcherParams {
  const { query, operationName } = params;
  if (!operationName || query.includes(operationName)) return params;
  return { ...params, operationName: null };
}

/** Only then an answer that goes on is asked for: such a request is for no cache. */
function isSubscription({ query, operationName }: FetcherParams): boolean {
  try {
    return getOperationAST(parse(query), operationName)?.operation === 'subscription';
  } catch {
    return false;
  }
}

function parseAnswer(text: string, status: number): ExecutionResult {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy between the browser and the gateway speaks HTML.
    return { errors: [new GraphQLError(`The answer is no JSON (status ${status}).`)] };
  }
}

function toReads({ extensions }: ExecutionResult): readonly RestRead[] | null {
  const told: unknown = extensions?.['headgate'];
  const requests = typeof told === 'object' && told !== null && 'requests' in told ? told.requests : null;
  return Array.isArray(requests) ? requests : null;
}

/** Events of the distinct connections mode of GraphQL over SSE. */
async function* readEvents(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<ExecutionResult> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      buffer += value.replaceAll('\r\n', '\n');
      const events = buffer.split('\n\n');
      buffer = events.pop() ?? '';
      for (const event of events) {
        const data = event
          .split('\n')
          .filter((line) => line.startsWith('data:'))
          .map((line) => line.slice(5).trim())
          .join('\n');
        if (data !== '') yield JSON.parse(data);
      }
    }
  } finally {
    await reader.cancel();
  }
}
