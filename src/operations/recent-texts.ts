// Owns the texts that came last: each is found by a sample of it, since a hash of all of a long one costs as much as the rest of answering.

/** What was made of texts, as far as they came lately. */
export interface RecentTexts<Value> {
  get(text: string): Value | undefined;
  /** Whether it took it: what is long, or heavy, has no place here. */
  set(text: string, value: Value): boolean;
}

const slotCount = 256;
const maxLength = 4096;
const maxBytes = 16 * 1024;
const sampleCount = 16;

/**
 * At most 256 texts of 4,096 characters, of which what was made weighs 16 KiB, in bytes; one takes the place of another that
 * has the same sample.
 */
export function createRecentTexts<Value>(bytesOf: (value: Value) => number): RecentTexts<Value> {
  const slots: ({ readonly text: string; readonly value: Value } | undefined)[] = new Array(slotCount).fill(undefined);
  return {
    get(text) {
      const slot = slots[toSlot(text)];
      return slot?.text === text ? slot.value : undefined;
    },
    set(text, value) {
      const isTaken = text.length <= maxLength && bytesOf(value) <= maxBytes;
      if (isTaken) slots[toSlot(text)] = { text, value };
      return isTaken;
    },
  };
}

/** Texts that differ only between the characters of the sample share a slot, and are told apart there. */
function toSlot(text: string): number {
  const step = Math.max(1, Math.floor(text.length / sampleCount));
  let sum = text.length;
  // From the end, where variables stand.
  for (let at = text.length - 1; at >= 0; at -= step) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) | 0;
  return (sum ^ (sum >>> 15)) & (slotCount - 1);
}
