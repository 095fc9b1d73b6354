// Owns the names of the places where a theme shows menus, as GraphQL's `MenuLocationEnum` has them.

import { UpstreamError } from '../errors.ts';
import { onceForTexts } from '../long-lists.ts';
import { isOwnRefusal } from './failures.ts';
import type { WordPressClient } from './rest.ts';

/** The names of a site's menu locations. */
export interface MenuLocations {
  /** As the theme registers them: `primary`, `menu-1`. At least one. */
  readonly names: readonly string[];
  /** Whether these are all; else there may be others, which WordPress shows nobody without rights. */
  readonly isComplete: boolean;
}

/** What themes call their locations more than anything else. */
export const usualMenuLocations: MenuLocations = { names: ['primary', 'footer'], isComplete: false };

/** What is known before WordPress is asked. */
export interface MenuLocationsOptions {
  /** Names from the configuration. */
  readonly named?: readonly string[];
  /** The gateway's own credentials, as the value of an `Authorization` header. */
  readonly authorization?: string | undefined;
}

/** What was known before, and who is told of a failure. */
export interface MenuLocationsReading {
  /** What WordPress does not tell this time is as it was. */
  readonly before?: MenuLocations;
  /** WordPress failed to tell: it may well do so the next time. */
  readonly onFailed?: () => void;
}

/** The locations that the theme registers. Where WordPress does not show them: those that are named, or the usual ones. */
export async function loadMenuLocations(
  client: Pick<WordPressClient, 'request'>,
  { named = [], authorization }: MenuLocationsOptions,
  { before, onFailed = () => {} }: MenuLocationsReading = {},
): Promise<MenuLocations> {
  const told = authorization === undefined ? null : await readRegistered(client, authorization, onFailed);
  const registered = told ?? (authorization !== undefined && before?.isComplete ? before.names : null);
  const names = [...new Set([...named, ...(registered ?? [])])];
  if (names.length === 0) return usualMenuLocations;
  return { names, isComplete: registered !== null && registered.length > 0 };
}

async function readRegistered(
  client: Pick<WordPressClient, 'request'>,
  authorization: string,
  onFailed: () => void,
): Promise<readonly string[] | null> {
  try {
    // Not `_fields`: WordPress takes the map of locations for one object, and finds none of them in it.
    const { body } = await client.request({ route: 'wp/v2/menu-locations', authorization });
    const registered = parseLocations(body);
    if (registered === null) onFailed();
    return registered;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (!isOwnRefusal(error)) onFailed();
    return null;
  }
}

/** PHP writes no locations as `[]`, others as objects by their names. Null for what is neither. */
function parseLocations(body: unknown): string[] | null {
  if (Array.isArray(body)) return body.length === 0 ? [] : null;
  const locations = Object.entries(Object(body));
  const areAll = locations.length > 0 && locations.every(([, location]) => typeof location === 'object');
  return areAll ? locations.map(([name]) => name) : null;
}

/** The enum value of a location, by WPGraphQL's rule: `menu-1` is `MENU_1`. */
export const toLocationValue = onceForTexts((name) => {
  const value = name.replace(/[^A-Za-z0-9_]/g, '_').toUpperCase();
  return /^[A-Z_]/.test(value) ? value : `_${value}`;
});
