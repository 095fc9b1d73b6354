// Owns what clients see of an error; the only place that turns errors into GraphQL errors.

import { type ExecutionResult, GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import {
  type ErrorCode,
  errorCodes,
  HeadgateError,
  LimitError,
  RateError,
  UpstreamError,
  UserError,
  withoutStack,
} from '../errors.ts';
import { isOutage, isOverload } from '../loaders/staleness.ts';
import { toldRefusals } from '../loaders/trace.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Outcome } from '../responses/outcome.ts';
import { isNotAsked } from '../wordpress/failures.ts';
import { carryLocations } from './error-locations.ts';
import type { RunContext } from './use-outcome.ts';
import { requestIdOf } from './use-request-id.ts';

/** What is wrong is told with what was given, which may be as long as a request. */
const longestMessage = 1000;

/** Gives every error a code of ours, hides what is not for clients, and logs that once. */
export function useErrors(logger: Logger, metrics?: Metrics): Plugin<object, RunContext> {
  /** `outcome` is told what the errors say of WordPress and of the operation. */
  function maskErrors(result: ExecutionResult, request: Request, outcome?: Outcome): ExecutionResult {
    const requestId = requestIdOf(request);
    const hasData = 'data' in result && result.data !== undefined && !isShed(result);
    const logged = new Set<unknown>();
    const errors = tellRefusals(result.errors ?? []).map((error) => {
      const { visible, hidden, limit } = toClientError(error, hasData, requestId);
      if (limit !== undefined) metrics?.limited(limit);
      if (outcome) {
        outcome.isTooLate ||= limit === 'seconds';
        outcome.hasUpstreamError ||= isUpstream(hidden);
        outcome.isNoOutage ||= isUpstream(hidden) && (!isOutage(hidden) || isOverload(hidden));
      }
      // A client that left causes nothing but errors, which nobody sees.
      if (request.signal.aborted) return visible;
      metrics?.failed(String(visible.extensions['code']));
      // One failed request to WordPress can be the cause of many errors.
      if (hidden !== undefined && !logged.has(hidden)) {
        logged.add(hidden);
        const fields = { requestId, path: error.path?.join('.'), err: hidden };
        // A line for each would be more of what there is too much of, and why WordPress is left alone is told once: the
        // line of the operation has the code.
        if (isOverload(hidden) || isNotAsked(hidden)) logger.debug(fields, 'a request to WordPress was not sent');
        else if (isUpstream(hidden)) logger.warn(fields, 'a request to WordPress failed');
        else logger.error(fields, 'an operation failed');
      }
      return visible;
    });
    return { ...result, errors };
  }

  return {
    onResultProcess({ request, result, setResult, serverContext: { outcome } }) {
      if (Array.isArray(result) || !('errors' in result) || result.errors === undefined) return;
      setResult(maskErrors(result, request, outcome));
    },
    // The events of a subscription are results of their own, each of which may fail.
    onSubscribe: ({ args }) => ({
      onSubscribeResult: () => ({
        onNext({ result, setResult }) {
          if (result.errors) setResult(maskErrors(result, args.contextValue.request));
        },
      }),
    }),
  };
}

/** Where null cannot stand each field has to fail, however many there are no room for: the first of them say so for all. */
function tellRefusals(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const told = new Map<unknown, number>();
  return errors.filter((error) => {
    const cause = causeOf(error);
    if (!(cause instanceof LimitError)) return true;
    const count = (told.get(cause) ?? 0) + 1;
    told.set(cause, count);
    return count <= toldRefusals;
  });
}

interface ClientError {
  readonly visible: GraphQLError;
  /** What the client does not see, for the log. */
  readonly hidden?: unknown;
  /** Name of the limit that the client is over. */
  readonly limit?: string;
}

function toClientError(error: GraphQLError | GraphQLFormattedError, hasData: boolean, requestId: string): ClientError {
  const cause = causeOf(error);
  if (cause instanceof UserError) {
    const status = hasData ? 200 : cause.code === 'UNAUTHENTICATED' ? 401 : 400;
    if (!(cause instanceof LimitError)) return { visible: rewrite(error, cause.code, cause.message, status) };
    const { limit } = cause;
    return { visible: rewrite(error, cause.code, cause.message, status, { limit }), limit: limit.name };
  }
  if (cause instanceof RateError) {
    const told = { retryAfter: Math.max(1, Math.ceil(cause.waitMs / 1000)) };
    return { visible: rewrite(error, cause.code, errorCodes[cause.code], 429, told), limit: 'rate' };
  }
  if (cause instanceof HeadgateError && isUpstream(cause)) {
    const retryAfter = waitSecondsOf(cause);
    const told = { requestId, ...(retryAfter === undefined ? {} : { retryAfter }) };
    return { visible: rewrite(error, cause.code, messageOf(cause), hasData ? 200 : 503, told), hidden: cause };
  }
  const known = cause === undefined ? clientsFault(error, hasData) : undefined;
  if (known !== undefined) return { visible: rewrite(error, known, error.message, hasData ? 200 : 400) };
  const code = 'INTERNAL_SERVER_ERROR';
  const visible = rewrite(error, code, errorCodes[code], hasData ? 200 : 500, { requestId });
  return { visible, hidden: cause ?? error };
}

/** The innermost error that is not GraphQL's own; undefined if GraphQL itself raised it. */
function causeOf(error: unknown): unknown {
  let current = error;
  while (current instanceof GraphQLError) {
    if (current.originalError === undefined || current.originalError === null) return undefined;
    current = current.originalError;
  }
  return current;
}

/** The code for an error that GraphQL or the HTTP layer raised about the request, or undefined for what is our fault. */
function clientsFault(error: GraphQLError | GraphQLFormattedError, hasData: boolean): ErrorCode | undefined {
  const given = error.extensions?.['code'];
  if (given === 'GRAPHQL_PARSE_FAILED' || given === 'GRAPHQL_VALIDATION_FAILED') return given;
  // Yoga's mark of what was thrown without being an error.
  if (error.extensions?.['unexpected'] === true) return undefined;
  // Variables and operation names are checked before anything is executed; Yoga checks methods and parameters.
  if (error.path === undefined && !hasData) return 'BAD_USER_INPUT';
  // Coercion of arguments points at the argument; what points at the field happened to its value.
  const nodes = error instanceof GraphQLError ? (error.nodes ?? []) : [];
  const pointsAtField = nodes.length === 0 || nodes.some((node) => node.kind === Kind.FIELD);
  return pointsAtField ? undefined : 'BAD_USER_INPUT';
}

function rewrite(
  error: GraphQLError | GraphQLFormattedError,
  code: ErrorCode,
  message: string,
  status: number,
  extensions: Readonly<Record<string, unknown>> = {},
): GraphQLError {
  const http = httpOf(error, status, extensions['retryAfter']);
  const told = message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;
  const carried = { ...(http === undefined ? {} : { http }), ...carryLocations(error.locations) };
  const options = { path: error.path ?? null, extensions: { code, ...extensions, ...carried } };
  return withoutStack(() => new GraphQLError(told, options));
}

/** Yoga sets status and headers of the answer by this; it never reaches the client. */
function httpOf(error: GraphQLError | GraphQLFormattedError, status: number, retryAfter: unknown): object | undefined {
  const given: unknown = error.extensions?.['http'];
  if (typeof given === 'object' && given !== null) {
    // A refused request or a body that is no JSON is an error of HTTP too, whatever media type the client accepts.
    const isRefused = 'originalError' in (error.extensions ?? {}) || causeOf(error) instanceof UserError;
    return isRefused ? { ...given, spec: false } : given;
  }
  if (status === 200) return undefined;
  const headers = {
    // Basic would make browsers ask people for a password.
    ...(status === 401 ? { 'www-authenticate': 'Bearer realm="WordPress"' } : {}),
    ...((status === 503 || status === 429) && retryAfter !== undefined ? { 'retry-after': String(retryAfter) } : {}),
  };
  // Whoever is not who he says gets no 200, whatever media type he accepts, nor does who asks too often.
  return { status, headers, spec: status < 500 && status !== 401 && status !== 429 };
}

/** Whether nothing of it was done, for there was too much to do: clients and balancers know that by the status. */
function isShed({ data, errors = [] }: ExecutionResult): boolean {
  const isEmpty = Object.values(data ?? {}).every((value) => value === null);
  return isEmpty && errors.length > 0 && errors.every((error) => isOverload(causeOf(error)));
}

/** What clients read of a failure of WordPress, and what they have to know beside it before they send a mutation again. */
function messageOf(cause: HeadgateError): string {
  const isUnknown = cause instanceof UpstreamError && cause.details.isUnknownOutcome;
  return isUnknown ? `${errorCodes[cause.code]} The mutation may have been carried out.` : errorCodes[cause.code];
}

/** After how many seconds it is worth to ask again, where that is known. */
function waitSecondsOf(cause: HeadgateError): number | undefined {
  const asked = cause instanceof UpstreamError ? cause.waitSeconds : undefined;
  return asked ?? (isOverload(cause) ? 1 : undefined);
}

function isUpstream(error: unknown): error is HeadgateError {
  return error instanceof HeadgateError && (error.code.startsWith('UPSTREAM_') || error.code === 'OVERLOADED');
}
