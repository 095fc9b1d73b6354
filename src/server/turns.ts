// Owns the numbers of turns of the event loop, by which it is known what happens in one of them.

let turn = 0;
let isGoingOn = false;

function end(): void {
  turn += 1;
  isGoingOn = false;
}

/** That of this turn; those in which nobody asks for it have none. */
export function numberOfTurn(): number {
  if (!isGoingOn) {
    isGoingOn = true;
    setImmediate(end);
  }
  return turn;
}
