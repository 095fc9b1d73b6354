// Owns the bare server: node:http answering what it was given, byte for byte. Nothing in Node answers faster.

import { createServer } from 'node:http';
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
  // Who posts waits for the whole request to be read; the gateway reads it too.
  request.resume();
  const reply = replies[next++ % replies.length];
  if (reply === undefined) return void response.writeHead(503).end();
  response.writeHead(reply.status, reply.headers);
  response.end(reply.body);
});
await listen(server);

answerParent({
  replies(value) {
    replies = repliesSchema.parse(value).map((reply) => ({ ...reply, body: Buffer.from(reply.body, 'base64') }));
    next = 0;
  },
});
