// Owns multipart bodies: a file with fields beside it, read from disk while it is sent.

import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { countPassing } from '../passing-bytes.ts';
import type { RestBody } from './rest.ts';

/** A file on disk and what WordPress shall know it by. */
export interface UploadFile {
  readonly path: string;
  readonly bytes: number;
  readonly name: string;
  readonly type: string;
}

/** A body of `multipart/form-data`; the file is its part `file`. */
export function toMultipart(file: UploadFile, fields: Readonly<Record<string, string>>): RestBody {
  const boundary = `headgate-${randomUUID()}`;
  const parts = Object.entries(fields).map(([name, value]) => `${openPart(boundary, name)}\r\n\r\n${value}\r\n`);
  const fileName = file.name.replace(/[^\p{L}\p{M}\p{N} ._()-]/gu, '-');
  const opening = `${openPart(boundary, 'file')}; filename="${fileName}"\r\nContent-Type: ${file.type}\r\n\r\n`;
  const head = Buffer.from(parts.join('') + opening);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  async function* all() {
    yield head;
    for await (const chunk of createReadStream(file.path)) {
      countPassing(chunk.length);
      yield chunk;
    }
    yield tail;
  }
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    data: () => Readable.from(all(), { objectMode: false }),
    bytes: head.length + file.bytes + tail.length,
  };
}

function openPart(boundary: string, name: string): string {
  return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`;
}
