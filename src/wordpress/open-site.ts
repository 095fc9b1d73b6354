// Owns the way from an address to a site that can be served: found, read and discovered; or as it was, while it is down.

import { SiteError, UpstreamError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { type ClientOptions, createClient, type SiteClient } from './client.ts';
import { discover, noDiscovery } from './discovery.ts';
import { fromKnownSite, type KnownSite, readDiscoveryFile, toKnownSite, writeDiscoveryFile } from './discovery-file.ts';
import { findRestRoot } from './find-root.ts';
import { loadMenuLocations, type MenuLocationsOptions, usualMenuLocations } from './menu-locations.ts';
import type { RestRoot, Site, WordPressClient } from './rest.ts';
import { loadSite } from './site.ts';

/** Which site, and how it is read. */
export interface OpenSiteOptions {
  readonly address: string;
  readonly upstream: Omit<ClientOptions, 'logger'>;
  readonly logger: Logger;
  /** Where what is known of the site is kept; null keeps nothing. */
  readonly discoveryFile: string | null;
  readonly menuLocations?: MenuLocationsOptions;
  /** Where gateways of the same site tell each other what it is. */
  readonly shared?: SharedDiscovery;
  /** What is kept will do at first: nothing is asked of the site before it is opened. */
  readonly keptFirst?: boolean;
  /** Finds the REST root where nothing is kept. Not set: at once, or not at all. */
  readonly findRoot?: FindRestRoot | undefined;
}

/** Finds the REST root of an address. */
export type FindRestRoot = (address: string) => Promise<RestRoot>;

/** What gateways of the same site tell each other. */
export interface SharedDiscovery {
  /** What one of them has read so lately that it need not be read again; null for nothing. */
  read(): Promise<unknown>;
  write(known: object): void;
}

/** A site with a client to read it. */
export interface OpenSite extends AsyncDisposable {
  readonly client: WordPressClient;
  /** What was known when it was opened. */
  readonly known: KnownSite;
  /** `known` is of an earlier time: nobody has asked yet, or the site is down, wholly or in part. */
  readonly isStale: boolean;
  /** Reads anew what the site is and shows, and keeps it. Rejects while the site is down. */
  rediscover(): Promise<KnownSite>;
}

/**
 * Opens a site. While it is down, what is kept of it will do; a site that is wrong, or down and not known, is a
 * `SiteError` for people.
 */
export async function openSite(options: OpenSiteOptions): Promise<OpenSite> {
  const told = options.shared ? toKnownSite(await options.shared.read(), options.address) : null;
  if (told && isWhole(told)) return openKept(options, told, false);
  const kept = (await readKept(options)) ?? told;
  if (kept && options.keptFirst) return openKept(options, kept);
  try {
    const { timeoutMs } = options.upstream;
    const { findRoot = (address) => findRestRoot(address, timeoutMs === undefined ? {} : { timeoutMs }) } = options;
    const root = await findRoot(options.address);
    const client = createClient(root, { ...options.upstream, logger: options.logger });
    try {
      const site = await loadSite(client, root);
      return await readFirst(options, client, { ...(kept ?? unknown), site }, kept !== null);
    } catch (error) {
      await client[Symbol.asyncDispose]();
      throw error;
    }
  } catch (error) {
    if (!kept || !(error instanceof SiteError && error.isTemporary)) throw error;
    options.logger.warn(`${error.message} Until then the schema is what the site was when it was last read.`);
    return openKept(options, kept);
  }
}

function openKept(options: OpenSiteOptions, kept: KnownSite, isStale = true): OpenSite {
  const client = createClient(kept.site.root, { ...options.upstream, logger: options.logger });
  return toOpenSite(options, client, kept, isStale);
}

const unknown: Omit<KnownSite, 'site'> = {
  discovery: {
    ...noDiscovery,
    problems: ['What types and taxonomies the site has is not known yet'],
  },
  menuLocations: usualMenuLocations,
};

async function readFirst(
  options: OpenSiteOptions,
  client: SiteClient,
  before: KnownSite,
  isKept: boolean,
): Promise<OpenSite> {
  const { site } = before;
  try {
    const known = await readAgain(options, client, isKept ? before : { ...unknown, site }, site);
    return toOpenSite(options, client, known, false);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    options.logger.warn({ err: error }, 'What the site shows could not be read');
    return toOpenSite(options, client, before, true);
  }
}

/** Reads what the site has, and keeps it. What it does not tell is as it was; `toldSite` is null where its index did not. */
async function readAgain(
  options: OpenSiteOptions,
  client: WordPressClient,
  before: KnownSite,
  toldSite: Site | null,
): Promise<KnownSite> {
  const { menuLocations: asked = {} } = options;
  const site = toldSite ?? before.site;
  let isPartial = toldSite === null;
  const onFailed = () => {
    isPartial = true;
  };
  const [found, menuLocations] = await Promise.all([
    discover(client, site, { authorization: asked.authorization, before: before.discovery }),
    loadMenuLocations(client, asked, { before: before.menuLocations, onFailed }),
  ]);
  const known = { site, discovery: isPartial ? { ...found, isPartial } : found, menuLocations };
  await keep(options, known);
  return known;
}

function toOpenSite(options: OpenSiteOptions, client: SiteClient, known: KnownSite, isStale: boolean): OpenSite {
  let last = known;
  return {
    client,
    known,
    isStale,
    async rediscover() {
      const found = await loadSite(client, last.site.root);
      // It may have moved since, by this very request.
      const before = { ...last, site: { ...last.site, root: client.root } };
      // An index without namespaces is none of WordPress.
      const isTold = found.namespaces.length > 0 || last.site.namespaces.length === 0;
      last = await readAgain(options, client, before, isTold ? { ...found, root: client.root } : null);
      return last;
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

async function readKept({ address, discoveryFile, logger }: OpenSiteOptions): Promise<KnownSite | null> {
  if (discoveryFile === null) return null;
  try {
    return await readDiscoveryFile(discoveryFile, address);
  } catch (error) {
    logger.warn(`${discoveryFile} could not be read: ${messageOf(error)}`);
    return null;
  }
}

/** A read-only disk is no reason not to serve. What another gateway has told as a whole stands. */
async function keep({ address, discoveryFile, logger, shared }: OpenSiteOptions, known: KnownSite): Promise<void> {
  if (shared && !(known.discovery.isPartial && isWhole(toKnownSite(await shared.read(), address)))) {
    shared.write(fromKnownSite(known, address));
  }
  if (discoveryFile === null) return;
  try {
    await writeDiscoveryFile(discoveryFile, address, known);
  } catch (error) {
    logger.warn(`What is known of the site could not be kept in ${discoveryFile}: ${messageOf(error)}`);
  }
}

function isWhole(known: KnownSite | null): boolean {
  return known !== null && !known.discovery.isPartial;
}

/** A stack would not tell more of a disk. */
function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
