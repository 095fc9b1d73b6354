import {
  type ExecutionResult,
  GraphQLInt,
  GraphQLObjectType,
  GraphQLSchema,
  parse,
  type SubscriptionArgs,
} from 'graphql';
import { afterEach, expect, it, vi } from 'vitest';
import { createLimits } from '../../../src/limits.ts';
import { createInTime } from '../../../src/operations/in-time.ts';
import { useSubscriptions } from '../../../src/plugins/use-subscriptions.ts';
import { countLoopTurns } from '../../support/loop-turns.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const fields = { a: { type: GraphQLInt } };

/** A schema whose subscription gives these events, the same ones to all. */
function schemaOf(events: readonly object[]): GraphQLSchema {
  async function* subscribe() {
    yield* events;
  }
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields }),
    subscription: new GraphQLObjectType({ name: 'Subscription', fields: { a: { type: GraphQLInt, subscribe } } }),
  });
}

type Subscribe = (args: SubscriptionArgs) => Promise<AsyncIterableIterator<ExecutionResult>>;

function subscribeOf(inTime = createInTime(createLimits())): Subscribe {
  let subscribe: unknown;
  const plugin = useSubscriptions({ inTime });
  const given = {
    setSubscribeFn(fn: unknown) {
      subscribe = fn;
    },
  };
  Reflect.apply(plugin.onSubscribe ?? (() => {}), plugin, [given]);
  return subscribe as Subscribe;
}

const document = parse('subscription { a }');
const trace = { hits: 0, misses: 0 };

async function gather(events: AsyncIterable<ExecutionResult>): Promise<unknown[]> {
  return (await gatherResults(events)).map(({ data }) => data?.['a']);
}

async function gatherResults(events: AsyncIterable<ExecutionResult>): Promise<ExecutionResult[]> {
  const all: ExecutionResult[] = [];
  for await (const result of events) all.push(result);
  return all;
}

it('runs an event once for all clients without credentials, and keeps the order of events for each', async () => {
  const renew = vi.fn(() => ({ trace }));
  const subscribe = subscribeOf();
  const schema = schemaOf([{ a: 1 }, { a: 2 }, { a: 3 }]);
  const contextValue = { renew, viewer: null };
  const clients = await Promise.all([1, 2, 3].map(() => subscribe({ schema, document, contextValue })));
  expect(await Promise.all(clients.map(gather))).toEqual([1, 2, 3].map(() => [1, 2, 3]));
  expect(renew).toHaveBeenCalledTimes(3);
});

it('tells a few errors of variables', async () => {
  const asked = parse('subscription ($in: [Int]) { a }');
  const variableValues = { in: Array.from({ length: 100 }, () => 'x') };
  const told: unknown = await subscribeOf()({ schema: schemaOf([]), document: asked, variableValues });
  expect(told).toEqual({ errors: expect.toSatisfy((errors: readonly unknown[]) => errors.length === 5) });
});

it('runs each event of clients with credentials for itself', async () => {
  const renew = vi.fn(() => ({ trace }));
  const subscribe = subscribeOf();
  const schema = schemaOf([{ a: 1 }]);
  const viewers = [{ id: 1 }, { id: 1 }, null];
  const clients = await Promise.all(
    viewers.map((viewer) => subscribe({ schema, document, contextValue: { renew, viewer } })),
  );
  expect(await Promise.all(clients.map(gather))).toEqual([[1], [1], [1]]);
  expect(renew).toHaveBeenCalledTimes(3);
});

it('runs and tells events in turns', async () => {
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  using loop = countLoopTurns();
  const seen: number[] = [];
  const renew = () => {
    now += 5;
    seen.push(loop.turns);
    return { trace };
  };
  const subscribe = subscribeOf();
  const contextValue = { renew, viewer: { id: 1 } };
  const schema = schemaOf([{ a: 1 }]);
  const clients = await Promise.all(Array.from({ length: 10 }, () => subscribe({ schema, document, contextValue })));
  const told: number[] = [];
  const tell = async (client: AsyncIterator<unknown>) => {
    await client.next();
    told.push(loop.turns);
    now += 5;
  };
  await Promise.all(clients.map(tell));
  expect(new Set(seen).size).toBe(10);
  expect(new Set(told).size).toBe(10);
});

it('runs nothing for a client that has left before its turn', async () => {
  const renew = vi.fn(() => ({ trace }));
  const subscribe = subscribeOf();
  const left = await subscribe({ schema: schemaOf([{ a: 1 }]), document, contextValue: { renew, viewer: null } });
  const next = left.next();
  await new Promise(process.nextTick);
  void left.return?.();
  expect(await next).toEqual({ done: true, value: undefined });
  expect(renew).not.toHaveBeenCalled();
});

it('ends each event when its time is over, and goes on with the next', async () => {
  const renew = (signal: AbortSignal) => ({ trace, signal });
  const a = ({ a: delay }: { a: number }, _: object, { signal }: { signal: AbortSignal }) =>
    delay > 0 ? new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))) : 0;
  async function* subscribe() {
    yield* [{ a: 1 }, { a: 0 }];
  }
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields }),
    subscription: new GraphQLObjectType({
      name: 'Subscription',
      fields: { a: { type: GraphQLInt, subscribe, resolve: a } },
    }),
  });
  const contextValue = { renew, viewer: null };
  const results = await subscribeOf(createInTime(createLimits({ seconds: 0.05 })))({ schema, document, contextValue });
  const limit = { name: 'seconds', max: 0.05 };
  expect(await gatherResults(results)).toMatchObject([
    { data: { a: null }, errors: [{ originalError: { limit } }] },
    { data: { a: 0 } },
  ]);
});
