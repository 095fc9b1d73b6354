// Owns what outlasts a watcher: which entities a type had and how they were, so that the next one notices what happened
// while nobody watched.

import { createHash } from 'node:crypto';
import type { Facts } from './facts.ts';
import type { TypeState } from './type-state.ts';

/** Where it is kept, beside what is kept of WordPress. */
export interface Remembrance {
  read(name: string): Promise<unknown>;
  write(name: string, value: unknown): void;
}

/** What the types of a site were. */
export interface Remembered {
  /** A digest of each entity by id, as they were when somebody watched last; null where nobody knows. */
  of(state: TypeState): Promise<ReadonlyMap<number, string> | null>;
  /** Keeps what is known of a type by now, where all of it is known; not more often than pays. */
  keep(state: TypeState, hasChanged: boolean): void;
}

/** Nothing is remembered. */
export const nothingRemembered: Remembered = { of: async () => null, keep: () => undefined };

/** What changes is kept after this time at the latest; a watcher that ends before has the next one notice it again. */
const changedMs = 5000;
/** What does not change is kept again: by a purge of everything it is lost with all else. */
const repeatMs = 60_000;

const digests = new WeakMap<Facts, string>();

/** Digests of what was read; the same fields have the same one. */
export function digestOf({ fields }: Pick<TypeState, 'fields'>, facts: Facts): string {
  const known = digests.get(facts);
  if (known !== undefined) return known;
  // How many have a term is told by what has it.
  const told = fields.filter((name) => name !== 'count').map((name) => facts[name] ?? null);
  const digest = createHash('sha1').update(JSON.stringify(told)).digest('base64url').slice(0, 10);
  digests.set(facts, digest);
  return digest;
}

/** Remembers in a place that outlasts this process. */
export function createRemembered({ read, write }: Remembrance, now = () => performance.now()): Remembered {
  const keptAt = new Map<string, number>();
  const changed = new Set<string>();

  return {
    async of(state) {
      const value = await read(nameOf(state));
      if (!Array.isArray(value)) return null;
      const found = new Map<number, string>();
      for (const entry of value) {
        const [id, digest]: unknown[] = Array.isArray(entry) ? entry : [];
        if (typeof id !== 'number' || typeof digest !== 'string') return null;
        found.set(id, digest);
      }
      return found;
    },
    keep(state, hasChanged) {
      const { name } = state.resource;
      if (hasChanged) changed.add(name);
      const ageMs = now() - (keptAt.get(name) ?? Number.NEGATIVE_INFINITY);
      if (!state.known.isComplete || ageMs < (changed.has(name) ? changedMs : repeatMs)) return;
      keptAt.set(name, now());
      changed.delete(name);
      write(
        nameOf(state),
        [...state.known.facts].map(([id, facts]) => [id, digestOf(state, facts)]),
      );
    },
  };
}

/** Releases that read other fields have others. */
function nameOf({ resource, fields }: TypeState): string {
  return `watched:${createHash('sha1').update(JSON.stringify(fields)).digest('base64url')}:${resource.name}`;
}
