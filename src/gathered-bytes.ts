// Owns gathering bytes that come in pieces: into one buffer that grows, since a piece of one byte takes a hundred as a buffer of its own.

const nothing = Buffer.alloc(0);

/** Bytes that came so far. One for each request, it is a class: its accessors are made once. */
export class GatheredBytes {
  #bytes = nothing;
  #size = 0;
  readonly #mostBytes: number;

  /** Where it is known how many come at most, no more is held for them. */
  constructor(mostBytes = Number.POSITIVE_INFINITY) {
    this.#mostBytes = mostBytes;
  }

  get size(): number {
    return this.#size;
  }

  /** What is held for them: up to twice as much. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Copies a piece to their end. */
  add(piece: Uint8Array): void {
    const needed = this.#size + piece.length;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, Math.min(2 * this.#bytes.length, this.#mostBytes)));
      if (this.#size > 0) larger.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#size);
    this.#size = needed;
  }

  /** Gives them, and begins anew. */
  take(): Buffer<ArrayBuffer> {
    // Most come in one piece.
    const taken = this.#size === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#size);
    this.#bytes = nothing;
    this.#size = 0;
    return taken;
  }
}
