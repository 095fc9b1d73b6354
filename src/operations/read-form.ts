// Owns reading a form with files while it comes in (GraphQL multipart request specification): files go to disk, bounded.

import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { Busboy, type BusboyFileStream } from '@fastify/busboy';
import { LimitError, UserError } from '../errors.ts';
import { countPassing } from '../passing-bytes.ts';
import { openTemporaryFolder } from '../temporary-folder.ts';
import { UploadedFile } from './uploaded-file.ts';

/** A form. Dispose of it to remove its files. */
export interface UploadForm extends AsyncDisposable {
  /** The operation, as JSON. */
  readonly operations: string;
  /** Which file stands where in it, as JSON. */
  readonly map: string;
  readonly files: ReadonlyMap<string, UploadedFile>;
}

/** Bounds of a form. */
export interface FormLimits {
  /** Bound of what is no file. */
  readonly maxBodyBytes: number;
  /** Bound of all files together. */
  readonly maxFileBytes: number;
}

/** How a form is coming in. */
export interface FormArrival {
  /** Ends the reading of a form that has not come whole, which rejects with its reason. */
  readonly signal: AbortSignal;
  /** So many more bytes have come. */
  count(bytes: number): void;
}

/** Files that one request may bring. */
const maxFiles = 10;
/** The operation, and which file stands where in it. */
const maxFields = 2;
/** What the parser is given at once: it reads that to its end, though it has found by then that the form is none. */
const parsedBytes = 4 * 1024;

/** Reads a form. Rejects with a {@link UserError} where it is none, or too large; nothing is left on disk then. */
export async function readForm(
  stream: Readable,
  contentType: string,
  limits: FormLimits,
  arrival: FormArrival,
): Promise<UploadForm> {
  const folder = await openTemporaryFolder('headgate-form-');
  const remove = () => folder[Symbol.asyncDispose]();
  try {
    const { operations, map, files } = await spool(stream, contentType, limits, arrival, folder.path);
    if (operations === undefined || map === undefined) {
      throw new UserError('A form must have the fields operations and map, and then its files.');
    }
    return { operations, map, files, [Symbol.asyncDispose]: remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

interface Spooled {
  readonly operations: string | undefined;
  readonly map: string | undefined;
  readonly files: ReadonlyMap<string, UploadedFile>;
}

async function spool(
  stream: Readable,
  contentType: string,
  { maxBodyBytes, maxFileBytes }: FormLimits,
  { signal, count }: FormArrival,
  directory: string,
): Promise<Spooled> {
  const parser = createParser(contentType, maxBodyBytes);
  const fields = new Map<string, string>();
  const files = new Map<string, UploadedFile>();
  const sources = new Set<BusboyFileStream>();
  const writing: Promise<void>[] = [];
  let left = maxFileBytes;
  const fail = (error: Error) => {
    parser.destroy(error);
    for (const source of sources) source.destroy(error);
  };

  async function write(key: string, source: BusboyFileStream, name: string, type: string): Promise<void> {
    sources.add(source);
    const path = join(directory, String(sources.size));
    const hash = createHash('sha256');
    let bytes = 0;
    await pipeline(
      source,
      async function* bounded(chunks: AsyncIterable<Buffer>) {
        for await (const chunk of chunks) {
          bytes += chunk.length;
          left -= chunk.length;
          countPassing(chunk.length);
          if (left < 0) throw tooLarge('fileBytes', maxFileBytes, 'The files are');
          hash.update(chunk);
          yield chunk;
        }
      },
      createWriteStream(path),
    );
    const media = (type.split(';', 1)[0] ?? '').trim().toLowerCase();
    files.set(key, new UploadedFile({ path, bytes, name, type: media, hash: hash.digest('hex') }));
  }

  parser.on('field', (name, value, _, isTruncated) => {
    if (isTruncated) fail(tooLarge('bodyBytes', maxBodyBytes, `The field ${JSON.stringify(name)} is`));
    fields.set(name, value);
  });
  parser.on('file', (key, source, name = '', _, type) => {
    const written = write(key, source, name, type);
    // A file that cannot be written ends the whole form; what awaits it below learns why.
    written.catch(fail);
    writing.push(written);
  });
  for (const event of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
    parser.on(event, () =>
      fail(new LimitError(`A form has ${maxFiles} files at most.`, { name: 'files', max: maxFiles })),
    );
  }
  // Not a pipeline, which would end the connection that the client waits on for the answer.
  finished(stream, { writable: false, signal }).catch(fail);
  const slices = createSlicer(count);
  try {
    await finished(stream.pipe(slices).pipe(parser), { readable: false });
    await Promise.all(writing);
  } catch (error) {
    stream.unpipe(slices).resume();
    await Promise.allSettled(writing);
    signal.throwIfAborted();
    if (error instanceof UserError) throw error;
    throw new UserError('The form breaks off, or is not well-formed.', 'BAD_USER_INPUT', { cause: error });
  }
  return { operations: fields.get('operations'), map: fields.get('map'), files };
}

function createSlicer(count: FormArrival['count']): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      count(chunk.length);
      for (let at = 0; at < chunk.length; at += parsedBytes) this.push(chunk.subarray(at, at + parsedBytes));
      done();
    },
  });
}

function createParser(contentType: string, maxBodyBytes: number) {
  try {
    return new Busboy({
      headers: { 'content-type': contentType },
      limits: {
        ...{ fieldSize: maxBodyBytes, headerPairs: 20, headerSize: 8192 },
        ...{ parts: maxFields + maxFiles, fields: maxFields, files: maxFiles },
      },
    });
  } catch (error) {
    throw new UserError('The form has no boundary.', 'BAD_USER_INPUT', { cause: error });
  }
}

function tooLarge(name: string, max: number, what: string): LimitError {
  return new LimitError(`${what} larger than ${max} bytes.`, { name, max });
}
