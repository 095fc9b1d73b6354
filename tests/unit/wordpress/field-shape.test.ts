// JSON schemas of custom fields become shapes that GraphQL can say, by what WordPress and ACF write into them.

import { describe, expect, it } from 'vitest';
import { type FieldShape, type FieldSource, parseCustomFields } from '../../../src/wordpress/field-shape.ts';

function shapeOf(schema: unknown, source: FieldSource = 'meta'): FieldShape | undefined {
  const properties = { [source]: { type: 'object', properties: { field: schema } } };
  return parseCustomFields(properties)[source][0]?.shape;
}

/** A shape in short: `[text]`, `{a:int}`. */
function print(shape: FieldShape | undefined | null): string {
  if (!shape) return 'none';
  if (shape.kind === 'list') return `[${print(shape.of)}]`;
  if (shape.kind !== 'object') return shape.kind;
  return `{${shape.fields.map((field) => `${field.key}:${print(field.shape)}`).join()}}`;
}

describe('registered metadata', () => {
  it.each([
    ['text', { type: 'string' }],
    ['text', { type: 'string', format: 'date-time' }],
    ['text', { type: ['string', 'null'], enum: ['a', 'b'] }],
    ['int', { type: 'integer' }],
    ['float', { type: 'integer', maximum: 9_007_199_254_740_991 }],
    ['float', { type: 'number' }],
    ['float', { type: ['integer', 'number'] }],
    ['boolean', { type: 'boolean' }],
    ['[text]', { type: 'array', items: { type: 'string' } }],
    ['[[int]]', { type: 'array', items: { type: 'array', items: { type: 'integer' } } }],
    ['json', { type: 'array' }],
    [
      '{a:int,b:[text]}',
      { type: 'object', properties: { a: { type: 'integer' }, b: { type: 'array', items: { type: 'string' } } } },
    ],
    ['json', { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true }],
    ['json', { type: 'object', properties: [] }],
    ['json', { type: 'object' }],
    ['json', { type: ['string', 'object'] }],
    ['json', { oneOf: [{ type: 'string' }, { type: 'integer' }] }],
    ['json', { type: 'money' }],
    ['json', {}],
    ['none', { type: 'string', context: ['edit'] }],
    ['none', null],
    ['none', []],
    ['none', 'string'],
  ])('%s', (expected, schema) => {
    expect(print(shapeOf(schema))).toBe(expected);
  });
});

describe('fields of ACF', () => {
  it.each([
    ['text', 'text', { type: ['string', 'null'] }],
    ['number', 'float', { type: ['number', 'null'], minimum: 0 }],
    ['true or false', 'boolean', { type: ['boolean', 'null'] }],
    [
      'choice of one',
      'text',
      { type: ['string', 'array', 'int', 'null'], items: { type: ['string', 'int'], enum: ['1'] }, maxItems: 1 },
    ],
    [
      'choice of many',
      'json',
      { type: ['string', 'array', 'int', 'null'], items: { type: ['string', 'int'], enum: ['1'] } },
    ],
    ['checkbox', '[text]', { type: ['array', 'null'], items: { type: ['string', 'int'], enum: ['a'] } }],
    ['image or file', 'media', { type: ['integer', 'null'] }],
    ['gallery', '[media]', { type: ['array', 'null'], items: { type: 'number' } }],
    ['post', 'node', { type: ['integer', 'array', 'null'], items: { type: 'integer' }, maxItems: 1 }],
    ['posts', '[node]', { type: ['integer', 'array', 'null'], items: { type: ['integer'] } }],
    ['relationship', '[node]', { type: ['array', 'null'], items: { type: 'integer' } }],
    [
      'page link or archive',
      'json',
      { type: ['integer', 'array', 'null', 'string'], items: { type: ['integer', 'string'] } },
    ],
    ['group', '{image:media}', { type: ['object', 'null'], properties: { image: { type: ['integer', 'null'] } } }],
    [
      'repeater',
      '[{title:text}]',
      { type: ['array', 'null'], items: { type: 'object', properties: { title: { type: 'string' } } } },
    ],
    ['flexible content', '[json]', { type: ['array', 'null'], items: { type: 'object', oneOf: [] } }],
  ])('%s: %s', (_, expected, schema) => {
    expect(print(shapeOf(schema, 'acf'))).toBe(expected);
  });

  it('are references only there: metadata has integers of any meaning', () => {
    expect(print(shapeOf({ type: ['integer', 'null'] }))).toBe('int');
  });
});

describe('a schema', () => {
  it('describes its field by all that it says', () => {
    const schema = { type: 'string', description: 'Size.', format: 'date', enum: ['s', 'm'] };
    expect(shapeOf(schema)?.description).toBe('Size. Format: date. One of: s, m.');
    expect(shapeOf({ type: 'string', description: '', title: '' })?.description).toBeNull();
  });

  it('is bounded in depth and in number', () => {
    let deep: object = { type: 'string' };
    for (let depth = 0; depth < 50; depth++) deep = { type: 'object', properties: { a: deep } };
    expect(print(shapeOf(deep)).length).toBeLessThan(60);
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, { type: 'string' }]));
    expect(parseCustomFields({ meta: { properties: many } }).meta).toHaveLength(300);
  });

  it.each([[undefined], [null], [[]], [{}], [{ meta: [] }], [{ meta: { properties: [] } }]])(
    'may be %j',
    (properties) => {
      expect(parseCustomFields(properties)).toEqual({ meta: [], acf: [] });
    },
  );
});
