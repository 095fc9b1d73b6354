// Owns the guess at what somebody meant by a name that is none.

/** The candidate that is nearest to a name, where one is near enough to be meant; capitals, `-` and `_` do not count. */
export function nearestOf(name: string, candidates: readonly string[]): string | null {
  const plain = (text: string) => text.toUpperCase().replaceAll('-', '_').replace(/^_+/, '');
  const [nearest] = candidates
    .map((candidate) => ({ candidate, distance: distanceOf(plain(name), plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= Math.max(2, name.length * 0.4) ? nearest.candidate : null;
}

/** How many letters must be changed, added or taken away to make one word of another (Levenshtein). */
function distanceOf(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (const [at, other] of [...to].entries()) {
      const swapped = (row[at] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(swapped, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
