// Owns what is around the text of an answer that is the one event or the one part of its body, as Yoga has it.

import type { Offer } from '../responses/negotiate.ts';

/** What an answer is wrapped in. */
export interface Wrap {
  readonly accepted: Offer;
  readonly type: string;
  readonly around: (body: Buffer) => Buffer;
}

const asEvent: Wrap = {
  accepted: 'text/event-stream',
  type: 'text/event-stream',
  around: (body) => join(':\n\nevent: next\ndata: ', body, '\n\nevent: complete\ndata:\n\n'),
};

const asPart: Wrap = {
  accepted: 'multipart/mixed',
  type: 'multipart/mixed; boundary="-"',
  around(body) {
    const headers = ['Content-Type: application/json; charset=utf-8', `Content-Length: ${body.length}`];
    return join(`\r\n---\r\n${headers.join('\r\n')}\r\n\r\n`, body, '\r\n-----\r\n');
  },
};

/** What an answer is wrapped in for who accepts this, as `restateAccept` has it; null where it is JSON, which Yoga prefers. */
export function toWrap(accept: string): Wrap | null {
  if (accept.includes('json')) return null;
  return [asPart, asEvent].find(({ accepted }) => accept.includes(accepted)) ?? null;
}

function join(before: string, body: Buffer, after: string): Buffer {
  return Buffer.concat([Buffer.from(before), body, Buffer.from(after)]);
}
