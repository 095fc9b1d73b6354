// Owns a gateway and server for tests of the outer rooms: a schema whose fields succeed, fail and wait as they are told.

import { GraphQLError } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { FieldError, UpstreamError, UserError } from '../../src/errors.ts';
import { createGateway, type Gateway, type GatewayOptions } from '../../src/gateway.ts';
import { type Server, type ServerOptions, startServer } from '../../src/server.ts';
import { createRecordingLogger, type RecordingLogger } from './recording-logger.ts';

interface StandInContext {
  readonly signal: AbortSignal;
}

const secret = 'secret.example 10.0.0.7 <html>';

const node = { title: 'Hello', date: '2026-01-01T00:00:00', uri: '/hello/', author: { node: { name: 'Ann' } } };

/** A schema in the shape of the default query, with fields that misbehave. */
export const standInSchema = createSchema<StandInContext>({
  typeDefs: /* GraphQL */ `
    enum Color { RED }
    input Range { from: Int!, to: Int }
    type Name { name: String }
    type Author { node: Name }
    type Media { sourceUrl: String, altText: String }
    type FeaturedImage { node: Media }
    type Post { title: String, date: String, uri: String, author: Author, featuredImage: FeaturedImage, failing: String }
    type Posts { nodes: [Post!]! }
    type Query {
      hello(name: String, limit: Int, range: Range): String
      posts(first: Int): Posts
      color: Color
      paint(color: Color): String
      userError: String
      upstreamError: String
      requiredUpstreamError: String!
      overloaded: String
      limited: String
      updating: String
      fieldError: String
      plainError: String
      graphqlError: String
      text: Int
      slow(ms: Int!): String
      self: Query
    }
    type Mutation { touch: String }
  `,
  resolvers: {
    Query: {
      hello: (_source, { name }: { name?: string }) => `Hello ${name ?? 'world'}`,
      posts: () => ({ nodes: [node, node] }),
      color: () => 'BLUE',
      self: () => ({}),
      userError: () => {
        throw new UserError('first must not be negative');
      },
      upstreamError: () => {
        throw new UpstreamError('UPSTREAM_TIMEOUT', `GET https://${secret}`, { excerpt: secret });
      },
      requiredUpstreamError: () => {
        throw new UpstreamError('OVERLOADED', `GET https://${secret}`);
      },
      overloaded: () => {
        throw new UpstreamError('OVERLOADED', `GET https://${secret}`);
      },
      updating: () => {
        throw new UpstreamError('UPSTREAM_UNAVAILABLE', `GET https://${secret}`, {
          status: 503,
          retryAfterSeconds: 600,
        });
      },
      limited: () => {
        throw new UpstreamError('UPSTREAM_RATE_LIMITED', `GET https://${secret}`, { retryAfterSeconds: 60 });
      },
      fieldError: () => {
        throw new FieldError('post.title', 'a string', secret);
      },
      plainError: () => {
        throw new Error(secret);
      },
      graphqlError: () => {
        throw new GraphQLError(secret);
      },
      text: () => secret,
      slow: (_source, { ms }: { ms: number }, { signal }) =>
        new Promise((resolve) => {
          const timer = setTimeout(() => resolve('done'), ms);
          signal.addEventListener('abort', () => {
            clearTimeout(timer);
            aborted.push('slow');
            resolve('aborted');
          });
        }),
    },
    Mutation: { touch: () => 'touched' },
  },
});

/** Fields whose request was aborted while they waited, since the tests began. */
export const aborted: string[] = [];

/** A gateway over the stand-in schema. */
export function createStandInGateway(
  log: RecordingLogger = createRecordingLogger(),
  options: Partial<GatewayOptions> = {},
): Gateway {
  return createGateway({
    schema: standInSchema,
    createContext: (request) => ({ signal: request.signal }),
    logger: log.logger,
    ...options,
  });
}

/** A server over the stand-in schema, on a free port of this machine. */
export async function startStandInServer(
  gateway: Gateway,
  log: RecordingLogger,
  options: Partial<ServerOptions> = {},
): Promise<Server> {
  return startServer({
    gateway,
    logger: log.logger,
    port: 0,
    host: '127.0.0.1',
    maxBodyBytes: 256 * 1024,
    ...options,
  });
}
