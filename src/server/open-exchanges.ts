// Owns the exchanges that wait for their answer, or whose body is on its way: a stop that cannot wait has a word for each.

import { toBusyAnswer } from '../responses/busy-answer.ts';
import { toMediaType } from '../responses/negotiate.ts';
import { textOf } from '../responses/public-request.ts';
import type { Connections, Exchange } from './connections.ts';
import { giveAnswer } from './exchange.ts';

/** Those of one listener. */
export interface OpenExchanges {
  /** Its body is on its way, until it says otherwise; as for {@link add} where nobody waits any more. */
  arrive(exchange: Exchange): void;
  /** Its answer is being made; where nobody waits for answers any more, it is turned away. */
  add(exchange: Exchange): void;
  /** Its answer is there, or none will be. */
  delete(exchange: Exchange): void;
  /** Turns away all whose answer has not begun, and those that come; gives how many there were. */
  turnAway(): number;
}

/** Who starts in the place of a gateway that stops is there by then, as a rule. */
const comeAgainMs = 5000;

/** Gives a place for them. What is answered at once is never in it. */
export function createOpenExchanges(connections: Pick<Connections, 'latest'>): OpenExchanges {
  const open = new Set<Exchange>();
  let isOver = false;
  return {
    arrive(exchange) {
      exchange.isArriving = true;
      if (isOver) turnAway(exchange);
    },
    add(exchange) {
      if (isOver) turnAway(exchange);
      else open.add(exchange);
    },
    delete(exchange) {
      open.delete(exchange);
    },
    turnAway() {
      isOver = true;
      // A body that is on its way is that of the last request of its connection.
      const arriving = connections.latest().filter(({ isArriving }) => isArriving);
      const waiting = [...open, ...arriving].filter(({ response }) => !response.destroyed && !response.headersSent);
      for (const exchange of waiting) turnAway(exchange);
      open.clear();
      return waiting.length;
    },
  };
}

function turnAway(exchange: Exchange): void {
  const { request, isArriving } = exchange;
  exchange.isTurnedAway = true;
  const isHarmless = isArriving || request.method === 'GET' || request.method === 'HEAD';
  const message = `The gateway stops before this answer is there.${isHarmless ? '' : ' If it was a mutation, it may have been carried out.'}`;
  const media = toMediaType(textOf(request.headers.accept));
  const answer = toBusyAnswer({ status: 503, code: 'OVERLOADED', message }, comeAgainMs, media);
  giveAnswer(exchange, answer, { isLast: true, keepAliveSeconds: undefined });
}
