// Owns taking in a form with files: from callers with valid credentials only, a few at a time, as one operation with its files.

import { Readable } from 'node:stream';
import type { Prove } from '../clients/rate-limit.ts';
import { errorCodes, HeadgateError, LimitError, RateError, UserError } from '../errors.ts';
import { placeFiles, type Variables } from '../operations/place-files.ts';
import { type FormLimits, readForm } from '../operations/read-form.ts';
import { isOperation, type Operation, type OperationRequest, type ReadRequest } from '../operations/read-operation.ts';
import { hasCredentials } from '../wordpress/credentials.ts';
import type { Answer } from './answer.ts';
import { toBusyAnswer } from './busy-answer.ts';
import { toErrorAnswer, toProblemAnswer } from './error-answer.ts';
import { createFormPlaces, type FormPlace, graceMs, SlowFormError } from './form-places.ts';
import { toMediaType } from './negotiate.ts';
import { type HttpRequest, textOf } from './public-request.ts';

/** A form as it comes in. */
export interface FormRequest extends HttpRequest {
  /** The gateway's path, with the query. */
  readonly path: string;
  readonly body: Readable | Buffer | null;
  readonly prove?: Prove | undefined;
}

/** An operation that came with files. Dispose of it to remove them. */
export interface ReceivedForm extends AsyncDisposable {
  /** Whether it is a document at all. */
  readonly isRead: boolean;
  /** Null where it is no operation that could be executed. */
  readonly operation: Operation | null;
  /** The operation without its files, as JSON. */
  readonly operations: string;
  /** Its variables with the files. */
  readonly variables: Variables;
}

/** What taking in stands on. */
export interface ReceiveFormOptions {
  readonly limits: FormLimits;
  readonly readOperation: (request: OperationRequest) => ReadRequest;
  /** Rejects where the credentials of a request are not valid, or where their user asks too often. */
  readonly verify: (request: FormRequest) => Promise<void>;
}

const tooMany = { status: 503, code: 'OVERLOADED', message: 'Too many files are being taken in.' } as const;

/** Whether a request brings a form with files. */
export function isForm({ method, headers }: Pick<HttpRequest, 'method' | 'headers'>): boolean {
  return method === 'POST' && /^multipart\/form-data\s*(?:;|$)/i.test(textOf(headers['content-type']) ?? '');
}

/** Takes in a form, or answers why not. */
export function createFormReceiver(
  options: ReceiveFormOptions,
): (request: FormRequest) => Promise<ReceivedForm | Answer> {
  const { limits, readOperation, verify } = options;
  const takePlace = createFormPlaces();

  /** Nothing is taken in for those who could not write; nor do they hold a place while WordPress is asked. */
  async function receive(request: FormRequest): Promise<ReceivedForm | Answer> {
    const { headers } = request;
    if (!hasCredentials(headers)) throw new UserError('Files are taken with credentials only.', 'UNAUTHENTICATED');
    await verify(request);
    using place = takePlace();
    if (!place) return toBusyAnswer(tooMany, graceMs, toMediaType(textOf(headers['accept'])));
    return await takeIn(request, place);
  }

  async function takeIn({ path, headers, body }: FormRequest, place: FormPlace): Promise<ReceivedForm | Answer> {
    const media = toMediaType(textOf(headers['accept']));
    const stream = body instanceof Readable ? body : Readable.from(body === null ? [] : [body]);
    const form = await readForm(stream, textOf(headers['content-type']) ?? '', limits, place);
    try {
      const { operations } = form;
      const read = readOperation({
        ...{ method: 'POST', url: path, contentType: 'application/json' },
        body: Buffer.from(operations),
      });
      if (typeof read === 'string' || read instanceof UserError) {
        await form[Symbol.asyncDispose]();
        return toProblemAnswer(read, media);
      }
      const operation = isOperation(read) ? read : null;
      if (operation?.type === 'subscription') throw new UserError('A subscription takes no files.');
      const variables = operation ? placeFiles(operation.variables, form.map, form.files) : {};
      const isRead = read !== null;
      return { isRead, operation, operations, variables, [Symbol.asyncDispose]: () => form[Symbol.asyncDispose]() };
    } catch (error) {
      await form[Symbol.asyncDispose]();
      throw error;
    }
  }

  return async (request) => {
    const media = toMediaType(textOf(request.headers['accept'])) ?? undefined;
    try {
      return await receive(request);
    } catch (error) {
      if (error instanceof RateError)
        return toBusyAnswer({ status: 429, code: 'RATE_LIMITED' }, error.waitMs, media ?? null);
      if (!(error instanceof HeadgateError)) throw error;
      const { code } = error;
      if (error instanceof SlowFormError) return toErrorAnswer(408, code, error.message, media);
      const challenge = code === 'UNAUTHENTICATED' ? { challenge: 'Bearer realm="WordPress"' } : {};
      const limit = error instanceof LimitError ? { limit: error.limit } : {};
      const message = error instanceof UserError ? error.message : errorCodes[code];
      return toErrorAnswer(statusOf(error), code, message, media, { ...challenge, ...limit });
    }
  };
}

function statusOf(error: HeadgateError): number {
  if (error instanceof LimitError) return 413;
  if (error.code === 'UNAUTHENTICATED') return 401;
  return error instanceof UserError ? 400 : 503;
}
