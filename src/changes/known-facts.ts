// Owns all that the watcher remembers, by type, within one bound of bytes.

import { bytesOfFacts, type Facts } from './facts.ts';

/** What is remembered of one type. */
export interface KnownType {
  readonly facts: ReadonlyMap<number, Facts>;
  /** Whether all that the public sees of the type is there. */
  isComplete: boolean;
  /** Whether it was too much: then it stays incomplete, and the latest of it is remembered. */
  readonly isTooMuch: boolean;
  set(id: number, facts: Facts): void;
  delete(id: number): void;
}

/** What is remembered of a site. */
export interface KnownFacts {
  of(type: string): KnownType;
  readonly bytes: number;
}

/** Nothing, for a start. A type that does not fit is forgotten, and not complete any more. */
export function createKnownFacts(maxBytes: number): KnownFacts {
  const types = new Map<string, KnownType>();
  let bytes = 0;

  function createType(): KnownType {
    const facts = new Map<number, Facts>();
    let isTooMuch = false;
    const drop = (id: number) => {
      const known = facts.get(id);
      if (!known) return;
      bytes -= bytesOfFacts(known);
      facts.delete(id);
    };
    return {
      facts,
      isComplete: false,
      get isTooMuch() {
        return isTooMuch;
      },
      set(id, given) {
        drop(id);
        bytes += bytesOfFacts(given);
        facts.set(id, given);
        if (bytes <= maxBytes) return;
        for (const known of [...facts.keys()]) drop(known);
        this.isComplete = false;
        isTooMuch = true;
      },
      delete: drop,
    };
  }

  return {
    of(type) {
      const known = types.get(type) ?? createType();
      types.set(type, known);
      return known;
    },
    get bytes() {
      return bytes;
    },
  };
}
