// Owns whether the process can take on more work: by how long what it took on keeps its event loop.

/** When work is turned away. */
export interface LoadGaugeOptions {
  /** How late the event loop may be, in ms; 0: as late as it likes. */
  readonly maxDelayMs: number;
  readonly now?: () => number;
  /** Calls back when the event loop has dealt with what was ready. */
  readonly afterTurn?: (callback: () => void) => void;
}

/** A piece of work that was taken on, and has to be ended. */
export interface Work {
  /** When it may start; at once without. */
  readonly turn?: Promise<void>;
  readonly end: () => void;
}

/** Tells whether work can be taken on. */
export interface LoadGauge {
  /** Whether one more would be turned away, which is then done: asked before anything is made ready for it. */
  turnsAway(): boolean;
  /** Takes on a piece of work; null where there is too much already. */
  begin(): Work | null;
}

/** One turn of the event loop: what came, and what became of it. */
interface Turn {
  readonly startedAt: number;
  readonly begunBefore: number;
  begun: number;
  /** How many may start by what work took before. */
  taken: number;
  arrived: number;
  refused: number;
}

/** So many at a time are never turned away: a build asks for much, from dozens of connections, and rather waits its turn. */
const alwaysTaken = 100;
/** So many start in a turn where it is not known yet what work takes. */
const firstQuota = 16;
/** So many start as they come: what has begun shows only later what it takes, and may be unlike what was before. */
const mostAtOnce = 2;
/** So many start together: one by one, each would take a third more (measured). */
const mostTogether = 8;
/** No more of them wait, however little each takes. */
const mostWaiting = 1000;
/** The part of the delay that work may take of one turn of the loop: what else is ready waits for all of it. */
const partOfTurn = 0.1;
/** How much of what was known before still counts after a turn. */
const memory = 0.8;

/**
 * A gauge that lets as much work start in each turn of the event loop as takes a part of the delay, by what work took of
 * the turns before. The rest waits for the next ones, and what would wait for longer than the delay is turned away: what
 * is let in is answered in time, where letting all in would answer nobody.
 */
export function createLoadGauge(options: LoadGaugeOptions): LoadGauge {
  const { maxDelayMs, now = () => performance.now(), afterTurn = setImmediate } = options;
  const waiting: (() => void)[] = [];
  /** These have their place in a turn, and start in the next one. */
  let soon: (() => void)[] = [];
  let running = 0;
  /** What work and refusals took of the last turns, in ms, and how many of them there were: older turns count for less. */
  const recent = { workMs: 0, otherMs: 0, begun: 0 };
  let refusalMs = 0;
  let quota = firstQuota;
  let partMs = maxDelayMs * partOfTurn;
  let turn: Turn | null = null;
  /** How long others may come first: as long as work made them wait. */
  let owedMs = 0;
  let lastRefusedAt: number | null = null;

  /** The turn that is under way; one that nobody looked at begins now. */
  function currentTurn(): Turn {
    if (turn) return turn;
    afterTurn(endTurn);
    turn = { startedAt: now(), begunBefore: 0, begun: 0, taken: 0, arrived: 0, refused: 0 };
    return turn;
  }

  function endTurn(): void {
    if (!turn) return;
    const at = now();
    const { begun, begunBefore, arrived, refused, startedAt } = turn;
    const tookMs = at - startedAt;
    const otherMs = Math.min(tookMs, refused * refusalMs);
    recent.workMs = memory * recent.workMs + tookMs - otherMs;
    recent.otherMs = memory * recent.otherMs + otherMs;
    recent.begun = memory * recent.begun + begun;
    // Where turning away takes longer, so does work.
    partMs = Math.max(maxDelayMs * partOfTurn, Math.min(maxDelayMs / 2, otherMs));
    if (recent.begun > 0) quota = Math.max(1, Math.min(mostWaiting, partMs / (recent.workMs / recent.begun)));
    // What was begun is done in the turn after it, in part.
    const hadWork = begun + begunBefore > 0;
    owedMs = Math.min(maxDelayMs, Math.max(0, owedMs + (hadWork ? tookMs - 2 * otherMs : -tookMs)));
    // A turn takes one new connection, however many there are. Those who come are dealt with first, so that those who
    // cannot be served learn it soon; yet for no longer than work took, since else nothing would be answered.
    const room = Math.max(0, Math.floor(quota) - soon.length);
    const starting = [...soon, ...(arrived === 0 || owedMs === 0 ? waiting.splice(0, room) : [])];
    soon = [];
    const goesOn = hadWork || waiting.length + starting.length > 0;
    turn = goesOn
      ? { startedAt: at, begunBefore: begun, begun: 0, taken: starting.length, arrived: 0, refused: 0 }
      : null;
    lastRefusedAt = null;
    startInTurn(starting);
    if (turn) afterTurn(endTurn);
  }

  /** Starts some after the other, each where what began before has left them time; the others start in the next turn. */
  function startInTurn(starting: readonly (() => void)[]): void {
    let startedAt: number | undefined;
    for (let from = 0; from < starting.length; from += mostTogether) {
      const together = starting.slice(from, from + mostTogether);
      afterTurn(() => {
        startedAt ??= now();
        if (now() - startedAt >= partMs) {
          soon.push(...together);
          return;
        }
        if (turn) turn.begun += together.length;
        for (const start of together) start();
      });
    }
  }

  /** Whether one more would wait for no longer than it may. */
  function canWait(): boolean {
    if (running < alwaysTaken) return true;
    const eachMs = recent.begun > 0 ? (recent.workMs + recent.otherMs) / recent.begun : 0;
    return waiting.length < mostWaiting && waiting.length * eachMs < maxDelayMs;
  }

  function refuse(of: Turn): void {
    const at = now();
    // From one refusal to the next, nothing else was done.
    if (lastRefusedAt !== null) refusalMs += 0.05 * (at - lastRefusedAt - refusalMs);
    lastRefusedAt = at;
    of.refused += 1;
  }

  /** What becomes of one more: `free` if it may start at once, `soon` if in the next turn. */
  function decide(current: Turn): 'free' | 'soon' | 'waits' | 'refused' {
    current.arrived += 1;
    const isInTime = now() - current.startedAt < maxDelayMs * partOfTurn && current.taken < quota;
    if (waiting.length === 0 && isInTime) return current.begun < mostAtOnce ? 'free' : 'soon';
    if (canWait()) return 'waits';
    refuse(current);
    return 'refused';
  }

  function take(start?: Promise<void>): Work {
    running += 1;
    let isOver = false;
    const end = () => {
      if (!isOver) running -= 1;
      isOver = true;
    };
    return start ? { turn: start, end } : { end };
  }

  return {
    turnsAway: () => maxDelayMs > 0 && decide(currentTurn()) === 'refused',
    begin() {
      if (maxDelayMs <= 0) return take();
      const current = currentTurn();
      const decision = decide(current);
      if (decision === 'refused') return null;
      lastRefusedAt = null;
      if (decision === 'waits') return take(new Promise((resolve) => waiting.push(resolve)));
      current.taken += 1;
      if (decision === 'soon') return take(new Promise((resolve) => soon.push(resolve)));
      current.begun += 1;
      return take();
    },
  };
}

/** Runs what there is room for, and turns the rest away; without a gauge there is room for all. */
export async function runWithin<Result>(
  gauge: LoadGauge | undefined,
  run: () => Promise<Result>,
  turnAway: () => Result,
): Promise<Result> {
  if (!gauge) return run();
  const work = gauge.begin();
  if (!work) return turnAway();
  try {
    if (work.turn) await work.turn;
    return await run();
  } finally {
    work.end();
  }
}
