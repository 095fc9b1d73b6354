// Owns a client of server-sent events that reads a subscription as it comes.

import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { asJson, type SendDocument } from './body-forms.ts';

/** A client that listens. */
export interface EventClient {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** All that came so far. */
  text(): string;
  /** The results of the events that came so far. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads answers of any shape, and states the shape by reading it.
  events(): any[];
  isOver(): boolean;
  leave(): void;
}

/** Subscribes; resolves when the gateway has begun to answer. */
export async function followEvents(
  url: string,
  query: string,
  headers: Readonly<Record<string, string>> = {},
  send: SendDocument = asJson,
): Promise<EventClient> {
  const { type, body } = send(query);
  const sent = request(`${url}/graphql`, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': type, accept: 'text/event-stream', ...headers },
  });
  sent.on('error', () => {});
  sent.end(body);
  const [response]: [IncomingMessage] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  let isOver = false;
  response.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
  });
  response.on('error', () => {});
  response.on('close', () => {
    isOver = true;
  });
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: () => text,
    events: () => [...text.matchAll(/^event: next\ndata: (.*)$/gm)].map(([, data]) => JSON.parse(data ?? '')),
    isOver: () => isOver,
    leave: () => sent.destroy(),
  };
}
