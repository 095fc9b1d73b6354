// Owns the row of hostile requests: how long each of them holds up all others.

import { getIntrospectionQuery } from 'graphql';
import type { LoadRequest } from '../queries.ts';
import { countStatuses, type Finding, type Row } from '../row.ts';
import { send } from '../send.ts';

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, i) => text(i)).join(' ');
const nested = (levels: number) => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`;

/** Two spreads of the next fragment in each of so many. */
function bomb(levels: number): string {
  const fragments = times(levels, (i) => `fragment F${i} on RootQuery { ...F${i + 1} ...F${i + 1} }`);
  return `{ ...F0 } ${fragments} fragment F${levels} on RootQuery { __typename }`;
}

function aliasTree(levels: number): string {
  if (levels === 0) return '__typename';
  return times(3, (i) => `a${i}: posts { nodes { ${aliasTree(levels - 1)} } }`);
}

/** Documents by what they attack. */
const documents: Readonly<Record<string, string>> = {
  'a field 2,000 times': `{${'a{b} '.repeat(2000)}}`,
  'a field 1,300 times': `{${'a{b} '.repeat(990)}}`,
  '10,000 aliases': `{ ${times(5000, (i) => `a${i}: __typename`)} }`,
  'a spread 3,000 times': `{ ${'...A '.repeat(1900)} } fragment A on RootQuery { __typename }`,
  'a tree of aliases': `{ ${aliasTree(7)} }`,
  'fragments of fragments': bomb(200),
  'a circle of fragments': '{ ...A } fragment A on RootQuery { ...B } fragment B on RootQuery { ...A }',
  '19 × 19 of the same': `{ ${times(19, () => `posts { nodes { ${times(19, () => 'categories { nodes { name } }')} } }`)} }`,
  '300 fragments': `{ posts { nodes { ${times(300, (i) => `...F${i}`)} } } } ${times(300, (i) => `fragment F${i} on Post { title }`)}`,
  '50,000 times an author': `{ ${times(20, (i) => `p${i}: posts(first: 100) { nodes { ...F } }`)} } fragment F on Post { ${times(25, (i) => `a${i}: author { node { name } }`)} }`,
  'descriptions and heads of 100 posts, 45 times': `{ posts(first: 100) { nodes { ${times(45, (i) => `a${i}: seo { metaDesc fullHead }`)} } } }`,
  'the contents of 100 posts, 45 times': `{ posts(first: 100) { nodes { ${times(45, (i) => `a${i}: content`)} } } }`,
  '4,500 errors': `{ posts(first: 100) { nodes { ${times(45, (i) => `a${i}: categories(first: -1) { nodes { id } }`)} } } }`,
  '500 errors far down': `${'\n'.repeat(1900)}{ posts(first: 100) { nodes { ${times(5, (i) => `a${i}: categories(first: -1) { nodes { id } }`)} } } }`,
  'a list of 3,900 ids': `{ posts(where: { in: [${times(3900, String)}] }) { nodes { id } } }`,
  'nested lists': `{ posts(where: ${'['.repeat(20_000)}) }`,
  'nested fields': nested(1900),
  '60 × 60 inline fragments': `{ ${times(60, () => `... on RootQuery { ${times(60, () => '...{__typename}')} }`)} }`,
  'a long string': `{ post(id: "${'x'.repeat(60_000)}") { id } }`,
  'a long comment': `#${'x'.repeat(60_000)}\n{ __typename }`,
  'unknown fields': `{ ${times(3000, (i) => `field${i}`)} }`,
  directives: `{ __typename ${'@a '.repeat(2000)} }`,
  introspection: '{ __schema { types { name fields { name type { name fields { name type { name } } } } } } }',
  'introspection of everything': getIntrospectionQuery().replace('query IntrospectionQuery ', ''),
};

const inInterfaces = (levels: number): string =>
  levels === 0 ? 'id' : `id contentType { node { contentNodes { nodes { ${inInterfaces(levels - 1)} } } } }`;

/** Documents of which code would be made after a hundred runs, with variables that ask for nothing of it. */
const repeated: Readonly<Record<string, string>> = {
  'interfaces in interfaces, 120 times': `($id: ID = "", $all: Boolean = false) { __typename node(id: $id) @include(if: $all) { id } ${times(18, (i) => `n${i}: contentNodes @include(if: $all) { nodes { ...A } }`)} } fragment A on ContentNode { ${inInterfaces(4)} }`,
  '18 variables with all filters, 120 times': `($id: ID = "", $all: Boolean = false, ${times(18, (i) => `$w${i}: RootQueryToPostConnectionWhereArgs`)}) { __typename node(id: $id) @include(if: $all) { id } ${times(18, (i) => `n${i}: posts(where: $w${i}) @include(if: $all) { nodes { id } }`)} }`,
};
const repeats = 120;

const headers = { 'content-type': 'application/json', accept: 'application/json' };
const toRequest = (body: string): LoadRequest => ({ method: 'POST', path: '/graphql', headers, body });

/** A document that nobody has sent yet: refusals and answers are kept. */
const named = (document: string, round: number) => document.replace(/[{(]/, `query R${round} $&`);
const withVariables = (document: string, round: number, variables: object) =>
  JSON.stringify({ query: named(document, round), variables });

const requests: Readonly<Record<string, (round: number) => LoadRequest>> = {
  ...Object.fromEntries(
    Object.entries(documents).map(([name, document]) => [
      name,
      (round: number) => toRequest(JSON.stringify({ query: named(document, round) })),
    ]),
  ),
  'nested variables': (round) =>
    toRequest(
      `{"query":"${named('{ __typename }', round)}","variables":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
    ),
  '15,000 variables': (round) =>
    toRequest(
      withVariables(
        '{ __typename }',
        round,
        Object.fromEntries(Array.from({ length: 15_000 }, (_, i) => [`v${i}`, i])),
      ),
    ),
  'an address of 200 kB': (round) =>
    toRequest(withVariables('($a: String!) { nodeByUri(uri: $a) { id } }', round, { a: '/a'.repeat(100_000) })),
  'a search for 200 kB': (round) =>
    toRequest(
      withVariables('($a: String!) { posts(where: { search: $a }) { nodes { id } } }', round, {
        a: 'é '.repeat(60_000),
      }),
    ),
  'a body of 250 kB': (round) =>
    toRequest(withVariables(`{ a(b: "${'\\u0000'.repeat(20_000)}") }`, round, { a: 'x'.repeat(100_000) })),
};

/** The row. */
export const attackRows: readonly Row[] = [
  {
    id: 'attacks',
    title: 'Longest turn of the event loop with a hostile request, CPU time',
    async measure({ scale, gateway }) {
      const findings: Finding[] = [];
      const statuses: number[] = [];
      const firsts: number[] = [];
      for (const [what, toAttack] of Object.entries(requests)) {
        const values: number[] = [];
        for (let round = 0; round <= scale.rounds; round += 1) {
          const ms = await gateway.turnMs(
            async () => void statuses.push((await send(gateway, toAttack(round))).status),
          );
          // The first one of its kind finds code that has never run.
          (round > 0 ? values : firsts).push(ms);
        }
        findings.push({ what, values, unit: 'ms', target: { atMost: 50 } });
      }
      for (const [what, document] of Object.entries(repeated)) {
        const values: number[] = [];
        for (let round = 0; round <= scale.rounds; round += 1) {
          const ms = await gateway.turnMs(async () => {
            for (let run = 0; run < repeats; run += 1) {
              // With the same variables it would be answered from memory.
              const body = withVariables(document, round, { id: String(run) });
              statuses.push((await send(gateway, toRequest(body))).status);
            }
          });
          (round > 0 ? values : firsts).push(ms);
        }
        findings.push({ what, values, unit: 'ms', target: { atMost: 50 } });
      }
      findings.push({ what: 'the first of each kind', values: firsts, unit: 'ms', target: { atMost: 50 } });
      return { findings, statuses: countStatuses(statuses) };
    },
  },
];
