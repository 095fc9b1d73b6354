// Owns what the gateway is asked by.

import type { Readable } from 'node:stream';
import type { Caller } from '../operations/callers.ts';
import type { HttpRequest } from '../responses/public-request.ts';

/** What a listener passes of an HTTP request. */
export interface GatewayRequest extends HttpRequest {
  /** Path and query as the client sent them. */
  readonly url: string;
  /** What comes in piece by piece is a form with files. */
  readonly body: Buffer<ArrayBuffer> | Readable | null;
  /** Address of the other end of the connection. */
  readonly address?: string | undefined;
}

/** One that may be answered. */
export interface AdmittedRequest {
  readonly request: GatewayRequest;
  /** The gateway's path, with the query. */
  readonly path: string;
  readonly caller: Caller | null;
  /** In ms of `performance.now()`. */
  readonly startedAt: number;
}
