// Owns the loaders of a preview: one piece of content as an editor sees it, and everything else as the public does.

import type { Resource, Resources } from '../wordpress/resources.ts';
import type { Loaders } from './loaders.ts';
import type { Viewer } from './viewer.ts';

/** Stands for who holds a token of a preview: nobody in particular, who may see how content is edited. */
export const previewer: Viewer = { id: 0, can: (capability) => /^edit_\w+s$/.test(capability) };

/** Whose rights lists are asked with: who holds a token sees in them what everybody does. */
export function toLister(viewer: Viewer | null): Viewer | null {
  return viewer === previewer ? null : viewer;
}

/** What the loaders of a preview are made of. */
export interface PreviewParts {
  /** Id of the content. */
  readonly id: number;
  readonly resources: Resources;
  /** As everybody reads. */
  readonly open: Loaders;
  /** As somebody reads who may edit the content; for that content alone. */
  readonly editing: Loaders;
}

/** Loaders that keep to the one piece of content, whatever they are asked for. */
export function createPreviewLoaders({ id, resources, open, editing }: PreviewParts): Loaders {
  const isIt = (resource: Resource, other: number) => resource.kind === 'content' && other === id;
  const routes = new Set(
    [...resources.values()].flatMap(({ kind, route }) =>
      kind === 'content' ? [`${route}/${id}`, `${route}/${id}/revisions`] : [],
    ),
  );
  const loadersOf = (route: string) => (routes.has(route) ? editing : open);
  return {
    ...open,
    // What an address shows to who holds a token says what is hidden there, and everybody's says nothing of it.
    address: editing.address,
    load: (resource, other, fields) => (isIt(resource, other) ? editing : open).load(resource, other, fields),
    async loadBySlug(resource, slug, fields) {
      const found = await open.loadBySlug(resource, slug, fields);
      if (found.length > 0 || resource.kind !== 'content') return found;
      return (await editing.loadBySlug(resource, slug, fields)).filter((entity) => isIt(resource, entity.id));
    },
    object: (route, fields, query) => loadersOf(route).object(route, fields, query),
    read: (route, query) => loadersOf(route).read(route, query),
  };
}
