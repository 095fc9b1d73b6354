// Owns the `where` arguments that reach what is not public: status and password of content.

import { mayEdit } from '../../loaders/rights.ts';
import type { Viewer } from '../../loaders/viewer.ts';
import type { ContentResource } from '../../wordpress/resources.ts';
import { readString } from '../read.ts';
import type { Filters } from './filters.ts';
import { textSetOf, type Where } from './where.ts';

/** The public sees what is published, and media, which inherit the status of what they belong to. */
export function addStatus(filters: Filters, resource: ContentResource, where: Where, viewer: Viewer | null): void {
  const status = where.text('status');
  const stati = [...(status ? [status] : []), ...textSetOf(where.texts('stati'))];
  if (stati.length === 0) return;
  const shown = resource.name === 'attachment' ? 'inherit' : 'publish';
  const mediaStati = ['inherit', 'private', 'trash'];
  const isKnown = (name: string) => resource.name !== 'attachment' || mediaStati.includes(name);
  const isOpen = viewer !== null && mayEdit(viewer, resource);
  const allowed = stati.filter((name) => name === shown || (isOpen && isKnown(name)));
  if (allowed.length === 0) filters.isEmpty = true;
  else if (allowed.some((name) => name !== shown)) filters.query['status'] = allowed;
}

/** A password is shown to those who may edit what it protects: they may look for it as well. */
export function addPassword(filters: Filters, resource: ContentResource, where: Where, viewer: Viewer | null): void {
  const password = where.text('password');
  if (password === null) return;
  if (viewer === null || !mayEdit(viewer, resource)) filters.isEmpty = true;
  filters.keep.push({
    argument: 'password',
    fields: ['password'],
    test: ({ data }) => readString(data, 'password') === password,
  });
}
