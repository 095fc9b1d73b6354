// Owns the text of a large value: printed at once, it would hold up all else.

import { createGiveWay } from '../give-way.ts';

/** Objects that stand deeper are printed at once: lists of the root, and theirs, are printed item by item. */
const levels = 4;
const pieceLength = 64 * 1024;

/** What `JSON.stringify` gives, in UTF-8 and some of it at a time; null where that would be more bytes. */
export async function printInTurns(value: unknown, maxBytes: number): Promise<Buffer | null> {
  const giveWay = createGiveWay();
  const printed: Buffer[] = [];
  let bytes = 0;
  let text = '';
  function take(): boolean {
    const piece = Buffer.from(text);
    text = '';
    printed.push(piece);
    bytes += piece.length;
    return bytes <= maxBytes;
  }
  for (const piece of piecesOf(value, levels)) {
    text += piece;
    if (text.length < pieceLength) continue;
    if (!take()) return null;
    await giveWay();
  }
  return take() ? Buffer.concat(printed) : null;
}

function* piecesOf(value: unknown, levels: number): Generator<string> {
  if (levels === 0 || typeof value !== 'object' || value === null || 'toJSON' in value) {
    yield JSON.stringify(value) ?? 'null';
  } else if (Array.isArray(value)) {
    let before = '[';
    for (const item of value) {
      yield before;
      yield* piecesOf(item, levels - 1);
      before = ',';
    }
    yield before === '[' ? '[]' : ']';
  } else {
    let before = '{';
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined || typeof item === 'function') continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* piecesOf(item, levels - 1);
      before = ',';
    }
    yield before === '{' ? '{}' : '}';
  }
}
