// Owns gathering bytes that come in pieces: into one buffer that grows, since a piece of one byte takes a hundred as a buffer of its own.

/** Bytes that came so far. */
export interface GatheredBytes {
  readonly size: number;
  /** What is held for them: up to twice as much. */
  readonly capacity: number;
  /** Copies a piece to their end. */
  add(piece: Uint8Array): void;
  /** Gives them, and begins anew. */
  take(): Buffer<ArrayBuffer>;
}

const nothing = Buffer.alloc(0);

/** Gathers bytes; where it is known how many come at most, no more is held for them. */
export function gatherBytes(mostBytes = Number.POSITIVE_INFINITY): GatheredBytes {
  let bytes = nothing;
  let size = 0;
  return {
    get size() {
      return size;
    },
    get capacity() {
      return bytes.length;
    },
    add(piece) {
      const needed = size + piece.length;
      if (needed > bytes.length) {
        const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(2 * bytes.length, mostBytes)));
        if (size > 0) larger.set(bytes.subarray(0, size));
        bytes = larger;
      }
      bytes.set(piece, size);
      size = needed;
    },
    take() {
      // Most come in one piece.
      const taken = size === bytes.length ? bytes : bytes.subarray(0, size);
      bytes = nothing;
      size = 0;
      return taken;
    },
  };
}
