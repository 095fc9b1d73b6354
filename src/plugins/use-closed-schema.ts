// Owns a schema that is not told to anybody: no introspection, and no names in errors that a client did not give.

import {
  type ASTVisitor,
  BREAK,
  type ConstArgumentNode,
  type DocumentNode,
  Kind,
  NoSchemaIntrospectionCustomRule,
  type ValidationContext,
  visit,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Refuses `__schema`, and has `__type` be null for any name; `__typename` is told, which clients need for their caches.
 * Stands before what chooses how a document is run.
 */
export function useClosedSchema(): Plugin {
  const known = new WeakMap<DocumentNode, DocumentNode>();

  function close(args: { document: DocumentNode }): void {
    const document = known.get(args.document) ?? tellNoType(args.document);
    known.set(args.document, document);
    // Variables are checked where it runs, and an enum has values to suggest.
    Object.assign(args, { document, hideSuggestions: true });
  }

  return {
    onValidate({ addValidationRule }) {
      addValidationRule(refuseSchema);
    },
    onExecute: ({ args }) => close(args),
    onSubscribe: ({ args }) => close(args),
  };
}

function refuseSchema(context: ValidationContext): ASTVisitor {
  return asksForSchema(context.getDocument()) ? NoSchemaIntrospectionCustomRule(context) : {};
}

function asksForSchema(document: DocumentNode): boolean {
  let asks = false;
  visit(document, {
    Field({ name }) {
      asks ||= name.value === '__schema';
      return asks ? BREAK : undefined;
    },
  });
  return asks;
}

/** No type has this name. */
const noName: ConstArgumentNode = {
  kind: Kind.ARGUMENT,
  name: { kind: Kind.NAME, value: 'name' },
  value: { kind: Kind.STRING, value: '' },
};

/** The same document where it asks for no type, and otherwise one whose types are null, wherever they are asked for. */
function tellNoType(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field: (node) => (node.name.value === '__type' ? { ...node, arguments: [noName] } : undefined),
  });
}
