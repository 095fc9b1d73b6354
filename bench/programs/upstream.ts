// Owns the replaying upstream: a site that answers from memory, late if it is told to, and counts what it is asked.

import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Collection, createCollections } from '../content.ts';
import { loadRecording, type Recording } from '../recording.ts';
import { listOf, pickFields } from '../rest-lists.ts';
import { answerParent } from './answer-parent.ts';
import { listen } from './listen.ts';

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly total?: number;
}

const counts = { requests: 0, bytes: 0, unknown: [] as string[] };
let delayMs = 0;
let site: { readonly recording: Recording; readonly collections: ReadonlyMap<string, Collection> } | undefined;

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', origin);
  const route = /^\/wp-json\/(.*?)\/?$/.exec(url.pathname)?.[1];
  if (delayMs > 0) await sleep(delayMs);
  if (route === undefined) return sendPage(response);
  const answer = answerTo(request.method ?? 'GET', route, url.searchParams);
  if (answer.status !== 200) counts.unknown.push(`${request.method} ${url.pathname}${url.search}`);
  const text = Buffer.from(JSON.stringify(answer.body));
  counts.requests += 1;
  counts.bytes += text.length;
  response.writeHead(answer.status, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': text.length,
    ...(answer.total === undefined ? {} : { 'x-wp-total': answer.total }),
  });
  response.end(text);
});
const origin = await listen(server);

answerParent({
  delay(ms) {
    delayMs = Number(ms);
  },
  /** The counts since the last time. */
  takeCounts() {
    const taken = { ...counts };
    Object.assign(counts, { requests: 0, bytes: 0, unknown: [] });
    return taken;
  },
});

function answerTo(method: string, route: string, query: URLSearchParams): Answer {
  site ??= openSite();
  const { recording, collections } = site;
  const fields = query.get('_fields');
  const recorded = method === 'OPTIONS' ? recording.schemas[route] : recording.answers[route];
  if (recorded !== undefined) return { status: 200, body: pickFields(recorded, fields) };
  const collection = collections.get(route);
  const page = collection && listOf(collection, query);
  if (page) return { status: 200, body: page.rows.map((row) => pickFields(row, fields)), total: page.total };
  // The site has other types too, and nothing of them.
  if (!collection && route in recording.schemas) return { status: 200, body: [], total: 0 };
  return { status: 404, body: { code: 'rest_no_route', message: 'Not recorded.', data: { status: 404 } } };
}

function openSite() {
  const recording = loadRecording(origin);
  return { recording, collections: createCollections(recording) };
}

function sendPage(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html', link: `<${origin}/wp-json/>; rel="https://api.w.org/"` });
  response.end('<!doctype html><title>Replayed</title>');
}
