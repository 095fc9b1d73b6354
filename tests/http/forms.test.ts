// Files that come with a request: a form is read as it comes in, bounded, and its files are gone with the answer.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { GraphQLError, GraphQLScalarType } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { createGateway } from '../../src/gateway.ts';
import { createMetrics } from '../../src/metrics.ts';
import { UploadedFile } from '../../src/operations/uploaded-file.ts';
import { type Server, startServer } from '../../src/server.ts';
import { createRecordingLogger } from '../support/recording-logger.ts';

const log = createRecordingLogger();
const paths: string[] = [];
const schema = createSchema({
  typeDefs: /* GraphQL */ `
    scalar Upload
    input Item { file: Upload, title: String }
    type File { name: String, type: String, bytes: Int, hash: String }
    type Query { hello: String }
    type Subscription { tick: Int }
    type Mutation { keep(file: Upload): File, keepAll(items: [Item!]): [File!] }
  `,
  resolvers: {
    Upload: new GraphQLScalarType({
      name: 'Upload',
      parseValue(value) {
        if (value instanceof UploadedFile) return value;
        throw new GraphQLError('no file');
      },
    }),
    Mutation: {
      keep: (_: unknown, { file }: { file: UploadedFile }) => describeFile(file),
      keepAll: (_: unknown, { items }: { items: readonly { file: UploadedFile }[] }) =>
        Promise.all(items.map(({ file }) => describeFile(file))),
    },
  },
});

async function describeFile({ name, type, bytes, path }: UploadedFile) {
  paths.push(path);
  return { name, type, bytes, hash: hashOf(await readFile(path)) };
}

function hashOf(data: Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

const limited: string[] = [];
/** Requests whose credentials were found valid. */
let known = 0;
const gateway = createGateway({
  schema,
  logger: log.logger,
  metrics: { ...createMetrics(), limited: (name) => void limited.push(name) },
  createContext(request) {
    if (request.headers.get('authorization') !== 'Basic Z29vZA==') throw new UserError('wrong', 'UNAUTHENTICATED');
    known += 1;
    return {};
  },
  forms: { maxBodyBytes: 10_000, maxFileBytes: 200_000 },
});
let server: Server;
beforeAll(async () => {
  server = await startServer({ gateway, logger: log.logger, port: 0, host: '127.0.0.1', maxBodyBytes: 10_000 });
});
afterAll(() => server.close());

type Parts = readonly (readonly [string, string | File])[];

async function send(parts: Parts, headers: Record<string, string> = {}): Promise<readonly [number, unknown]> {
  const form = new FormData();
  for (const [name, value] of parts) form.append(name, value);
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { authorization: 'Basic Z29vZA==', 'x-graphql-csrf': '1', ...headers },
    body: form,
  });
  return [response.status, await response.json()];
}

const operations = (query: string, variables: object) => ['operations', JSON.stringify({ query, variables })] as const;
const map = (value: unknown) => ['map', JSON.stringify(value)] as const;
const keep = operations('mutation ($file: Upload) { keep(file: $file) { name type bytes hash } }', { file: null });
const data = Buffer.from(Array.from({ length: 150_000 }, (_, at) => (at * 7919) % 251));
const file = (name = 'é.png', content = data) => new File([content], name, { type: 'image/png' });

const codeOf = (body: unknown) =>
  (body as { errors?: { extensions: { code: string } }[] }).errors?.map(({ extensions }) => extensions.code);

describe('a form', () => {
  it('brings a file into a variable', async () => {
    const [status, body] = await send([keep, map({ 0: ['variables.file'] }), ['0', file()]]);
    expect(status).toBe(200);
    expect(body).toEqual({ data: { keep: { name: 'é.png', type: 'image/png', bytes: 150_000, hash: hashOf(data) } } });
  });

  it('brings several, also into lists, and one to two places', async () => {
    const many = operations('mutation ($items: [Item!]) { keepAll(items: $items) { name bytes } }', {
      items: [{ file: null }, { file: null, title: 'x' }, { file: null }],
    });
    const where = map({ a: ['variables.items.0.file', 'variables.items.2.file'], b: ['variables.items.1.file'] });
    const [, body] = await send([many, where, ['a', file('a.png')], ['b', file('b.png', Buffer.from('b'))]]);
    const [a, b] = [
      { name: 'a.png', bytes: 150_000 },
      { name: 'b.png', bytes: 1 },
    ];
    expect(body).toEqual({ data: { keepAll: [a, b, a] } });
  });

  it('leaves nothing on the disk', () => {
    expect(paths.length).toBeGreaterThan(3);
    expect(paths.filter((path) => existsSync(path))).toEqual([]);
  });
});

describe('a form is refused', () => {
  const whole: Parts = [keep, map({ 0: ['variables.file'] }), ['0', file()]];
  const cases: [string, Parts, number, string][] = [
    ['without operations', [map({}), ['0', file()]], 400, 'BAD_USER_INPUT'],
    ['without a map', [keep, ['0', file()]], 400, 'BAD_USER_INPUT'],
    ['with a map that is no JSON', [keep, ['map', '{'], ['0', file()]], 400, 'BAD_USER_INPUT'],
    ['with a map of something else', [keep, map({ 0: 'variables.file' }), ['0', file()]], 400, 'BAD_USER_INPUT'],
    ['with a file that is missing', [keep, map({ 1: ['variables.file'] }), ['0', file()]], 400, 'BAD_USER_INPUT'],
    ['for a variable that is not there', [keep, map({ 0: ['variables.x'] }), ['0', file()]], 400, 'BAD_USER_INPUT'],
    ['for a prototype', [keep, map({ 0: ['variables.__proto__.x'] }), ['0', file()]], 400, 'BAD_USER_INPUT'],
    ['for the operation itself', [keep, map({ 0: ['query'] }), ['0', file()]], 400, 'BAD_USER_INPUT'],
    ['with a subscription', [operations('subscription { tick }', {}), map({})], 400, 'BAD_USER_INPUT'],
    ['with a file that is too large', [keep, map({}), ['0', file('a', Buffer.alloc(200_001))]], 413, 'LIMIT_EXCEEDED'],
    ['with files that are too large together', [keep, map({}), ['0', file()], ['1', file()]], 413, 'LIMIT_EXCEEDED'],
    ['with a field that is too large', [keep, ['map', 'x'.repeat(10_001)]], 413, 'LIMIT_EXCEEDED'],
    [
      'with too many files',
      [keep, ...Array.from({ length: 12 }, () => ['f', file('a', Buffer.from('a'))] as const)],
      413,
      'LIMIT_EXCEEDED',
    ],
  ];
  it.each(cases)('%s', async (_, parts, status, code) => {
    limited.length = 0;
    const [answered, body] = await send(parts);
    expect([answered, codeOf(body)]).toEqual([status, [code]]);
    expect(limited).toHaveLength(code === 'LIMIT_EXCEEDED' ? 1 : 0);
  });

  it('with credentials that are not valid, or none', async () => {
    const [wrong, body] = await send(whole, { authorization: 'Basic YmFk' });
    expect([wrong, codeOf(body)]).toEqual([401, ['UNAUTHENTICATED']]);
    expect((await send(whole, { authorization: '' }))[0]).toBe(401);
  });

  it.each([
    [
      'that breaks off',
      'multipart/form-data; boundary=x',
      '--x\r\nContent-Disposition: form-data; name="0"; filename="a"\r\n\r\nab',
    ],
    ['that is none', 'multipart/form-data; boundary=x', 'hello'],
    ['without a boundary', 'multipart/form-data', 'hello'],
  ])('%s', async (_, type, body) => {
    const headers = { authorization: 'Basic Z29vZA==', 'x-graphql-csrf': '1', 'content-type': type };
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    expect([response.status, codeOf(await response.json())]).toEqual([400, ['BAD_USER_INPUT']]);
  });

  it('of nothing but boundaries, once it has more parts than an operation with its files', async () => {
    const headers = { authorization: 'Basic Z29vZA==', 'x-graphql-csrf': '1' };
    for (const part of ['--x\r\n', '--x\r\n\r\n']) {
      const response = await fetch(`${server.url}/graphql`, {
        ...{ method: 'POST', headers: { ...headers, 'content-type': 'multipart/form-data; boundary=x' } },
        body: part.repeat(50_000),
      });
      expect([response.status, codeOf(await response.json())]).toEqual([413, ['LIMIT_EXCEEDED']]);
    }
  });

  it('by GraphQL itself where it is no operation, or has no file', async () => {
    const [status, body] = await send([operations('{ nothing }', {}), map({})]);
    expect([status, codeOf(body)]).toEqual([200, ['GRAPHQL_VALIDATION_FAILED']]);
    const [, empty] = await send([
      operations('mutation ($file: Upload!) { keep(file: $file) { name } }', { file: 'x' }),
      map({}),
    ]);
    expect(codeOf(empty)).toEqual(['BAD_USER_INPUT']);
  });

  it('and the connection goes on, with no trace in the log', async () => {
    expect((await send(whole))[0]).toBe(200);
    expect(log.takeErrors()).toEqual([]);
  });
});

describe('eight forms of which nothing more comes', () => {
  const head = [
    'POST /graphql HTTP/1.1',
    ...['host: x', 'authorization: Basic Z29vZA==', 'x-graphql-csrf: 1', 'content-length: 100000'],
    ...['content-type: multipart/form-data; boundary=x', '', '--x\r\n'],
  ].join('\r\n');

  it('keep nobody out, and one of them is told so while it goes on', async () => {
    const whole: Parts = [keep, map({ 0: ['variables.file'] }), ['0', file()]];
    const told: string[] = [];
    known = 0;
    const sockets = Array.from({ length: 8 }, () => connect(server.port, '127.0.0.1'));
    for (const socket of sockets) socket.on('data', (data) => told.push(String(data))).write(head);
    await vi.waitFor(() => expect(known).toBe(8));
    expect((await send(whole))[0]).toBe(503);
    const realNow = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => realNow() + 10_000);
    expect((await send(whole))[0]).toBe(200);
    await vi.waitFor(() => expect(told).toEqual([expect.stringMatching(/^HTTP\/1\.1 408 .*"OVERLOADED"/s)]));
    vi.restoreAllMocks();
    for (const socket of sockets) socket.destroy();
    await vi.waitFor(async () => expect((await send(whole))[0]).toBe(200));
    expect(log.takeErrors()).toEqual([]);
  });
});
