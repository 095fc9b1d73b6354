// Owns requests whose bodies come in crumbs: they are gathered, and not all of them are read in one turn of the event loop.

import { IncomingMessage } from 'node:http';
import { GatheredBytes } from '../gathered-bytes.ts';

/** What is a crumb. Node.js tells of each by itself, and reads up to two megabytes of a connection in a turn. */
const maxCrumbBytes = 256;
/** So many a body may have before they are gathered; most have none. */
const maxLooseCrumbs = 16;
/** So many are taken in a turn, or those of one read where they are more; what is gathered beyond waits for the next. */
const crumbsInTurn = 1000;

/** Those that have gathered something, in the order in which they began. */
const gathering: GatheringRequest[] = [];

function giveSome(): void {
  for (let left = crumbsInTurn; left > 0; ) {
    const next = gathering.shift();
    if (next === undefined) return;
    left -= next.give();
  }
  if (gathering.length > 0) setImmediate(giveSome);
}

/** A request as node:http has it, but for crumbs: they come as pieces that are worth a buffer and an event. */
export class GatheringRequest extends IncomingMessage {
  #loose = 0;
  #crumbs = 0;
  #gathered: GatheredBytes | undefined;
  #isAskedFor = false;

  /** Whether its connection is a tunnel from now on. None is: node:http would hand it over under the answers before. */
  get upgrade(): boolean {
    return false;
  }

  set upgrade(_isTunnel: boolean) {}

  /** Where this is false, node:http stops reading the connection until {@link _read}. */
  override push(piece: Buffer | null): boolean {
    if (piece === null || piece.length > maxCrumbBytes) {
      this.give();
      return super.push(piece);
    }
    if (this.#loose < maxLooseCrumbs) {
      this.#loose += 1;
      return super.push(piece);
    }
    if (this.#crumbs === 0) {
      if (gathering.length === 0) setImmediate(giveSome);
      gathering.push(this);
    }
    this.#crumbs += 1;
    this.#gathered ??= new GatheredBytes();
    this.#gathered.add(piece);
    return this.#crumbs < crumbsInTurn;
  }

  /** Has the connection read on; where it was stopped for what is gathered, after that is passed on. */
  override _read(size: number): void {
    if (this.#crumbs < crumbsInTurn) super._read(size);
    else this.#isAskedFor = true;
  }

  /** Passes on what is gathered; returns how many crumbs that were. */
  give(): number {
    const crumbs = this.#crumbs;
    if (crumbs === 0 || !this.#gathered) return 0;
    this.#crumbs = 0;
    super.push(this.#gathered.take());
    if (this.#isAskedFor) {
      this.#isAskedFor = false;
      super._read(this.readableHighWaterMark);
    }
    return crumbs;
  }
}
