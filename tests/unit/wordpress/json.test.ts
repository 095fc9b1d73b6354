// Owns what the tolerant JSON reader takes and what it leaves, on any input.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonError, parseJson } from '../../../src/wordpress/json.ts';

const parse = (text: string) => parseJson(Buffer.from(text));

function faultOf(text: string): string {
  try {
    return `parsed ${JSON.stringify(parse(text).value)}`;
  } catch (error) {
    if (error instanceof JsonError) return error.fault;
    throw error;
  }
}

/** As PHP writes what is no ASCII. */
function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Objects and lists of objects, as REST routes answer. */
const answers = fc.oneof(
  fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 }),
  fc.array(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), { minLength: 1 }),
);

describe('parseJson', () => {
  it('reads JSON as it is', () => {
    fc.assert(
      fc.property(answers, (value) => {
        const text = JSON.stringify(value);
        expect(parse(text)).toEqual({ value: JSON.parse(text), oddities: [] });
      }),
    );
  });

  it('reads the same between a notice and a comment', () => {
    fc.assert(
      fc.property(answers, (value) => {
        const text = JSON.stringify(value);
        expect(parse(`<b>Warning</b>: [] in {closure}<br />\n${text}\n<!-- {"a":1} -->`)).toEqual({
          value: JSON.parse(text),
          oddities: ['text before JSON', 'text after JSON'],
        });
      }),
    );
  });

  it('never reads a beginning as a whole', () => {
    fc.assert(
      fc.property(answers, fc.boolean(), fc.nat(), (value, noticed, at) => {
        const text = JSON.stringify(value);
        const cut = text.slice(0, at % text.length);
        expect(faultOf(noticed ? `<b>Notice</b>: a<br />\n${cut}` : cut)).not.toMatch(/^parsed/);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['', 'empty'],
    ['\u{feff} \n', 'empty'],
    ['0', 'scalar'],
    ['null', 'scalar'],
    ['"a"', 'scalar'],
    ['{"a":1', 'broken'],
    ['[1,2', 'broken'],
    ["{'a':1}", 'broken'],
    ['["\\ud8"x"]', 'broken'],
    ['["\\uDE0g"]', 'broken'],
    ['{"a":1}{"b":2}', 'broken'],
    ['[],[]', 'broken'],
    ['hello', 'other'],
    ['see [] and {"a":1}', 'other'],
    ['<!doctype html>\n{"a":1}', 'other'],
    ['<script>\n{"a":1}', 'other'],
    [`${'a'.repeat(70_000)}\n{"a":1}`, 'other'],
    [`{"a":1}${'b'.repeat(70_000)}`, 'broken'],
  ])('%j is refused', (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  it('reads an empty list behind a notice', () => {
    expect(parse('<b>Notice</b>: Array [] {}<br />\n[]').value).toEqual([]);
    expect(parse('Notice: a\n{ }').value).toEqual({});
  });

  it('takes 128 levels and no more', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(faultOf(nested(128))).toMatch(/^parsed/);
    expect(faultOf(nested(129))).toBe('deep');
    expect(faultOf(nested(100_000))).toBe('deep');
  });

  it('takes 250,000 values and no more, whatever they are', () => {
    const most = 250_000;
    const listOf = (value: string, count: number) => `[${`${value},`.repeat(count - 2)}${value}]`;
    const keys = (count: number) => `{${Array.from({ length: count }, (_, index) => `"${index}\\"\\\\":1`).join()}}`;
    const shapes: ((count: number) => string)[] = [
      (count) => listOf('0', count),
      (count) => listOf('"a, [{\\""', count),
      (count) => ` ${keys(count)}`,
      (count) => `<b>Notice</b>: "a\n${keys(count)}`,
    ];
    for (const shape of shapes) {
      expect(faultOf(shape(most))).toMatch(/^parsed/);
      expect(faultOf(shape(most + 2))).toBe('wide');
    }
    expect(faultOf(`[${'{},'.repeat(most)}{}]`)).toBe('wide');
  });

  it('takes any length of text', () => {
    const text = ', [ { " \\ \n'.repeat(100_000);
    expect(parse(JSON.stringify([text])).value).toEqual([text]);
  });

  it('takes no escaped backslash for the other half of a character', () => {
    expect(parse('{"a":"\\\\ud83d\\ude00","b":"\\\\\\ud83d\\ude00"}').value).toEqual({
      a: '\\ud83d\u{fffd}',
      b: '\\😀',
    });
  });

  it('replaces half of a character, and leaves whole ones', () => {
    const half = '{"a":"x\\ud83d","b":["\\uDE00y","\\ud83d\\ud83d\\ude00"],"\\udc00":"\\ud83d\\ude00","d":"\\\\ud83d"}';
    const value = { a: 'x\u{fffd}', b: ['\u{fffd}y', '\u{fffd}😀'], '\u{fffd}': '😀', d: '\\ud83d' };
    expect(parse(half).value).toEqual(value);
    expect(parse(`<b>Notice</b>: a<br />\n${half}`).value).toEqual(value);
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.nat({ max: 0xffff }), (texts, code) => {
        const escaped = JSON.stringify([...texts, String.fromCharCode(code)]).replace(/[^\0-~]/g, toEscape);
        expect(parse(escaped).value).toEqual([...texts, Buffer.from(String.fromCharCode(code)).toString()]);
      }),
    );
  });

  it('replaces half of a character among what is not escaped', () => {
    expect(parse('{"é":"한\\ud83d한\\uDE00","b":"😀\\ud83d\\ude00\\\\\\udc00"}').value).toEqual({
      é: '한\u{fffd}한\u{fffd}',
      b: '😀😀\\\u{fffd}',
    });
    expect(parseJson(Buffer.from('["\xe9\\ud83d\xe9"]', 'latin1')).value).toEqual(['\u{fffd}'.repeat(3)]);
  });

  it('leaves the bytes as they are', () => {
    const body = Buffer.from('["\\ud83d"]');
    parseJson(body);
    expect(body.toString()).toBe('["\\ud83d"]');
  });

  it('replaces what is not UTF-8', () => {
    expect(parseJson(Buffer.from('{"a":"\xe9"}', 'latin1')).value).toEqual({ a: '\u{fffd}' });
  });

  it('keeps prototypes as they are', () => {
    parse('{"__proto__":{"polluted":true}}');
    expect('polluted' in {}).toBe(false);
  });
});
