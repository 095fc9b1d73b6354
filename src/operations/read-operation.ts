// Owns reading an HTTP request: which operation it asks for, by its text or by an id, and what makes it the same as another.

import { type DocumentNode, GraphQLError, getOperationAST, type OperationTypeNode } from 'graphql';
import { createBoundedMap } from '../bounded-map.ts';
import { type DocumentCache, weighDocument } from '../cache/document-cache.ts';
import { UserError } from '../errors.ts';
import type { Limits } from '../limits.ts';
import { hasCredentials, type RequestHeaders } from '../wordpress/credentials.ts';
import { bytesPerValue, type Held, weighRequest } from './asked-budget.ts';
import { documentIdOf, type JsonObject, toOperationKey } from './canonical.ts';
import { checkValues } from './json-bounds.ts';
import { createDocumentParser } from './parse-document.ts';
import { type Parameters, parseParameters } from './parse-parameters.ts';
import type { PersistedOperations } from './persisted-operations.ts';
import { createRecentTexts } from './recent-texts.ts';

/** The parts of an HTTP request that an operation is read from. */
export interface OperationRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly contentType: string | undefined;
  readonly body: Buffer | null;
  /** What came with credentials is not remembered as it came. */
  readonly headers?: RequestHeaders;
}

/** A document that a client asks to be executed, and with what. */
export interface AskedDocument extends Held {
  /** Its text. */
  readonly query: string;
  readonly variables: JsonObject | undefined;
  readonly operationName: string | undefined;
}

/** One operation that a client asks for. */
export interface Operation extends AskedDocument {
  /** Equal for equal operations. */
  readonly key: string;
  /** SHA-256 of the document's text, in hex. */
  readonly documentId: string;
  readonly type: `${OperationTypeNode}`;
  readonly name: string | undefined;
}

/** Why an operation that is named by an id is not executed. */
export type PersistedProblem = 'PERSISTED_QUERY_NOT_FOUND' | 'PERSISTED_QUERY_MISMATCH' | 'PERSISTED_QUERY_REQUIRED';

/** Why a request is refused before GraphQL is asked. */
export type RequestProblem = PersistedProblem | UserError;

/** What was read. A document without the operation, and null where there is no document: GraphQL itself tells what is wrong. */
export type ReadRequest = Operation | AskedDocument | RequestProblem | null;

/** Reads operations. */
export interface ReadOperation {
  /** What a request asks for. */
  (request: OperationRequest): ReadRequest;
  /** The same where that is known; else what finds out, which may take some milliseconds. */
  lookUp(request: OperationRequest): ReadRequest | Unread;
  /** Why the document that was read last is no GraphQL, once: who tells the client need not parse it again. */
  takeError(text: string): GraphQLError | undefined;
}

/** A request that has to be read. */
export interface Unread {
  /** How much of it is kept until then. */
  readonly bytes: number;
  readonly read: () => ReadRequest;
}

/** What reading stands on. */
export interface ReadOperationOptions {
  readonly documents: DocumentCache;
  readonly persisted: PersistedOperations;
  readonly limits: Limits;
}

/** What is remembered of requests as they came, so that one that comes again is not parsed again. */
const rememberedBytes = 4 * 1024 * 1024;

/** What an operation takes beside its texts and its values. */
const knownBytes = 512;

/** An operation that was read, and what it weighs beside the text that it came as. */
interface Known {
  readonly operation: Operation;
  readonly bytes: number;
}

interface Recent extends Known {
  isKept: boolean;
}

const bytesOf = ({ bytes }: Known) => bytes;

/** A reader that remembers what it has read. */
export function createOperationReader({ documents, persisted, limits }: ReadOperationOptions): ReadOperation {
  const parse = createDocumentParser(limits);
  const known = createBoundedMap<Known>({ maxBytes: rememberedBytes, bytesOf });
  const recent = createRecentTexts<Recent>(bytesOf);

  let failed: { readonly text: string; readonly error: GraphQLError } | undefined;

  function parseDocument(text: string): DocumentNode | null {
    const before = documents.get(text);
    if (before) return before;
    try {
      const document = parse(text);
      documents.set(text, document);
      return document;
    } catch (error) {
      // GraphQL tells the client.
      if (!(error instanceof GraphQLError)) throw error;
      failed = { text, error };
      return null;
    }
  }

  function resolve({ query, id }: Parameters): { readonly text: string } | PersistedProblem | null {
    if (id === undefined) {
      if (query === undefined) return null;
      return persisted.allows(query) ? { text: query } : 'PERSISTED_QUERY_REQUIRED';
    }
    const text = query ?? persisted.find(id);
    if (text === undefined) return 'PERSISTED_QUERY_NOT_FOUND';
    if (query !== undefined && persisted.find(id) !== query && !persisted.register(id, query)) {
      return 'PERSISTED_QUERY_MISMATCH';
    }
    return persisted.allows(text) ? { text } : 'PERSISTED_QUERY_REQUIRED';
  }

  function read(parameters: Parameters, requestBytes: number): Operation | AskedDocument | PersistedProblem | null {
    const resolved = resolve(parameters);
    if (resolved === null || typeof resolved === 'string') return resolved;
    const { text: query } = resolved;
    const { variables, operationName } = parameters;
    const document = parseDocument(query);
    const documentBytes = document ? weighDocument(document) : 0;
    const asked = { query, variables, operationName, documentBytes, requestBytes };
    const operation = document && getOperationAST(document, operationName);
    if (!operation) return asked;
    return {
      ...asked,
      key: toOperationKey(document, operation, variables),
      documentId: documentIdOf(document),
      type: operation.operation,
      name: operation.name?.value,
    };
  }

  function lookUp(request: OperationRequest): ReadRequest | Unread {
    const source = sourceOf(request);
    if (source === null) return null;
    const last = recent.get(source);
    if (last) {
      if (!last.isKept) known.set(source, last);
      last.isKept = true;
      return last.operation;
    }
    const before = known.get(source);
    if (before) {
      recent.set(source, { ...before, isKept: true });
      return before.operation;
    }
    return { bytes: source.length, read: () => readSource(source, request) };
  }

  function readSource(source: string, request: OperationRequest): ReadRequest {
    try {
      const parameters = parseParameters(request.method, source, limits);
      // The key of an operation is made of its variables, level by level.
      const values = parameters ? checkValues([parameters.variables, parameters.extensions], limits) : 0;
      const operation = parameters && read(parameters, weighRequest(Buffer.byteLength(source), values));
      if (isOperation(operation) && isForAll(operation, request)) {
        // What comes only once is not kept: all that a flood of different texts leaves behind would have to be collected.
        const bytes = knownBytes + 2 * source.length + bytesPerValue * values;
        const isTaken = recent.set(source, { operation, bytes, isKept: false });
        if (!isTaken) known.set(source, { operation, bytes });
      }
      return operation;
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    }
  }

  const readRequest = (request: OperationRequest) => {
    const found = lookUp(request);
    return isUnread(found) ? found.read() : found;
  };
  return Object.assign(readRequest, {
    lookUp,
    takeError(text: string) {
      const error = failed?.text === text ? failed.error : undefined;
      failed = undefined;
      return error;
    },
  });
}

/** Whether a request has to be read. */
export function isUnread(found: ReadRequest | Unread): found is Unread {
  return found !== null && typeof found === 'object' && 'read' in found;
}

/** Whether what was read is an operation that can be executed. */
export function isOperation(read: ReadRequest): read is Operation {
  return read !== null && typeof read === 'object' && 'key' in read;
}

/** Whether others may ask for the same; what somebody writes, or asks with credentials, is theirs alone. */
function isForAll({ type }: Operation, { headers = {} }: OperationRequest): boolean {
  return type !== 'mutation' && !hasCredentials(headers);
}

/** The text that says it all: the query of a GET, the body of a POST as JSON. */
function sourceOf({ method, url, contentType, body }: OperationRequest): string | null {
  if (method === 'GET') {
    const at = url.indexOf('?');
    return at === -1 ? null : url.slice(at);
  }
  if (method !== 'POST' || body === null) return null;
  if (!isJson(contentType)) return isDocument(contentType) ? JSON.stringify({ query: body.toString() }) : null;
  const text = body.toString();
  // What is remembered is known by its text alone, and so begins the query of a GET.
  return text.startsWith('?') ? null : text;
}

function isJson(contentType: string | undefined): boolean {
  return contentType === 'application/json' || /^application\/(?:graphql\+)?json\s*(?:;|$)/i.test(contentType ?? '');
}

/** Whether a body is the text of a document and nothing else. */
function isDocument(contentType: string | undefined): boolean {
  return /^application\/graphql\s*(?:;|$)/i.test(contentType ?? '');
}
