// Owns what editors see of content: previews, revisions, locks. Without credentials there is none of it.

import type { ContentResource } from '../../wordpress/resources.ts';
import type { ArgDeclaration, Builder, FieldDeclaration, FieldDeclarations } from '../builder.ts';
import { anyContentWhere, contentWhere } from '../lists/content.ts';
import { connectionField, defineOneToOneEdge, resolveNodes } from '../relay/connection.ts';

const closed = 'Null: WordPress shows it only to users with rights.';
const none = 'Empty: WordPress shows revisions only to users with rights.';

/** Declares the root field that lists revisions. */
export function defineRevisions(builder: Builder): void {
  builder.query({ revisions: revisionsOfAny(builder, 'RootQueryToRevisions') });
}

/** Fields of all content: who edits it. */
export function editorsOfContent(builder: Builder): FieldDeclarations {
  const lock: FieldDeclaration = { type: 'String', description: 'When the lock was set.' };
  return {
    editingLockedBy: edgeField(builder, 'ContentNodeToEditLockConnectionEdge', 'User', { lockTimestamp: lock }),
    lastEditedBy: edgeField(builder, 'ContentNodeToEditLastConnectionEdge', 'User'),
  };
}

/** Fields of content that keeps revisions. */
export function originOfRevision(builder: Builder): FieldDeclarations {
  const field = edgeField(builder, 'NodeWithRevisionsToContentNodeConnectionEdge', 'ContentNode');
  return { revisionOf: { ...field, description: 'Null: this is no revision.' } };
}

/** Fields of one type of content: its preview and its revisions, and relatives that it has in name only. */
export function revisionsOfContent(builder: Builder, type: ContentResource): FieldDeclarations {
  const { typeName, hierarchical, supports } = type;
  const flat = {
    description: `Always null: ${type.plural} are not hierarchical.`,
    deprecated: 'It is there for other types of content.',
  };
  return {
    // Media have no previews.
    ...(type.name === 'attachment'
      ? {}
      : { preview: edgeField(builder, `${typeName}ToPreviewConnectionEdge`, typeName) }),
    ...(supports.has('revisions')
      ? { revisions: emptyField(builder, `${typeName}ToRevision`, typeName, contentWhere(type)) }
      : {}),
    ...(hierarchical
      ? {}
      : {
          ancestors: {
            ...connectionField(builder, { name: `${typeName}To${typeName}`, node: typeName, resolve: () => null }),
            ...flat,
          },
          parent: { ...edgeField(builder, `${typeName}ToParentConnectionEdge`, typeName), ...flat },
        }),
  };
}

/** The revisions that a user has made. */
export function revisionsOfUser(builder: Builder): FieldDeclarations {
  return { revisions: revisionsOfAny(builder, 'UserToRevisions') };
}

function revisionsOfAny(builder: Builder, name: string): FieldDeclaration<unknown> {
  return emptyField(builder, name, 'ContentNode', { contentTypes: '[ContentTypeEnum]', ...anyContentWhere });
}

function emptyField(
  builder: Builder,
  name: string,
  node: string,
  where: Readonly<Record<string, ArgDeclaration>>,
): FieldDeclaration<unknown> {
  return connectionField<unknown>(builder, {
    name,
    node,
    where,
    description: none,
    resolve: (_, args) => resolveNodes([], args),
  });
}

function edgeField(builder: Builder, name: string, node: string, fields: FieldDeclarations = {}): FieldDeclaration {
  defineOneToOneEdge(builder, name, node, fields);
  return { type: name, description: closed, resolve: () => null };
}
