// Owns a schema over a recorded site: the real client, loaders and resolvers, with no gateway around them.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ExecutionResult, type GraphQLSchema, graphql } from 'graphql';
import { pino } from 'pino';
import { createContextFactory } from '../../src/context.ts';
import { buildSchema } from '../../src/schema/build.ts';
import { createClient } from '../../src/wordpress/client.ts';
import { coreResources, type Resources } from '../../src/wordpress/resources.ts';
import { loadSite } from '../../src/wordpress/site.ts';
import { type RecordedRequest, type RecordedSiteOptions, startRecordedSite } from './recorded-site.ts';

/** A schema with a recorded site behind it. */
export interface RecordedGateway extends AsyncDisposable {
  readonly origin: string;
  readonly schema: GraphQLSchema;
  /** Runs a query as a request of its own, which ends with its signal. */
  query(source: string, variables?: Record<string, unknown>, signal?: AbortSignal): Promise<ExecutionResult>;
  /** The REST requests since the last call. */
  takeRequests(): RecordedRequest[];
}

/** Starts the site, and reads what it is; it has the core's types and taxonomies unless told. */
export async function openRecordedGateway(
  options: RecordedSiteOptions,
  resources: Resources = coreResources,
): Promise<RecordedGateway> {
  const recorded = await startRecordedSite(options);
  const logger = pino({ level: 'silent' });
  const client = createClient(recorded.root, { logger });
  const site = await loadSite(client, recorded.root);
  const schema = schemaOf(site, resources);
  const cache = { maxBytes: 8 * 1024 * 1024, freshSeconds: 60, negativeSeconds: 10 };
  const createContext = createContextFactory({
    client,
    site,
    resources,
    cache,
    scanLimit: 1000,
    logger,
  });
  const takeRequests = () => recorded.requests.splice(0);
  takeRequests();
  return {
    origin: recorded.origin,
    schema,
    takeRequests,
    async query(source, variableValues = {}, signal) {
      const contextValue = createContext(signal ? { signal } : {});
      return await graphql({ schema, source, variableValues, contextValue });
    },
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await recorded[Symbol.asyncDispose]();
    },
  };
}

/** What was recorded of a real site: `a` is WordPress 6.1 without plugins, `c` 7.1 with Yoast and plain permalinks. */
export function readRecording(name: 'a' | 'c'): RecordedSiteOptions {
  const folder = join(import.meta.dirname, '../data/recorded', name);
  const bodies = readdirSync(folder).map((file) => {
    const { body } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    return [file.replace(/\.json$/, ''), body] as const;
  });
  const { index, ...collections } = Object.fromEntries(bodies);
  return {
    index,
    collections: Object.fromEntries(Object.entries(collections).map(([route, rows]) => [`wp/v2/${route}`, rows])),
    style: name === 'c' ? 'query' : 'path',
    recordedOrigin: index.home,
  };
}

const schemas = new Map<string, GraphQLSchema>();

/** Sites that differ in their address alone have one schema: making it is most of what opening a gateway costs. */
function schemaOf(...[site, resources]: Parameters<typeof buildSchema>): GraphQLSchema {
  // The readers of these plugins' heads learn of their routes, and what one test taught them is not for another.
  if (site.namespaces.some((name) => /^(rankmath|seopress)\//.test(name))) return buildSchema(site, resources);
  const { root: _, ...same } = site;
  const key = JSON.stringify([same, [...(resources?.values() ?? [])]], (_, value) =>
    value instanceof Set ? [...value] : value,
  );
  const known = schemas.get(key) ?? buildSchema(site, resources);
  schemas.set(key, known);
  return known;
}
