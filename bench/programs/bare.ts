// Owns the bare server: node:http answering what it was given, byte for byte, once it has read what it is asked.

import { createServer, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { answerParent } from './answer-parent.ts';
import { listen } from './listen.ts';

/** What it answers, one after the other. Bodies travel as base64. */
const repliesSchema = z.array(
  z.object({ status: z.number(), headers: z.record(z.string(), z.string()), body: z.string() }),
);

let replies: { readonly status: number; readonly headers: Record<string, string>; readonly body: Buffer }[] = [];
let next = 0;

const server = createServer((request, response) => {
  if (request.method === 'GET') return answer(response);
  // Whoever answers a question that is posted has read it: without that it would be another exchange, not a faster one.
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
  });
  request.on('end', () => (size > 0 ? answer(response) : void response.writeHead(400).end()));
});
await listen(server);

function answer(response: ServerResponse): void {
  const reply = replies[next++ % replies.length];
  if (reply === undefined) return void response.writeHead(503).end();
  response.writeHead(reply.status, reply.headers);
  response.end(reply.body);
}

answerParent({
  replies(value) {
    replies = repliesSchema.parse(value).map((reply) => ({ ...reply, body: Buffer.from(reply.body, 'base64') }));
    next = 0;
  },
});
