// Owns an answer in the terms of the Fetch standard.

import type { Answer } from './answer.ts';

/** The same answer as a `Response`. */
export function toResponse({ status, headers, body, stream }: Answer): Response {
  const pairs: [string, string][] = [];
  for (let at = 0; at < headers.length; at += 2) pairs.push([headers[at] ?? '', headers[at + 1] ?? '']);
  const isEmpty = status === 204 || status === 304;
  if (stream) return new Response(toWebStream(stream), { status, headers: pairs });
  return new Response(isEmpty ? null : new Uint8Array(body), { status, headers: pairs });
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
