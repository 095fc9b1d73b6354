// Owns requests before the REST root is known: pages and candidates, followed to where the site may have moved.

import { mayMove } from './address.ts';
import { createTransport, type Transport } from './transport.ts';

/** Where a request ended up. */
export interface Visit {
  /** The address that answered, after redirects. */
  readonly url: URL;
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Buffer;
  /** Where a redirect led that was not followed. */
  readonly elsewhere: URL | null;
}

/** How a {@link Visitor} behaves. */
export interface VisitorOptions {
  /** Deadline of each visit. */
  readonly timeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly userAgent: string;
  /** When all visits are over, in ms of `performance.now()`. */
  readonly endsAt?: number;
}

/** Visits addresses of one site. Rejects with the errors of the transport, or with the reason of the deadline. */
export interface Visitor extends AsyncDisposable {
  visit(method: 'GET' | 'HEAD', address: URL): Promise<Visit>;
}

const maxRedirects = 5;
const maxPageBytes = 1024 * 1024;

/** A visitor with connections of its own. */
export function createVisitor(options: VisitorOptions): Visitor {
  const { timeoutMs, connectTimeoutMs, userAgent, endsAt = Number.POSITIVE_INFINITY } = options;
  const transports = new Map<string, Transport>();

  function transportTo(origin: string): Transport {
    const known = transports.get(origin);
    if (known) return known;
    const transport = createTransport(origin, { connectTimeoutMs, maxConnections: 1 });
    transports.set(origin, transport);
    return transport;
  }

  return {
    async visit(method, address) {
      const controller = new AbortController();
      const timer = setTimeout(
        () => controller.abort(Object.assign(new Error(`no answer within ${timeoutMs} ms`), { code: 'ETIMEDOUT' })),
        Math.max(0, Math.min(timeoutMs, endsAt - performance.now())),
      );
      try {
        let url = address;
        for (let redirects = 0; ; redirects++) {
          const answer = await transportTo(url.origin).exchange({
            method,
            target: url.pathname + url.search,
            headers: {
              accept: 'text/html,application/json;q=0.9',
              'accept-encoding': 'br, gzip, deflate',
              'user-agent': userAgent,
            },
            signal: controller.signal,
            maxBytes: maxPageBytes,
            // The head of a page is enough.
            beyond: 'cut',
            // What a page says cannot be compared with what was asked.
            alone: true,
          });
          const location = answer.headers.get('location') ?? '';
          const isRedirect =
            [301, 302, 303, 307, 308].includes(answer.status) && location !== '' && URL.canParse(location, url);
          if (!isRedirect) return { ...answer, url, elsewhere: null };
          const to = new URL(location, url);
          if (redirects >= maxRedirects || !mayMove(url, to)) return { ...answer, url, elsewhere: to };
          url = to;
        }
      } finally {
        clearTimeout(timer);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...transports.values()].map((transport) => transport[Symbol.asyncDispose]()));
    },
  };
}
