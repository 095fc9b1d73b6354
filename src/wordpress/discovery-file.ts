// Owns the last good discovery on disk: with it the gateway starts while its site is down.

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { type Discovery, discoverySchema } from './discovery.ts';
import type { MenuLocations } from './menu-locations.ts';
import type { Site } from './rest.ts';

/** What is kept of a site. */
export interface KnownSite {
  readonly site: Site;
  readonly discovery: Discovery;
  readonly menuLocations: MenuLocations;
}

/** Changes with the shape of what is kept: an older file counts as none. */
const version = 3;

const siteSchema: z.ZodType<Site> = z.object({
  root: z.object({
    origin: z.string().regex(/^https?:\/\/[^/]+$/),
    path: z.string().startsWith('/'),
    style: z.enum(['path', 'query', 'wordpress.com']),
  }),
  name: z.string().nullable(),
  description: z.string().nullable(),
  url: z.string().nullable(),
  home: z.url(),
  timezone: z.string().nullable(),
  gmtOffset: z.number().nullable(),
  namespaces: z.array(z.string()),
  showOnFront: z.enum(['posts', 'page']).nullable(),
  pageOnFront: z.number().nullable(),
  pageForPosts: z.number().nullable(),
  siteIconId: z.number().nullable(),
  siteIconUrl: z.string().nullable(),
});

const fileSchema = z.object({
  version: z.literal(version),
  /** The address that was configured: a file of another site counts as none. */
  address: z.string(),
  site: siteSchema,
  discovery: discoverySchema,
  menuLocations: z.object({ names: z.array(z.string()).min(1), isComplete: z.boolean() }),
});

/** Reads what is kept of the site at an address; null where there is nothing, or nothing that can be used. */
export async function readDiscoveryFile(path: string, address: string): Promise<KnownSite | null> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    // Half a file, or none, is as good as none; what cannot be read is for whoever calls to tell.
    if (error instanceof SyntaxError || isMissing(error)) return null;
    throw error;
  }
  return toKnownSite(json, address);
}

/** Reads what was kept of the site at an address; null for what cannot be used. */
export function toKnownSite(kept: unknown, address: string): KnownSite | null {
  const parsed = fileSchema.safeParse(kept);
  if (!parsed.success || parsed.data.address !== address) return null;
  const { site, discovery, menuLocations } = parsed.data;
  return { site, discovery, menuLocations };
}

/** What is kept of a site. */
export function fromKnownSite(known: KnownSite, address: string): object {
  return { version, address, ...known };
}

/** What a site is, without what stood in the way of reading it. */
export function toFacts({ site, discovery, menuLocations }: KnownSite): object {
  const { problems: _problems, isPartial: _isPartial, ...facts } = discovery;
  return { site, discovery: facts, menuLocations };
}

/** Keeps a site. The file is there as a whole or as it was. */
export async function writeDiscoveryFile(path: string, address: string, known: KnownSite): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(fromKnownSite(known, address))}\n`);
  await rename(draft, path);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
