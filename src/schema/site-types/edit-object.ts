// Owns what WordPress tells of types and taxonomies to users who may edit what is of them.

import type { RestObject } from '../../cache/fields-record.ts';
import type { GatewayContext } from '../../context.ts';
import { UpstreamError } from '../../errors.ts';
import { isHidden, isOwnRefusal } from '../../wordpress/failures.ts';
import type { FieldDeclaration } from '../builder.ts';

/** All that is shown of it, so that one request does for all fields. */
const fields = ['labels', 'visibility', 'has_archive', 'rest_base', 'show_cloud'];

/** What is told to the viewer; null without rights. */
export async function loadEditObject({ viewer, loaders }: GatewayContext, route: string): Promise<RestObject | null> {
  if (!viewer) return null;
  try {
    return await loaders.object(route, fields, { context: 'edit' });
  } catch (error) {
    if (error instanceof UpstreamError && isHidden(error) && isOwnRefusal(error)) return null;
    throw error;
  }
}

/** A field that is open to users who may edit what is of a type or taxonomy. */
export function openToEditors<Source>(
  type: string,
  routeOf: (source: Source) => string,
  read: (told: RestObject) => unknown,
): FieldDeclaration<Source> {
  return {
    type,
    description: 'Null unless the viewer may edit what is of it.',
    resolve: async (source, _, context) => {
      const told = await loadEditObject(context, routeOf(source));
      return told && read(told);
    },
  };
}

/** Whether only a part of it is shown: all of it is for those who may edit what is of it. */
export function restrictedField<Source>(routeOf: (source: Source) => string): FieldDeclaration<Source> {
  return {
    type: 'Boolean',
    description: 'Whether the viewer sees a part of it only, as the public does.',
    resolve: async (source, _, context) => (await loadEditObject(context, routeOf(source))) === null,
  };
}
