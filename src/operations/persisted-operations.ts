// Owns persisted operations: documents that clients name by an id, from a list or as they registered them.

import { createBoundedMap } from '../bounded-map.ts';
import { sha256 } from './canonical.ts';

/** What may be asked by id, and whether anything else may be asked. */
export interface PersistedOptions {
  /** Documents by id. */
  readonly listed: ReadonlyMap<string, string>;
  /** Only listed documents are executed. */
  readonly only: boolean;
}

/** Documents by id. */
export interface PersistedOperations {
  find(id: string): string | undefined;
  /** Remembers a document under its hash (automatic persisted queries); false where the id is not its hash. */
  register(id: string, document: string): boolean;
  /** Remembers a document that another process was sent. */
  learn(document: string): void;
  /** Whether a document may be executed. */
  allows(document: string): boolean;
  /** Only listed documents are executed. */
  readonly only: boolean;
}

/** A client that floods this pushes out the ids of others, who then send their documents again. */
const registeredBytes = 8 * 1024 * 1024;

/** Persisted operations that know the listed ones, and learn others unless they may not; `onRegister` hears of those. */
export function createPersistedOperations(
  { listed, only }: PersistedOptions,
  onRegister: (document: string) => void = () => {},
): PersistedOperations {
  const registered = createBoundedMap<{ readonly text: string }>({
    maxBytes: registeredBytes,
    bytesOf: ({ text }) => 2 * text.length,
  });
  // Ids of the list may be of any form; the hash of its text works for each one as well.
  const byHash = new Map([...listed.values()].map((text) => [sha256(text), text]));
  return {
    find(given) {
      const id = withoutPrefix(given);
      return listed.get(given) ?? listed.get(id) ?? byHash.get(id) ?? registered.get(id)?.text;
    },
    register(given, text) {
      if (withoutPrefix(given) !== sha256(text)) return false;
      if (only) return true;
      registered.set(withoutPrefix(given), { text });
      onRegister(text);
      return true;
    },
    learn: (text) => registered.set(sha256(text), { text }),
    only,
    allows: (text) => !only || byHash.has(sha256(text)),
  };
}

/** `sha256:…`, as the GraphQL over HTTP specification writes a hash (Appendix A), and hashes in capitals. */
function withoutPrefix(id: string): string {
  const hash = /^(?:sha256:)?([\da-f]{64})$/i.exec(id)?.[1];
  return hash?.toLowerCase() ?? id;
}
