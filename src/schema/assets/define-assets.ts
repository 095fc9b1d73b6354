// Owns enqueued assets: scripts and stylesheets of themes and plugins, which REST does not tell. The lists are empty.

import type { ArgDeclaration, Builder, FieldDeclarations } from '../builder.ts';
import { connectionField, defineNodeConnection, resolveNodes } from '../relay/connection.ts';

/** What has assets. */
export type AssetOwner = 'ContentNode' | 'TermNode' | 'User';

const none = 'Empty: WordPress does not tell in REST what its pages load.';

const assetFields: FieldDeclarations<unknown> = {
  id: { type: 'ID!' },
  after: { type: '[String]', description: 'Inline code after it.' },
  args: { type: 'Boolean', deprecated: 'Use the fields of the type.' },
  before: { type: '[String]', description: 'Inline code before it.' },
  conditional: { type: 'String' },
  extra: { type: 'String', deprecated: 'Use the fields of the type.' },
  group: { type: 'Int' },
  handle: { type: 'String', description: 'Its name in WordPress.' },
  src: { type: 'String' },
  version: { type: 'String' },
};

/** Declares assets, and the root fields that list those that are registered. */
export function defineAssets(builder: Builder): void {
  builder.interface<unknown>('EnqueuedAsset', {
    description: 'A script or stylesheet that a page loads.',
    fields: { ...assetFields, dependencies: { type: '[EnqueuedAsset]' } },
  });
  builder.enum('ScriptLoadingGroupLocationEnum', { FOOTER: 'footer', HEADER: 'header' }, 'Where a page has a script.');
  builder.enum('ScriptLoadingStrategyEnum', { ASYNC: 'async', DEFER: 'defer' }, 'When a browser runs a script.');
  builder.object<unknown>('EnqueuedScript', {
    interfaces: ['EnqueuedAsset', 'Node'],
    fields: {
      dependencies: { type: '[EnqueuedScript]' },
      extraData: { type: 'String' },
      groupLocation: { type: 'ScriptLoadingGroupLocationEnum' },
      strategy: { type: 'ScriptLoadingStrategyEnum' },
    },
  });
  builder.object<unknown>('EnqueuedStylesheet', {
    interfaces: ['EnqueuedAsset', 'Node'],
    fields: {
      dependencies: { type: '[EnqueuedStylesheet]' },
      isRtl: { type: 'Boolean' },
      media: { type: 'String' },
      path: { type: 'String' },
      rel: { type: 'String' },
      suffix: { type: 'String' },
      title: { type: 'String' },
    },
  });
  defineNodeConnection(builder, 'EnqueuedScript');
  defineNodeConnection(builder, 'EnqueuedStylesheet');
  builder.query({
    registeredScripts: assetsField(builder, 'RootQuery', 'EnqueuedScript'),
    registeredStylesheets: assetsField(builder, 'RootQuery', 'EnqueuedStylesheet'),
  });
}

/** The fields of what has assets. */
export function assetsOf(builder: Builder, owner: AssetOwner): FieldDeclarations {
  return {
    enqueuedScripts: assetsField(builder, owner, 'EnqueuedScript'),
    enqueuedStylesheets: assetsField(builder, owner, 'EnqueuedStylesheet'),
  };
}

const assetWhere: Readonly<Record<string, ArgDeclaration>> = { handlesIn: '[String]' };

function assetsField(builder: Builder, owner: AssetOwner | 'RootQuery', node: 'EnqueuedScript' | 'EnqueuedStylesheet') {
  return connectionField<unknown>(builder, {
    name: `${owner}To${node}`,
    node,
    where: assetWhere,
    description: none,
    resolve: (_, args) => resolveNodes([], args),
  });
}
