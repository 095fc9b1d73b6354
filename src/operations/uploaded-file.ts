// Owns a file that came with a request: on disk until the request is answered.

/** What is known of such a file. */
export interface UploadedFileParts {
  readonly path: string;
  readonly bytes: number;
  /** Its name at the client, without folders. */
  readonly name: string;
  /** Its MIME type, as the client says, without parameters; in lower case. */
  readonly type: string;
  /** SHA-256 of what is in it, in hex. */
  readonly hash: string;
}

/** A file that came with a request. */
export class UploadedFile {
  readonly path: string;
  readonly bytes: number;
  readonly name: string;
  readonly type: string;
  readonly #hash: string;

  constructor({ path, bytes, name, type, hash }: UploadedFileParts) {
    this.path = path;
    this.bytes = bytes;
    this.name = name;
    this.type = type;
    this.#hash = hash;
  }

  /** What makes one upload equal to another: a repetition of a request has a path of its own. */
  toJSON(): object {
    return { name: this.name, type: this.type, hash: this.#hash };
  }
}
