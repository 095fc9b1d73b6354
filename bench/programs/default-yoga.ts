// Owns the peer: Yoga as it comes, over the gateway's own schema, resolvers, loaders and cache of entities.

import { createServer } from 'node:http';
import { createYoga } from 'graphql-yoga';
import { connectSite, createContextFactory, createLogger, loadConfig } from 'headgate';
import { listen } from './listen.ts';

const config = loadConfig();
const logger = createLogger(config.logLevel);
const { client, served } = await connectSite(config, logger);
const { cache, scanLimit } = config;
const { site, resources, schema } = served;
const createContext = createContextFactory({ client, site, resources, cache, scanLimit, logger });
const yoga = createYoga({ schema, context: ({ request }) => createContext(request) });
await listen(createServer(yoga));
