// Owns a server that webhooks are sent to: it keeps what came, and answers as it is told.

import { createServer, type IncomingHttpHeaders } from 'node:http';

/** A webhook that came. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** How a webhook is answered: a status with headers, or not at all. */
export type TargetAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>> }
  | 'reset'
  | 'hang';

/** A running target. */
export interface WebhookTarget extends AsyncDisposable {
  readonly url: string;
  /** All that came, in its order. */
  readonly received: Received[];
  /** The answers to the next webhooks, also such as are not yet known; 204 to all others. */
  readonly answers: (TargetAnswer | Promise<TargetAnswer>)[];
}

/** Starts one on a free port of this machine. */
export async function startWebhookTarget(): Promise<WebhookTarget> {
  const received: Received[] = [];
  const answers: WebhookTarget['answers'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', async () => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      const answer = await (answers.shift() ?? { status: 204 });
      if (answer === 'reset') request.socket.destroy();
      else if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    received,
    answers,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
