// Traces: what an SDK of OpenTelemetry gets to see of an operation, and what it must not.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { CompositePropagator, W3CBaggagePropagator, W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { createResponseStore } from '../../src/cache/response-store.ts';
import { createLogger } from '../../src/log.ts';
import { toOwnAnswer } from '../../src/responses/answer.ts';
import { createRequestLog } from '../../src/responses/request-log.ts';
import { inRequestSpan } from '../../src/tracing.ts';
import { openGateway, type TestGateway } from '../support/gateway.ts';

const { url } = inject('wordpress');
const exporter = new InMemorySpanExporter();
const sent: Record<string, string>[] = [];
const record = (message: unknown) => {
  const { request } = message as {
    readonly request: { readonly headers: readonly string[]; readonly origin: unknown };
  };
  if (String(request.origin) !== new URL(url).origin) return;
  const pairs = request.headers.flatMap((name, at) => (at % 2 === 0 ? [[name, request.headers[at + 1] ?? '']] : []));
  sent.push(Object.fromEntries(pairs));
};

let gateway: TestGateway;

beforeAll(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(
    new CompositePropagator({ propagators: [new W3CTraceContextPropagator(), new W3CBaggagePropagator()] }),
  );
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  const store = createResponseStore({ maxBytes: 1e6, freshSeconds: 60, staleSeconds: 60, staleIfErrorSeconds: 60 });
  gateway = await openGateway(url, { store });
  subscribe('undici:request:create', record);
});

beforeEach(() => {
  exporter.reset();
  sent.splice(0);
});

afterAll(async () => {
  unsubscribe('undici:request:create', record);
  await gateway[Symbol.asyncDispose]();
  for (const api of [trace, context, propagation]) api.disable();
});

const traceId = '0af7651916cd43dd8448eb211c80319c';
const query = `query Latest($first: Int!, $search: String) {
  posts(first: $first, where: { search: $search }) { nodes { title author { node { name } } } }
}`;

function ask(variables: object, headers: Record<string, string> = {}, document = query) {
  const body = JSON.stringify({ query: document, variables });
  return gateway.send({ method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
}

function parentOf({ parentSpanContext }: ReadableSpan, spans: readonly ReadableSpan[]): string | undefined {
  return spans.find((span) => span.spanContext().spanId === parentSpanContext?.spanId)?.name;
}

it('shows an operation, its batches and its requests as one tree, under the span of who asked', async () => {
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
  const response = await ask({ first: 2, search: 'notes' }, { traceparent, baggage: 'customer=ann' });
  expect(response.status).toBe(200);
  const spans = exporter.getFinishedSpans();
  expect(new Set(spans.map((span) => span.spanContext().traceId))).toEqual(new Set([traceId]));
  const root = spans.find(({ kind }) => kind === SpanKind.SERVER);
  expect(root).toMatchObject({
    name: 'query',
    parentSpanContext: { spanId: 'b7ad6b7169203331' },
    attributes: {
      'http.request.method': 'POST',
      'http.route': '/graphql',
      'http.response.status_code': 200,
      'graphql.operation.type': 'query',
      'graphql.operation.name': 'Latest',
      'headgate.cache': 'miss',
      'headgate.rest_requests': 2,
      'headgate.errors': 0,
    },
    status: { code: SpanStatusCode.UNSET },
  });
  const tree = spans.map((span) => `${parentOf(span, spans) ?? ''} > ${span.name}`);
  expect(tree.sort()).toEqual([
    ' > query',
    'load user > GET /wp/v2/users',
    'query > GET /wp/v2/posts',
    'query > load user',
  ]);
  const { hostname, port } = new URL(url);
  expect(spans.find(({ name }) => name === 'GET /wp/v2/posts')).toMatchObject({
    kind: SpanKind.CLIENT,
    attributes: {
      'http.request.method': 'GET',
      'url.template': '/wp/v2/posts',
      'server.address': hostname,
      'server.port': Number(port),
      'http.response.status_code': 200,
    },
  });
  const clients = spans.filter(({ kind }) => kind === SpanKind.CLIENT).map((span) => span.spanContext().spanId);
  const told = sent.map((headers) => /^00-(\w+)-(\w+)-01$/.exec(headers['traceparent'] ?? ''));
  expect(told.map((match) => match?.[1])).toEqual([traceId, traceId]);
  expect(told.map((match) => match?.[2]).sort()).toEqual(clients.sort());
  expect(sent.filter((headers) => 'baggage' in headers)).toEqual([]);
});

it('shows that an answer was kept', async () => {
  await ask({ first: 3 });
  exporter.reset();
  await ask({ first: 3 });
  const [span, ...others] = exporter.getFinishedSpans();
  expect(others).toEqual([]);
  expect(span?.attributes).toMatchObject({ 'headgate.cache': 'hit', 'headgate.rest_requests': 0 });
});

it('tells nothing private: no variables, no documents, no credentials, no queries of requests', async () => {
  await ask({ first: 1, search: 'a-secret-search' }, { authorization: `Basic ${btoa('nobody:a-secret-password')}` });
  await ask({ first: 1, search: 'a-secret-search' }, {}, '{ posts(where: { search: "a-secret-search" }) { nope } }');
  await ask({ first: 1, search: 'a-secret-search' });
  const spans = exporter.getFinishedSpans();
  expect(spans.length).toBeGreaterThan(3);
  const told = JSON.stringify(
    spans.map(({ name, attributes, events, status, links }) => ({ name, attributes, events, status, links })),
  );
  expect(told).not.toMatch(/secret|nobody|Basic|posts\(/);
});

it.each([
  [['BAD_USER_INPUT', 'UPSTREAM_TIMEOUT'], SpanStatusCode.ERROR, 'UPSTREAM_TIMEOUT'],
  [['UPSTREAM_NOT_FOUND', 'UPSTREAM_FORBIDDEN'], SpanStatusCode.UNSET, undefined],
])('marks an operation by the errors in its answer: %o', async (codes, status, type) => {
  const log = createRequestLog(createLogger('silent'));
  await inRequestSpan({ headers: {}, attributes: {} }, async () => {
    const operation = { name: 'Latest', type: 'query' };
    const outcome = { errors: codes.length, codes };
    log(toOwnAnswer(200, [], Buffer.from('{}')), { startedAt: 0, operation, outcome, cache: 'none', caller: null });
  });
  const [span] = exporter.getFinishedSpans();
  expect(span?.status.code).toBe(status);
  expect(span?.attributes['error.type']).toBe(type);
});

it('marks what failed, by its code', async () => {
  await ask({}, {}, '{ postBy(postId: 999999) { title } }');
  const failed = exporter.getFinishedSpans().filter(({ status }) => status.code === SpanStatusCode.ERROR);
  // What is not there is no failure of the gateway.
  expect(failed.filter(({ kind }) => kind === SpanKind.SERVER)).toEqual([]);
  exporter.reset();
  const refused = await ask({}, { authorization: `Basic ${btoa('nobody:wrong')}` });
  expect(refused.status).toBe(401);
  const spans = exporter.getFinishedSpans();
  const [own] = spans.filter(({ kind }) => kind === SpanKind.CLIENT);
  expect(own).toMatchObject({
    attributes: { 'error.type': expect.stringMatching(/^UPSTREAM_|UNAUTHENTICATED/), 'http.response.status_code': 401 },
    status: { code: SpanStatusCode.ERROR },
  });
});
