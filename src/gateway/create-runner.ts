// Owns running operations in the endpoint: requests in its terms, and what came of them in ours.

import type { ExecutionResult } from 'graphql';
import type { GraphQLParams, YogaServerInstance } from 'graphql-yoga';
import type { Logger } from '../log.ts';
import type { RunContext } from '../plugins/use-outcome.ts';
import { type Answer, toOwnAnswer, toStreamAnswer } from '../responses/answer.ts';
import { headersOf, toHeaders } from '../responses/fetch-form.ts';
import { restateAccept } from '../responses/negotiate.ts';
import { type HttpRequest, textOf } from '../responses/public-request.ts';
import type { Run } from '../responses/run.ts';
import type { StreamPlace } from '../responses/streams.ts';

/** What runs operations. */
export interface Runner {
  /** A request as the endpoint takes it. */
  toRequest(path: string, request: HttpRequest, body: Buffer<ArrayBuffer> | string | null): Request;
  /** Answers a request over HTTP, with a result that is there already or one that it makes. */
  run(request: Request, context: RunContext): Promise<Run>;
  /** An answer that goes on where there is something to follow; otherwise one that says what is wrong. */
  runStream(request: Request, context: RunContext, place: StreamPlace): Promise<Answer>;
  /**
   * Executes without an HTTP response, which would only be unwrapped again: that is a third of the work where all
   * entities are known. What is thrown before anything runs, `run` meets again, and makes an answer of it.
   */
  execute(params: GraphQLParams, request: Request, context: RunContext): Promise<ExecutionResult | undefined>;
}

/** What a runner stands on. */
export interface RunnerOptions {
  readonly endpoint: YogaServerInstance<RunContext, object>;
  readonly logger: Logger;
}

/** The runner of an endpoint. */
export function createRunner({ endpoint, logger }: RunnerOptions): Runner {
  return {
    toRequest(path, { method, headers, signal: signalOf }, body) {
      const signal = signalOf();
      return new endpoint.fetchAPI.Request(`http://gateway${path}`, {
        method,
        headers: { ...toHeaders(headers), accept: restateAccept(textOf(headers['accept'])) },
        body,
        ...(signal ? { signal } : {}),
      });
    },

    async run(request, context) {
      const { outcome } = context;
      const response = await endpoint.fetch(request, context);
      const body = outcome.body ?? Buffer.from(await response.arrayBuffer());
      return { status: response.status, headers: headersOf(response), body, outcome };
    },

    async runStream(request, context, place) {
      let passed: AsyncIterable<Uint8Array> | undefined;
      try {
        const response = await endpoint.fetch(request, context);
        const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
        if (isStream && response.body) passed = place.pass(response.body, request.signal);
        const headers = headersOf(response);
        if (passed) return toStreamAnswer(headers, passed);
        return toOwnAnswer(response.status, headers, Buffer.from(await response.arrayBuffer()));
      } finally {
        if (!passed) place.leave();
      }
    },

    async execute(params, request, context) {
      try {
        const result = await endpoint.getResultForParams({ params, request }, context);
        return result && Symbol.asyncIterator in result ? undefined : result;
      } catch (error) {
        logger.debug({ err: error }, 'an operation was refused before it ran');
        return undefined;
      }
    },
  };
}
