// Owns the schema as a file that tools fetch: made once for each schema, with a validator of its content.

import { hash } from 'node:crypto';
import type { GraphQLSchema } from 'graphql';
import { compress } from '../cache/compress.ts';
import type { Encoding } from '../cache/stored-response.ts';
import { type Answer, commonHeaders, toOwnAnswer } from './answer.ts';
import { toEncoding } from './negotiate.ts';
import { type HttpRequest, textOf } from './public-request.ts';

/** Answers a request for the schema. */
export type SchemaFile = (schema: GraphQLSchema, request: HttpRequest) => Promise<Answer>;

interface Printed {
  readonly etag: string;
  readonly bodyIn: (encoding: Encoding) => Buffer | Promise<Buffer>;
}

/** The file, printed when it is first asked for. */
export function createSchemaFile(print: (schema: GraphQLSchema) => string): SchemaFile {
  const known = new WeakMap<GraphQLSchema, Printed>();
  return async (schema, { headers }) => {
    const printed = known.get(schema) ?? toPrinted(print(schema));
    known.set(schema, printed);
    const { etag, bodyIn } = printed;
    const fixed: [string, string][] = [
      ['cache-control', 'no-cache'],
      ['etag', etag],
      ['vary', 'Accept-Encoding'],
    ];
    const isKnown = textOf(headers['if-none-match'])
      ?.split(',')
      .some((tag) => tag.trim().replace(/^W\//, '') === etag);
    if (isKnown) return { status: 304, headers: [...commonHeaders, ...fixed.flat()], body: Buffer.alloc(0) };
    const encoding = toEncoding(textOf(headers['accept-encoding']));
    const coded: [string, string][] = encoding === 'identity' ? [] : [['content-encoding', encoding]];
    // Browsers show it, in contrast to types that they do not know.
    const all: [string, string][] = [...fixed, ...coded, ['content-type', 'text/plain; charset=utf-8']];
    return toOwnAnswer(200, all, await bodyIn(encoding));
  };
}

function toPrinted(text: string): Printed {
  const plain = Buffer.from(text);
  const bodies = new Map<Encoding, Buffer | Promise<Buffer>>();
  return {
    etag: `"${hash('sha256', plain, 'base64url').slice(0, 22)}"`,
    bodyIn(encoding) {
      if (encoding === 'identity') return plain;
      const body = bodies.get(encoding) ?? compress(plain, encoding);
      bodies.set(encoding, body);
      return body;
    },
  };
}
