// Owns the row of hostile requests: how long each of them holds up all others.

import { getIntrospectionQuery } from 'graphql';
import type { LoadRequest } from '../queries.ts';
import { countStatuses, type Finding, type Row } from '../row.ts';
import { send, write } from '../send.ts';

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
  'sources of 100 images, 45 times': `{ mediaItems(first: 100) { nodes { ${times(45, (i) => `a${i}: srcSet(size: LARGE)`)} } } }`,
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

/** What standard tools ask of all types, of the types of each interface's types. */
const typeTree = (fields: string) =>
  `__schema { types { interfaces { possibleTypes { ${fields} } } possibleTypes { interfaces { ${fields} } fields { ${fields} } } fields { type { ${fields} fields { ${fields} } } } } }`;

const inInterfaces = (levels: number): string =>
  levels === 0 ? 'id' : `id contentType { node { contentNodes { nodes { ${inInterfaces(levels - 1)} } } } }`;

/** Documents of which code would be made after a hundred runs, with variables that ask for nothing of it. */
const repeated: Readonly<Record<string, string>> = {
  'interfaces in interfaces, 120 times': `($id: ID = "", $all: Boolean = false) { __typename node(id: $id) @include(if: $all) { id } ${times(18, (i) => `n${i}: contentNodes @include(if: $all) { nodes { ...A } }`)} } fragment A on ContentNode { ${inInterfaces(4)} }`,
  '18 variables with all filters, 120 times': `($id: ID = "", $all: Boolean = false, ${times(18, (i) => `$w${i}: RootQueryToPostConnectionWhereArgs`)}) { __typename node(id: $id) @include(if: $all) { id } ${times(18, (i) => `n${i}: posts(where: $w${i}) @include(if: $all) { nodes { id } }`)} }`,
};
const repeats = 120;

const head = 'Host: gateway\r\nContent-Type: application/json\r\n';

/** What is written on a connection at once: many requests, or one of many pieces. The last one asks to be the last. */
const written: Readonly<Record<string, string>> = {
  '2,000 requests for metrics at once': pipelined(2000, () => 'GET /metrics HTTP/1.1\r\nHost: gateway\r\n'),
  '7,000 requests whether it lives at once': pipelined(7000, () => 'GET /health HTTP/1.1\r\nHost: gateway\r\n'),
  '3,000 questions at once': pipelined(
    3000,
    (i) => `GET /graphql?query=%7Ba${i}:__typename%7D HTTP/1.1\r\nHost: gateway\r\n`,
  ),
  'a hundred questions with a long Accept at once': pipelined(
    100,
    (i) =>
      `GET /graphql?query=%7Bb${i}:__typename%7D HTTP/1.1\r\nHost: gateway\r\nAccept: ${'*/*,'.repeat(3900)}*/*\r\n`,
  ),
  'a body of 200 kB, byte by byte': `POST /graphql HTTP/1.1\r\n${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${'1\r\n \r\n'.repeat(200_000)}0\r\n\r\n`,
};

function pipelined(count: number, toHead: (index: number) => string): string {
  const heads = Array.from({ length: count }, (_, i) => toHead(i));
  return `${heads.join('\r\n')}Connection: close\r\n\r\n`;
}

const headers = { 'content-type': 'application/json', accept: 'application/json' };
const toRequest = (body: string, accept = headers.accept): LoadRequest => ({
  method: 'POST',
  path: '/graphql',
  headers: { ...headers, accept },
  body,
});

/** A document that nobody has sent yet: refusals and answers are kept. */
const named = (document: string, round: number) => document.replace(/[{(]/, `query R${round} $&`);
const withVariables = (document: string, round: number, variables: object) =>
  JSON.stringify({ query: named(document, round), variables });

const ofPosts = (field: (index: number) => string, variables: string) =>
  `(${variables}) { posts(first: 100) { nodes { ${times(44, field)} } } }`;

const many = <Value>(count: number, toValue: (index: number) => Value) =>
  Array.from({ length: count }, (_, i) => toValue(i));

/** One `where` for a list of each of a hundred posts, 44 times. */
const filtered: Readonly<Record<string, { field: string; type: string; toWhere: (round: number) => object }>> = {
  '4,800 names in 100 posts, 44 times': {
    field: 'categories(where: $w) { nodes { id } }',
    type: 'PostToCategory',
    toWhere: (round) => ({ name: many(4800, (i) => `n${i} ${round}`) }),
  },
  '4,800 slugs in 100 posts, 44 times': {
    field: 'categories(where: $w) { nodes { id } }',
    type: 'PostToCategory',
    toWhere: (round) => ({ slug: many(4800, (i) => `${'s'.repeat(34)}${i} ${round}`) }),
  },
  'comments by four lists of 1,200 ids in 100 posts, 44 times': {
    field: 'comments(where: $w) { nodes { id } }',
    type: 'PostToComment',
    toWhere: (round) => ({
      contentIdIn: many(1200, (i) => i),
      authorIn: many(1200, (i) => i + round),
      parentIn: many(1200, (i) => i),
      commentIn: many(1200, (i) => i),
    }),
  },
  'posts of the author by a title of 5,000 words in 100 posts, 44 times': {
    field: 'author { node { posts(where: $w) { nodes { id } } } }',
    type: 'UserToPost',
    toWhere: (round) => ({ title: `${times(5000, (i) => `w${i}`)} ${round}` }),
  },
  'posts of the author by 15,000 empty tags in 100 posts, 44 times': {
    field: 'author { node { posts(where: $w) { nodes { id } } } }',
    type: 'UserToPost',
    toWhere: (round) => ({ tag: `${','.repeat(15_000)}x${round}` }),
  },
  'posts of the author by 100 tags in 100 posts, 44 times': {
    field: 'author { node { posts(where: $w) { nodes { id } } } }',
    type: 'UserToPost',
    toWhere: (round) => ({ tagSlugIn: many(100, (i) => `t${i} ${round}`) }),
  },
  'posts of the author by 1,200 tags in a text in 100 posts, 44 times': {
    field: 'author { node { posts(where: $w) { nodes { id } } } }',
    type: 'UserToPost',
    toWhere: (round) => ({ tag: many(1200, (i) => `t${i} ${round}`).join() }),
  },
};

/** Slugs of one character each, of which no two are the same. */
const slugs = (from: number, count: number) => many(count, (i) => String.fromCharCode(0x4e00 + from + i));

const inOrder = (field: string, argument: string, order: string) =>
  `${field}(where: { ${argument}: $a, orderby: [{ field: ${order}, order: ASC }] }) { nodes { id } }`;

/** What one argument names, which is looked for in WordPress: operations with long lists and texts of it. */
const naming: Readonly<Record<string, { document: string; toVariables: (round: number) => object }>> = {
  '16,000 tags in a text': {
    document: '($a: String) { posts(where: { tag: $a }) { nodes { id } } }',
    toVariables: (round) => ({ a: [`r${round}`, ...slugs(0, 16_000)].join() }),
  },
  '10,000 tags and categories in a text, six times': {
    document: `(${times(6, (i) => `$a${i}: String`)}) { ${times(6, (i) => `a${i}: posts(where: { tag: $a${i}, categoryName: $a${i} }) { nodes { id } }`)} }`,
    toVariables: (round) =>
      Object.fromEntries(many(6, (i) => [`a${i}`, [`r${round}`, ...slugs(2000 * i, 10_000)].join('+')])),
  },
  '4,900 names in the order of six lists': {
    document: `($a: [String]) { ${inOrder('posts', 'nameIn', 'NAME_IN')} ${inOrder('pages', 'nameIn', 'NAME_IN')} ${inOrder('mediaItems', 'nameIn', 'NAME_IN')} ${inOrder('contentNodes', 'nameIn', 'NAME_IN')} ${inOrder('users', 'loginIn', 'LOGIN_IN')} tagged: posts(where: { tagSlugIn: $a }) { nodes { id } } }`,
    toVariables: (round) => ({ a: many(4900, (i) => `s${i}-${round}`) }),
  },
  'terms of 4,900 posts': {
    document: `($a: [ID]) { ${['categories', 'tags', 'postFormats'].map((field) => `${field}(where: { objectIds: $a }) { nodes { id } }`).join(' ')} }`,
    toVariables: (round) => ({ a: many(4900, (i) => 1e6 + 1e4 * round + i) }),
  },
  '200 kB of tags in 20 texts': {
    document: `(${times(20, (i) => `$a${i}: String`)}) { ${times(20, (i) => `a${i}: posts(where: { tag: $a${i} }) { nodes { id } }`)} }`,
    toVariables: (round) =>
      Object.fromEntries(many(20, (i) => [`a${i}`, [`r${round}`, ...slugs(2000 * (i % 10), 2000)].join()])),
  },
  'comments of content by 20 names of 11 kB': {
    document: `(${times(20, (i) => `$a${i}: String`)}) { ${times(20, (i) => `a${i}: comments(where: { contentName: $a${i} }) { nodes { id } }`)} }`,
    toVariables: (round) => Object.fromEntries(many(20, (i) => [`a${i}`, `${'中'.repeat(3700)}${i}-${round}`])),
  },
  'content of all types by 4,900 ids, 20 times': {
    document: `($a: [ID]) { ${times(20, (i) => `a${i}: contentNodes(where: { in: $a }) { nodes { id } }`)} }`,
    toVariables: (round) => ({ a: many(4900, (i) => i + round) }),
  },
  'tags without 4,900 trees, 20 times': {
    document: `($a: [ID]) { ${times(20, (i) => `a${i}: tags(where: { excludeTree: $a }) { nodes { id } }`)} }`,
    toVariables: (round) => ({ a: many(4900, (i) => i + round + 1) }),
  },
  'terms of a post by two slugs of 110 kB, 45 times': {
    document: `($a: [String]) { post(id: "3", idType: DATABASE_ID) { ${times(45, (i) => `a${i}: terms(where: { slug: $a }) { nodes { id } }`)} } }`,
    toVariables: (round) => ({ a: ['é', 'è'].map((letter) => `${letter.repeat(55_000)}${round}`) }),
  },
  'a menu by a location of 225 kB, 20 times': {
    document: `($a: ID!) { ${times(20, (i) => `a${i}: menu(id: $a, idType: LOCATION) { id }`)} }`,
    toVariables: (round) => ({ a: `${'a/'.repeat(112_500)}${round}` }),
  },
  'comments of content by a name in 100 posts, 44 times': {
    document: ofPosts((i) => `a${i}: comments(where: { contentName: $a }) { nodes { id } }`, '$a: String'),
    toVariables: (round) => ({ a: `short-${round}` }),
  },
  'comments of content by a name of 64 kB in 100 posts, 44 times': {
    document: ofPosts((i) => `a${i}: comments(where: { contentName: $a }) { nodes { id } }`, '$a: String'),
    toVariables: (round) => ({ a: `${'é'.repeat(32_000)}${round}` }),
  },
};

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
  '19,000 numbers in quotes that may hash alike (CVE-2026-21717)': (round) =>
    toRequest(
      withVariables('{ __typename }', round, {
        a: Array.from({ length: 19_000 }, (_, i) => String(1_000_000_000 + round + 2 ** 17 * i)),
      }),
    ),
  '15,000 variables': (round) =>
    toRequest(
      withVariables(
        '{ __typename }',
        round,
        Object.fromEntries(Array.from({ length: 15_000 }, (_, i) => [`v${i}`, i])),
      ),
    ),
  'introspection of interfaces in interfaces': (round) =>
    toRequest(JSON.stringify({ query: named(`{ ${typeTree('name description')} }`, round) })),
  '4,300 fields that an input has not': (round) =>
    toRequest(
      withVariables('($w: RootQueryToPostConnectionWhereArgs) { posts(where: $w) { nodes { id } } }', round, {
        w: Object.fromEntries(Array.from({ length: 4300 }, (_, i) => [`field${i}${'x'.repeat(40)}`, i])),
      }),
    ),
  'a way of 3,000 names into 100 posts': (round) =>
    toRequest(
      withVariables('($a: String!) { posts(first: 100) { nodes { restField(path: $a) } } }', round, {
        a: `${'a.'.repeat(3000)}b`,
      }),
    ),
  'a way of 100,000 names into 100 posts, 44 times': (round) =>
    toRequest(
      withVariables(
        ofPosts((i) => `a${i}: restField(path: $a)`, '$a: String!'),
        round,
        { a: `${'a.'.repeat(100_000)}b` },
      ),
    ),
  'a cursor of 200 kB in 100 posts, 44 times': (round) =>
    toRequest(
      withVariables(
        ofPosts((i) => `a${i}: categories(after: $a) { nodes { id } }`, '$a: String'),
        round,
        {
          a: 'a'.repeat(200_000),
        },
      ),
    ),
  'a search for 200 kB in 100 posts, 44 times': (round) =>
    toRequest(
      withVariables(
        ofPosts((i) => `a${i}: categories(where: { search: $a }) { nodes { id } }`, '$a: String'),
        round,
        {
          a: 'é'.repeat(100_000),
        },
      ),
    ),
  '4,900 ids in 100 posts, 44 times': (round) =>
    toRequest(
      withVariables(
        ofPosts((i) => `a${i}: categories(where: { include: $a }) { nodes { id } }`, '$a: [ID]'),
        round,
        {
          a: Array.from({ length: 4900 }, (_, i) => i + 1),
        },
      ),
    ),
  ...Object.fromEntries(
    Object.entries(filtered).map(([name, { field, type, toWhere }]) => [
      name,
      (round: number) =>
        toRequest(
          withVariables(
            ofPosts((i) => `a${i}: ${field}`, `$w: ${type}ConnectionWhereArgs`),
            round,
            { w: toWhere(round) },
          ),
        ),
    ]),
  ),
  'categories by two names of 60,000 accents': (round) =>
    toRequest(
      withVariables('($a: [String]) { categories(where: { name: $a }) { nodes { id } } }', round, {
        a: ['\u0301', '\u0302'].map((accent) => `${accent.repeat(60_000)}${round}`),
      }),
    ),
  'posts of a user by a title of 32,000 quotes and dashes, 45 times': (round) =>
    toRequest(
      withVariables(
        `($a: String) { user(id: "1", idType: DATABASE_ID) { ${times(45, (i) => `a${i}: posts(where: { title: $a }) { nodes { id } }`)} } }`,
        round,
        { a: `${'‘×…–'.repeat(8000)}${round}` },
      ),
    ),
  'an address of 740 times wp-content, 20 times': (round) =>
    toRequest(
      withVariables(`($a: ID!) { ${times(20, (i) => `a${i}: category(id: $a, idType: URI) { id }`)} }`, round, {
        a: `/${round}/${'wp-content/'.repeat(740)}`,
      }),
    ),
  'a file by an address of 240 kB, 20 times': (round) =>
    toRequest(
      withVariables(`($a: ID!) { ${times(20, (i) => `a${i}: mediaItem(id: $a, idType: SOURCE_URL) { id }`)} }`, round, {
        a: `http://a.test/${'-1x1'.repeat(60_000)}`,
      }),
    ),
  ...Object.fromEntries(
    Object.entries(naming).map(([name, { document, toVariables }]) => [
      name,
      (round: number) => toRequest(withVariables(document, round, toVariables(round))),
    ]),
  ),
  'an address of 200 kB': (round) =>
    toRequest(withVariables('($a: String!) { nodeByUri(uri: $a) { id } }', round, { a: '/a'.repeat(100_000) })),
  'a search for 200 kB': (round) =>
    toRequest(
      withVariables('($a: String!) { posts(where: { search: $a }) { nodes { id } } }', round, {
        a: 'é '.repeat(60_000),
      }),
    ),
  'the contents of 100 posts, 22 times, as an event': (round) =>
    toRequest(
      JSON.stringify({
        query: named(`{ posts(first: 100) { nodes { ${times(22, (i) => `a${i}: content`)} } } }`, round),
      }),
      'text/event-stream',
    ),
  '5,000 media types that there are not': (round) =>
    toRequest(JSON.stringify({ query: named('{ __typename }', round) }), many(5000, () => 'a').join()),
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
      for (const [what, text] of Object.entries(written)) {
        const values: number[] = [];
        for (let round = 0; round <= scale.rounds; round += 1) {
          const ms = await gateway.turnMs(async () => void statuses.push(await write(gateway, text)));
          (round > 0 ? values : firsts).push(ms);
        }
        findings.push({ what, values, unit: 'ms', target: { atMost: 50 } });
      }
      findings.push({ what: 'the first of each kind', values: firsts, unit: 'ms', target: { atMost: 50 } });
      return { findings, statuses: countStatuses(statuses) };
    },
  },
];
