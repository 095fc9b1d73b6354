// Measuring a document takes one visit of each selection set, however often fragments are spread, and no valid query of a
// front end is too large.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type DocumentNode, getIntrospectionQuery, parse, visit } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createLimits } from '../../src/limits.ts';
import { checkComparisons } from '../../src/plugins/document-comparisons.ts';
import { checkDocument } from '../../src/plugins/document-limits.ts';
import { frontEndQueries } from '../support/front-end-queries.ts';

const unlimited = createLimits({
  depth: Infinity,
  selections: Infinity,
  rootFields: Infinity,
  aliases: Infinity,
  repeats: Infinity,
  directives: Infinity,
  directivesAtOnePlace: Infinity,
});

/** Selection sets of a document, and how often they were looked at since. */
function watchSelections(document: DocumentNode): { readonly sets: number; readonly visits: () => number } {
  let sets = 0;
  let visits = 0;
  visit(document, {
    SelectionSet(node) {
      const { selections } = node;
      sets += 1;
      Object.defineProperty(node, 'selections', {
        get() {
          visits += 1;
          return selections;
        },
      });
    },
  });
  // The walk that put the getters in place has looked as well.
  visits = 0;
  return { sets, visits: () => visits };
}

/** Fragments that spread any of each other, themselves and ones that are not there, in any depth. */
const documents = fc
  .integer({ min: 1, max: 30 })
  .chain((count) => {
    const spread = fc.integer({ min: 0, max: count }).map((index) => `...F${index}`);
    const { selection } = fc.letrec<{ selection: string }>((tie) => ({
      selection: fc.oneof(
        { depthSize: 'small' },
        spread,
        fc.constantFrom('a', 'b: a', '__typename @skip(if: true)'),
        fc.array(tie('selection'), { minLength: 1, maxLength: 4 }).map((inner) => `a { ${inner.join(' ')} }`),
        fc.array(tie('selection'), { minLength: 1, maxLength: 4 }).map((inner) => `... on T { ${inner.join(' ')} }`),
      ),
    }));
    const body = fc.array(selection, { minLength: 1, maxLength: 5 }).map((selections) => `{ ${selections.join(' ')} }`);
    return fc.tuple(body, fc.array(body, { minLength: count, maxLength: count }));
  })
  .map(([operation, fragments]) =>
    [operation, ...fragments.map((body, index) => `fragment F${index} on T ${body}`)].join('\n'),
  );

describe('measuring', () => {
  it('looks at each selection set once', () => {
    fc.assert(
      fc.property(documents, (text) => {
        const document = parse(text);
        const { sets, visits } = watchSelections(document);
        checkDocument(document, unlimited);
        expect(visits()).toBe(sets);
      }),
      { numRuns: 300 },
    );
  });

  it('looks at each level of a million spreads once', () => {
    const levels = Array.from({ length: 60 }, (_, i) => `fragment F${i} on T { ...F${i + 1} ...F${i + 1} }`);
    const document = parse(`{ ...F0 } ${levels.join(' ')} fragment F60 on T { a }`);
    const { sets, visits } = watchSelections(document);
    checkDocument(document, unlimited);
    expect([sets, visits()]).toEqual([62, 62]);
    expect(() => checkDocument(document, createLimits())).toThrow('more than 2000 selections');
  });

  it('counts what fragments hold as if it stood where they are spread', () => {
    const check = (text: string) => () => checkDocument(parse(text), createLimits({ depth: 3, rootFields: 2 }));
    expect(check('{ ...A } fragment A on T { a { a { a } } }')).not.toThrow();
    expect(check('{ a { ...A } } fragment A on T { a { a { a } } }')).toThrow('nested more than 3 deep');
    expect(check('{ ... on T { a } ...A } fragment A on T { a }')).not.toThrow();
    expect(check('{ ... on T { a } ...A } fragment A on T { a b }')).toThrow('more than 2 fields at its root');
  });

  it('counts fields of one type apart from those of another', () => {
    const types = (count: number) => Array.from({ length: count }, (_, i) => `... on T${i} { name }`).join(' ');
    expect(() => checkDocument(parse(`{ blocks { ${types(60)} } }`), createLimits())).not.toThrow();
    expect(() => checkDocument(parse(`{ blocks { ${'... on T { name } '.repeat(21)} } }`), createLimits())).toThrow(
      'more than 20 times',
    );
  });
});

describe('comparing', () => {
  const check = (text: string, comparisons: number) => () =>
    checkComparisons(parse(text), createLimits({ comparisons }));

  it.each([
    ['one field', '{ a }', 1],
    ['two that differ', '{ a b }', 2],
    ['two of one name', '{ a a }', 3],
    ['of one name by an alias', '{ a: b a: c }', 3],
    ['what two of one name select', '{ a { b } a { b } }', 6],
    ['what two of different names select', '{ a { b } c { b } }', 4],
    ['what inline fragments select', '{ ... on A { a } ... on B { a } }', 3],
    ['fragments', '{ ...A ...B } fragment A on T { a } fragment B on T { a }', 6],
    ['a fragment in two places', '{ a { ...A } b { ...A } } fragment A on T { c }', 6],
    ['a fragment that nothing spreads', '{ a } fragment A on T { a a }', 4],
    ['fragments in a circle', '{ ...A } fragment A on T { ...B } fragment B on T { ...A a }', 7],
    ['a circle with a field in it', '{ ...A } fragment A on T { a { ...A } }', 3],
  ])('%s', (_what, text, steps) => {
    expect(check(text, steps)).not.toThrow();
    expect(check(text, steps - 1)).toThrow('takes more than');
  });
});

describe('queries of front ends are not too large', () => {
  const folder = join(import.meta.dirname, '../data/answers/queries');
  const recorded = readdirSync(folder).map((file): [string, string] => {
    const { query } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return [file.replace('.json', ''), query];
  });
  const introspection: readonly [string, string] = [
    'introspection',
    getIntrospectionQuery({
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
      oneOf: true,
    }),
  ];

  it.each([...frontEndQueries, ...recorded, introspection])('%s', (_name, query) => {
    const limits = createLimits();
    const document = parse(query, { maxTokens: limits.max('tokens') });
    expect(() => checkDocument(document, limits)).not.toThrow();
    // Nor are they near to it.
    expect(() => checkComparisons(document, createLimits({ comparisons: 1000 }))).not.toThrow();
  });
});
