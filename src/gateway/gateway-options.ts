// Owns what a gateway is made of.

import type { GraphQLSchema } from 'graphql';
import type { ResponseStore } from '../cache/response-store.ts';
import type { LoadGauge } from '../clients/load-gauge.ts';
import type { RateLimit } from '../clients/rate-limit.ts';
import type { RunOptions } from '../context/request.ts';
import type { LimitSettings } from '../limits.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Callers } from '../operations/callers.ts';
import type { PersistedOperations } from '../operations/persisted-operations.ts';
import type { FormLimits } from '../operations/read-form.ts';
import type { ExecutionOptions } from '../plugins/use-execution.ts';

/** What a gateway is made of. */
export interface GatewayOptions {
  /** The schema, or what gives the one of the moment. */
  readonly schema: GraphQLSchema | (() => GraphQLSchema);
  /** Makes the GraphQL context of one HTTP request, or a promise of it: a plain object, since Yoga copies its properties. */
  readonly createContext: (request: Request, run: RunOptions) => object;
  readonly logger: Logger;
  /** Where answers to public queries are kept; without one each query runs. */
  readonly store?: ResponseStore;
  /** Documents that clients name by an id; without any they may register theirs. */
  readonly persisted?: PersistedOperations;
  /** Who calls, where that matters. */
  readonly callers?: Callers;
  readonly metrics?: Metrics;
  readonly execution?: ExecutionOptions;
  /** Serve GraphiQL to browsers. */
  readonly graphiql?: boolean;
  /** Looks for what the site does not give, for GraphiQL to tell. */
  readonly findings?: () => Promise<readonly object[]>;
  /** Tell of the schema: by introspection, as a file, by suggestions in errors. On unless it is `false`. */
  readonly introspection?: boolean;
  /** Tell in each answer what it read of WordPress. */
  readonly trace?: boolean;
  /** Limits of requests and documents. */
  readonly limits?: LimitSettings;
  /**
   * Closes what a private API does not want: introspection, GraphiQL, suggestions in errors, and GETs that bring their
   * own document without a preflight header.
   */
  readonly hardened?: boolean;
  /** Bounds of forms with files. */
  readonly forms?: FormLimits;
  /** How many proxies stand between clients and the gateway; none unless told. */
  readonly proxies?: number;
  /** How often a client may ask; as often as it likes without. */
  readonly rateLimit?: RateLimit | undefined;
  /** Whether there is room for more work; always without. */
  readonly load?: LoadGauge | undefined;
}
