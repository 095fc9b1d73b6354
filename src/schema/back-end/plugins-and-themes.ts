// Owns what WordPress tells of its plugins and themes to users with rights.

import type { GatewayContext } from '../../context.ts';
import { UpstreamError, UserError } from '../../errors.ts';
import type { Query } from '../../loaders/reader.ts';
import type { Args } from '../../planner/needs.ts';
import { isOwnRefusal } from '../../wordpress/failures.ts';
import { isObject, readList, readString } from '../read.ts';
import type { NodeWithKey } from '../relay/connection.ts';

/** A plugin or theme: its fields are those of its GraphQL type. */
export interface BackEndNode extends NodeWithKey {
  readonly __typename: 'Plugin' | 'Theme';
  /** File of a plugin below the folder of plugins, or name of a theme's folder. */
  readonly id: string;
  readonly [field: string]: unknown;
}

/** The plugins that the viewer may see; none without rights. */
export async function loadPlugins(context: GatewayContext, where: unknown = {}): Promise<BackEndNode[]> {
  const rows = await loadRows(context, 'wp/v2/plugins', toQuery(where));
  return rows.flatMap((row) => {
    const file = readString(row, 'plugin');
    if (file === null) return [];
    const id = `${file}.php`;
    return [
      {
        ...{ __typename: 'Plugin', id, path: id, isRestricted: false },
        ...{ name: readString(row, 'name'), version: readString(row, 'version'), author: readString(row, 'author') },
        ...{ authorUri: readString(row, 'author_uri'), pluginUri: readString(row, 'plugin_uri') },
        description: readString(row, 'description.raw'),
      } satisfies BackEndNode,
    ];
  });
}

/** The themes that the viewer may see: all, or the active one for those who may edit, or none. */
export async function loadThemes(context: GatewayContext): Promise<BackEndNode[]> {
  const mayAll = context.viewer?.can('switch_themes') === true;
  const rows = await loadRows(context, 'wp/v2/themes', mayAll ? {} : { status: 'active' });
  return rows.flatMap((row) => {
    const id = readString(row, 'stylesheet');
    if (id === null) return [];
    return [
      {
        ...{ __typename: 'Theme', id, slug: id, isRestricted: false },
        ...{ name: readString(row, 'name.raw'), version: readString(row, 'version') },
        ...{ author: readString(row, 'author.raw'), authorUri: readString(row, 'author_uri.raw') },
        ...{ themeUri: readString(row, 'theme_uri.raw'), description: readString(row, 'description.raw') },
        screenshot: readString(row, 'screenshot'),
        tags: readList(row, 'tags.raw').map(String),
      } satisfies BackEndNode,
    ];
  });
}

async function loadRows({ viewer, loaders }: GatewayContext, route: string, query: Query): Promise<readonly object[]> {
  if (!viewer) return [];
  try {
    const { body } = await loaders.read(route, query);
    return Array.isArray(body) ? body.filter(isObject) : [];
  } catch (error) {
    if (error instanceof UpstreamError && error.code === 'UPSTREAM_FORBIDDEN' && isOwnRefusal(error)) return [];
    throw error;
  }
}

/** REST knows plugins that are active and those that are not; of others it does not tell. */
function toQuery(where: unknown): Query {
  const { search, status, stati }: Args = isObject(where) ? where : {};
  const given = [status ?? [], stati ?? []].flat();
  const other = given.find((name) => name !== 'active' && name !== 'inactive');
  if (other !== undefined) {
    throw new UserError('where.status: REST tells of plugins that are ACTIVE or INACTIVE only.', 'UNSUPPORTED');
  }
  return {
    ...(typeof search === 'string' && search !== '' ? { search } : {}),
    ...(given.length > 0 ? { status: given.map(String) } : {}),
  };
}
