// Owns noticing a worker that hangs: its event loop does not turn, so that it answers nothing.

/** Whether one worker lives, by what is heard of it. */
export interface Pulse {
  /** It said something. */
  heard(): void;
  /** Asks for an answer; true, once, where too many have not come. */
  tick(): boolean;
}

/** How many in a row a worker may leave unanswered: it may be busy for seconds. */
const mostUnanswered = 6;
/** Before it is heard of at all: it starts, for which it may wait for a WordPress that is slow. */
const mostAtStart = 120;

/** Begins to listen. Ticks are counted rather than time: of a machine that slept nobody is to blame. */
export function createPulse(ask: () => void): Pulse {
  let most = mostAtStart;
  let unanswered = 0;
  return {
    heard() {
      most = mostUnanswered;
      unanswered = 0;
    },
    tick() {
      if (unanswered > most) return false;
      unanswered += 1;
      ask();
      return unanswered > most;
    },
  };
}
