// Owns reading JSON as WordPress sites really send it: with notices before it and leftovers of plugins behind it.

import { isAscii } from 'node:buffer';

/** Why a body gave no JSON. */
export type JsonFault = 'empty' | 'scalar' | 'broken' | 'deep' | 'wide' | 'other';

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
  wide: 'the JSON has too many values',
  other: 'the body is not JSON',
};

const maxJunk = 64 * 1024;
const maxDepth = 128;
/** A hundred objects of 2,500 values each: what is small in bytes may take seconds to read and hundreds of megabytes to hold. */
const maxValues = 250_000;

/**
 * Reads an object or array, with junk of up to 64 KB on either side. Never repairs: a body that was cut off must not
 * become a shorter answer, so the first thing that looks like the answer has to be complete.
 */
export function parseJson(body: Uint8Array): ParsedJson {
  const text = read(body);
  let parsed: ParsedJson;
  try {
    parsed = { value: readValue(text), oddities: [] };
  } catch (cause) {
    if (cause instanceof JsonError) throw cause;
    const trimmed = text.replace(/^[\s\u{feff}\0]+|(?<![\s\0])[\s\0]+$/gu, '');
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

/** Half of a character beyond U+FFFF, escaped; or what looks like one because of an escaped backslash. */
const halfPair = /\\u[dD](?:[89abAB]..(?!\\u[dD][c-fC-F])|[c-fC-F]..(?<!(?<!\\)\\u[dD][89abAB]..\\u....))/;

function read(body: Uint8Array): string {
  const text = decode(body);
  return halfPair.test(text) ? decode(mendHalves(body)) : text;
}

/** With U+FFFD for each half: no JSON reader of a client has to take it (RFC 8259, section 8.2). */
function mendHalves(body: Uint8Array): Uint8Array {
  const mended = Uint8Array.from(body);
  // A loop over bytes: to replace by an expression takes ten times as long as to parse.
  for (let at = 0; at < mended.length; ) at += mended[at] === backslash ? mendEscape(mended, at) : 1;
  return mended;
}

/** Returns how many bytes are done: with both halves of a character, and with the backslash that another escapes. */
function mendEscape(bytes: Uint8Array, at: number): number {
  const half = unitAt(bytes, at) >> 10;
  if (half !== firstHalf && half !== secondHalf) return 2;
  if (half === firstHalf && unitAt(bytes, at + 6) >> 10 === secondHalf) return 12;
  for (let index = 2; index < 6; index++) bytes[at + index] = index < 5 ? 0x66 : 0x64;
  return 6;
}

/** The UTF-16 unit that is escaped there; NaN where none is. */
function unitAt(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== backslash || bytes[at + 1] !== letterU) return Number.NaN;
  let unit = 0;
  for (let index = 2; index < 6; index++) unit = 16 * unit + (hexDigits[bytes[at + index] ?? 0] ?? Number.NaN);
  return unit;
}

const [firstHalf, secondHalf] = [0xd800 >> 10, 0xdc00 >> 10];
const hexDigits = Array.from({ length: 256 }, (_, code) => Number.parseInt(String.fromCharCode(code), 16));

function parseTrimmed(text: string, cause: unknown): ParsedJson {
  try {
    return { value: readValue(text), oddities: [] };
  } catch (error) {
    if (error instanceof JsonError) throw error;
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
    const value = readValue(text.slice(start, end));
    const oddities: JsonOddity[] = start > 0 ? ['text before JSON'] : [];
    if (rest !== '') oddities.push('text after JSON');
    return { value, oddities };
  } catch (error) {
    throw error instanceof JsonError ? error : new JsonError('broken', { cause: error });
  }
}

/** Throws a `SyntaxError` for what is no JSON. */
function readValue(text: string): unknown {
  // A value takes two characters at least. What does not begin like JSON is refused by its first character.
  if (text.length > 2 * maxValues && /^\s*[[{]/.test(text) && hasMoreValues(text, maxValues))
    throw new JsonError('wide');
  return JSON.parse(text);
}

/** By commas and brackets outside of strings. From quote to quote, because most of an answer is text. */
function hasMoreValues(text: string, most: number): boolean {
  let values = 0;
  for (let index = 0; index < text.length; ) {
    const quote = text.indexOf('"', index);
    const end = quote === -1 ? text.length : quote;
    for (; index < end; index++) {
      const code = text.charCodeAt(index);
      if ((code === comma || code === bracket || code === brace) && ++values > most) return true;
    }
    if (quote !== -1) index = endOfString(text, quote);
  }
  return false;
}

const [comma, bracket, brace, backslash, letterU] = [0x2c, 0x5b, 0x7b, 0x5c, 0x75];

/** Position behind the quote that closes the one at `start`. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let escaping = quote;
    while (text.charCodeAt(escaping - 1) === backslash) escaping--;
    if ((quote - escaping) % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** Notices quote code (`[] operator`, `{closure}`), so JSON must start behind a tag or a line break and look the part. */
function findStart(text: string): number | null {
  const junk = text.slice(0, maxJunk);
  // A page may carry JSON for its scripts.
  const page = junk.search(/<!doctype|<html|<body|<script/i);
  const before = page === -1 ? junk.length : page;
  for (const { index } of junk.matchAll(/\{\s*"|\[\s*\{\s*"/g)) {
    if (index > before) return null;
    if (isStart(text.slice(0, index))) return index;
  }
  const empty = text.length > maxJunk ? -1 : text.search(/(?:\[\s*\]|\{\s*\})$/);
  return empty > 0 && empty < before && isStart(text.slice(0, empty)) ? empty : null;
}

function isStart(before: string): boolean {
  const junk = before.trimEnd();
  return junk.endsWith('>') || before.includes('\n', junk.length);
}

/** Position behind the bracket that closes the one at `start`. A loop: regular expressions overflow on long strings. */
function findEnd(text: string, start: number): number | null {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (character === '"') index = endOfString(text, index) - 1;
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
