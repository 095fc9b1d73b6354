// Owns what every purge of a list purges as well: what anything that appears may change.

/** Tag of it. */
export const anyList = 'list:*';

/** Tags of a purge, with those that follow from them. */
export function withAnyList(tags: readonly string[]): readonly string[] {
  return tags.some((tag) => tag.startsWith('list:')) ? [...new Set([...tags, anyList])] : tags;
}
