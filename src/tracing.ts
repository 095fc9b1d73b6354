// Owns traces for OpenTelemetry: spans where an SDK is there, and nothing at all where none is.

import {
  type Context,
  context,
  ProxyTracerProvider,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';

/** What a span tells. None of it is private: no variables, no queries, no messages of errors. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** What is done while a span lasts. */
export interface SpanOptions {
  /** One of few: what differs from one to the next belongs to the attributes. */
  readonly name: string;
  /** `client`: something is asked of another server. */
  readonly kind?: 'internal' | 'client';
  readonly attributes?: SpanAttributes;
}

/** A span that lasts. */
export interface OpenSpan {
  set(attributes: SpanAttributes): void;
  /** It came to nothing: a code, or the name of an error. */
  fail(type: string): void;
}

/** Headers of a request, by lower-case name. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** By which spans of the gateway are told from those of others. */
const scope = 'headgate';
/** W3C Trace Context. Baggage is left alone: what clients put into it is not for WordPress. */
const traceHeaderNames = ['traceparent', 'tracestate'];

/** The tracer of the SDK; undefined without one. */
function findTracer(): Tracer | undefined {
  const provider = trace.getTracerProvider();
  // Of another copy of the API it is no instance, and there then.
  return provider instanceof ProxyTracerProvider ? provider.getDelegateTracer(scope) : provider.getTracer(scope);
}

/** Whether an SDK is there. It is started before anything else, with `node --import`. */
export function isTracing(): boolean {
  return findTracer() !== undefined;
}

/**
 * Does something in a span under that of a request; just does it where there is none. What the gateway asks by itself, such
 * as for changes, would be a trace each second.
 */
export async function inSpan<Result>(
  { name, kind = 'internal', attributes = {} }: SpanOptions,
  work: (span: OpenSpan | null) => Promise<Result>,
): Promise<Result> {
  const tracer = findTracer();
  // What a request has begun may outlast it.
  if (!tracer || !trace.getActiveSpan()?.isRecording()) return work(null);
  const spanKind = kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL;
  return runIn(tracer.startSpan(name, { kind: spanKind, attributes }), context.active(), work);
}

/** Answers a request in a span, under that of the server or the client that asked, where there is one. */
export function inRequestSpan<Result>(
  { headers, attributes }: { readonly headers: Headers; readonly attributes: SpanAttributes },
  work: (span: OpenSpan | null) => Promise<Result>,
): Promise<Result> {
  const tracer = findTracer();
  if (!tracer) return work(null);
  const active = context.active();
  // An instrumentation of node:http has made one for the request already.
  const isNested = trace.getSpan(active) !== undefined;
  const parent = isNested ? active : propagation.extract(active, headers, getter);
  const kind = isNested ? SpanKind.INTERNAL : SpanKind.SERVER;
  return runIn(tracer.startSpan('GraphQL Operation', { kind, attributes }, parent), parent, work);
}

/** Tells what operation the span around is of, and the code of what failed in it. */
export function nameOperation(type: string | undefined, attributes: SpanAttributes, failure?: string): void {
  const span = trace.getActiveSpan();
  if (type !== undefined) span?.updateName(type);
  span?.setAttributes(attributes);
  if (failure !== undefined) span?.setAttribute('error.type', failure).setStatus({ code: SpanStatusCode.ERROR });
}

/** Headers by which what is asked belongs to the span around; none without an SDK. */
export function printTraceHeaders(): Record<string, string> {
  if (!isTracing()) return {};
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return Object.fromEntries(Object.entries(carrier).filter(([name]) => traceHeaderNames.includes(name)));
}

async function runIn<Result>(span: Span, parent: Context, work: (span: OpenSpan) => Promise<Result>): Promise<Result> {
  const open: OpenSpan = {
    set: (attributes) => void span.setAttributes(attributes),
    fail: (type) => void span.setAttribute('error.type', type).setStatus({ code: SpanStatusCode.ERROR }),
  };
  try {
    return await context.with(trace.setSpan(parent, span), () => work(open));
  } finally {
    span.end();
  }
}

const getter = {
  keys: () => traceHeaderNames,
  get(headers: Headers, name: string) {
    const value = traceHeaderNames.includes(name) ? headers[name] : undefined;
    return value === undefined || typeof value === 'string' ? value : [...value];
  },
};
