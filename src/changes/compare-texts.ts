// Owns telling which of two texts a database sorts first, where all of its collations agree.

/** Where a character has its place: from the first to the last of the ranks that collations give it. */
type Span = readonly [number, number];

/** After all letters of ASCII. */
const afterLetters = 100;

/** Scripts that follow the Latin one everywhere. */
const laterScript =
  /^[\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Thai}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]$/u;

/**
 * Below 0 where the first one comes first, above where the second one does; null where each collation has its own idea.
 * What is equal at first decides nothing: case and accents come after all that follows.
 */
export function compareTexts(one: string, other: string): number | null {
  const [a, b] = [[...one.toLowerCase()], [...other.toLowerCase()]];
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  // Titles are shown as HTML, and sorted as they were written.
  if (a.slice(0, at + 1).includes('&') || b.slice(0, at + 1).includes('&')) return null;
  const [left, right] = [spanOf(a[at]), spanOf(b[at])];
  if (!left || !right) return null;
  if (left[1] < right[0]) return -1;
  return left[0] > right[1] ? 1 : null;
}

function spanOf(character: string | undefined): Span | null {
  // Some collations fill the shorter text up with spaces.
  if (character === undefined || character === ' ') return [0, 0];
  if (character === '-' || character === '%') return [1, 1];
  if (/^[0-9]$/.test(character)) return [10 + Number(character), 10 + Number(character)];
  if (/^[a-z]$/.test(character)) return [rankOf(character), rankOf(character)];
  const base = character.normalize('NFD')[0] ?? '';
  // With its accent it is the letter itself, or comes after all others.
  if (base !== character && /^[a-z]$/.test(base)) return [rankOf(base), afterLetters];
  return laterScript.test(character) ? [afterLetters + 1, afterLetters + 1] : null;
}

function rankOf(letter: string): number {
  return 20 + letter.charCodeAt(0) - 'a'.charCodeAt(0);
}
