// Owns finding entries by their tags.

/** Keys by tag. */
export interface TagIndex {
  add(key: string, tags: readonly string[]): void;
  remove(key: string, tags: readonly string[]): void;
  /** The keys that have one of some tags. */
  find(tags: Iterable<string>): Set<string>;
}

/** An empty index. Most tags have one key, which takes no set of its own. */
export function createTagIndex(): TagIndex {
  const keysOf = new Map<string, string | Set<string>>();
  return {
    add(key, tags) {
      for (const tag of tags) {
        const known = keysOf.get(tag);
        if (known === undefined) keysOf.set(tag, key);
        else if (typeof known !== 'string') known.add(key);
        else if (known !== key) keysOf.set(tag, new Set([known, key]));
      }
    },
    remove(key, tags) {
      for (const tag of tags) {
        const known = keysOf.get(tag);
        if (known === key) keysOf.delete(tag);
        else if (typeof known === 'object' && known.delete(key) && known.size === 0) keysOf.delete(tag);
      }
    },
    find(tags) {
      const found = new Set<string>();
      for (const tag of tags) {
        const known = keysOf.get(tag);
        if (typeof known === 'string') found.add(known);
        else if (known) for (const key of known) found.add(key);
      }
      return found;
    },
  };
}
