// Owns reading JSON as WordPress sites really send it: with notices before it and leftovers of plugins behind it.

import { isAscii } from 'node:buffer';

/** Why a body gave no JSON. */
export type JsonFault = 'empty' | 'scalar' | 'broken' | 'deep' | 'other';

/** A body holds no usable JSON. `other`: it does not even try to be JSON. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly fault: JsonFault;

  constructor(fault: JsonFault, options?: ErrorOptions) {
    super(messages[fault], options);
    this.fault = fault;
  }
}

/** What had to be taken off to find the JSON. */
export type JsonOddity = 'text before JSON' | 'text after JSON';

/** An object or array, and what was around it. */
export interface ParsedJson {
  readonly value: unknown;
  readonly oddities: readonly JsonOddity[];
}

const messages: Record<JsonFault, string> = {
  empty: 'the body is empty',
  scalar: 'the JSON is neither an object nor an array',
  broken: 'the JSON is broken or cut off',
  deep: 'the JSON is nested too deeply',
  other: 'the body is not JSON',
};

const maxJunk = 64 * 1024;
const maxDepth = 128;

/**
 * Reads an object or array, with junk of up to 64 KB on either side. Never repairs: a body that was cut off must not
 * become a shorter answer, so the first thing that looks like the answer has to be complete.
 */
export function parseJson(body: Uint8Array): ParsedJson {
  const text = decode(body);
  let parsed: ParsedJson;
  try {
    parsed = { value: JSON.parse(text), oddities: [] };
  } catch (cause) {
    const trimmed = text.replace(/^[\s\u{feff}\0]+|[\s\0]+$/gu, '');
    if (trimmed === '') throw new JsonError('empty');
    parsed = parseTrimmed(trimmed, cause);
  }
  if (typeof parsed.value !== 'object' || parsed.value === null) throw new JsonError('scalar');
  if (isDeeper(parsed.value, maxDepth)) throw new JsonError('deep');
  return parsed;
}

/** Most answers are ASCII, because PHP escapes the rest: that is a tenth of the work. */
function decode(body: Uint8Array): string {
  if (isAscii(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1');
  // The decoder takes the byte-order mark off and replaces what is not UTF-8.
  return new TextDecoder().decode(body);
}

function parseTrimmed(text: string, cause: unknown): ParsedJson {
  try {
    return { value: JSON.parse(text), oddities: [] };
  } catch {
    return parseWithin(text, cause);
  }
}

function parseWithin(text: string, cause: unknown): ParsedJson {
  const start = /^[[{]/.test(text) ? 0 : findStart(text);
  if (start === null) throw new JsonError('other', { cause });
  const end = findEnd(text, start);
  const rest = text.slice(end ?? text.length).trimStart();
  // A second document behind the first leaves open which of them is the answer.
  if (end === null || rest.length > maxJunk || /^[[{,]/.test(rest)) throw new JsonError('broken', { cause });
  try {
    const value: unknown = JSON.parse(text.slice(start, end));
    const oddities: JsonOddity[] = start > 0 ? ['text before JSON'] : [];
    if (rest !== '') oddities.push('text after JSON');
    return { value, oddities };
  } catch (error) {
    throw new JsonError('broken', { cause: error });
  }
}

/** Notices quote code (`[] operator`, `{closure}`), so JSON must start behind a tag or a line break and look the part. */
function findStart(text: string): number | null {
  for (const { index } of text.slice(0, maxJunk).matchAll(/\{\s*"|\[\s*\{\s*"/g)) {
    if (isStart(text.slice(0, index))) return index;
  }
  const empty = text.length > maxJunk ? -1 : text.search(/(?:\[\s*\]|\{\s*\})$/);
  return empty > 0 && isStart(text.slice(0, empty)) ? empty : null;
}

function isStart(before: string): boolean {
  const junk = before.trimEnd();
  // A page may carry JSON for its scripts.
  return (junk.endsWith('>') || before.includes('\n', junk.length)) && !/<!doctype|<html|<body|<script/i.test(junk);
}

/** Position behind the bracket that closes the one at `start`. A loop: regular expressions overflow on long strings. */
function findEnd(text: string, start: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (quoted) {
      if (character === '\\') index++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') depth++;
    else if ((character === '}' || character === ']') && --depth === 0) return index + 1;
  }
  return null;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((child) => isDeeper(child, levels - 1));
}
