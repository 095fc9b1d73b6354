// Owns requests and answers in the terms of the Fetch standard.

import { Readable } from 'node:stream';
import { type Answer, allHeaders } from './answer.ts';
import type { AskingRequest, Handle } from './limit-rate.ts';
import { type HttpRequest, textOf } from './public-request.ts';
import { isForm } from './receive-form.ts';
import type { Run } from './run.ts';

/** Headers of a request as the Fetch standard takes them. */
export function toHeaders(headers: HttpRequest['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => [[name, textOf(value) ?? '']]));
}

/** Headers of a response in pairs, with names in lower case. */
export function headersOf(response: Response): (readonly [string, string])[] {
  return [...response.headers].map(([name, value]) => [name.toLowerCase(), value] as const);
}

/** Headers of an answer in pairs. */
export function toPairs(headers: readonly string[]): [string, string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < headers.length; at += 2) pairs.push([headers[at] ?? '', headers[at + 1] ?? '']);
  return pairs;
}

/** An answer as a `Response`. */
function toResponse(answer: Answer): Response {
  const { status, body, stream } = answer;
  const pairs = toPairs(allHeaders(answer));
  const isEmpty = status === 204 || status === 304;
  if (stream) return new Response(toWebStream(stream), { status, headers: pairs });
  return new Response(isEmpty ? null : new Uint8Array(body), { status, headers: pairs });
}

/** Whether an answer is GraphiQL or one of its files, which are no operations. */
export function isPage(status: number, headers: Run['headers']): boolean {
  const type = headers.find(([name]) => name === 'content-type')?.[1] ?? '';
  return status < 400 && !/json|event-stream|multipart/.test(type);
}

function toWebStream(stream: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await chunks.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}

/** A request as a handler takes it, with its body. */
interface FetchedRequest extends AskingRequest {
  readonly body: Buffer<ArrayBuffer> | Readable | null;
}

/** A handler in the terms of the Fetch standard. */
export function toFetch(handle: Handle<FetchedRequest>): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const { method, signal } = request;
    const headers = Object.fromEntries(request.headers);
    const hasBody = method !== 'GET' && method !== 'HEAD' && request.body !== null;
    const isStreamed = hasBody && isForm({ method, headers });
    const body = !hasBody ? null : isStreamed ? Readable.from(request.body) : Buffer.from(await request.arrayBuffer());
    return toResponse(await handle({ method, url: pathname + search, headers, body, signal: () => signal }));
  };
}

/** Headers without those of a body, which has become another. */
export function withoutBody(headers: HttpRequest['headers']): HttpRequest['headers'] {
  const { 'content-type': _, 'content-length': __, 'transfer-encoding': ___, ...kept } = headers;
  return kept;
}
