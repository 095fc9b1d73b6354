// Owns who shares a call: those who want the same while it is under way, as long as it comes to its end.

import { describe, expect, it } from 'vitest';
import { createSingleFlight, type Sharing } from '../../../src/cache/single-flight.ts';

/** A flight, the calls that were made, and how they end. */
function openFlight() {
  const flight = createSingleFlight<string>();
  const calls: { readonly sharing: Sharing; readonly resolve: (value: string) => void }[] = [];
  const ask = (signal?: AbortSignal) =>
    flight.run('key', signal, (sharing) => new Promise((resolve) => calls.push({ sharing, resolve })));
  /** Asks, and leaves. */
  const visit = async (during = () => {}) => {
    const leaving = new AbortController();
    const left = ask(leaving.signal);
    during();
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
  };
  return { flight, calls, ask, visit };
}

describe('a shared call', () => {
  it('is aborted when all have left, and made anew for who comes then', async () => {
    const { calls, ask, visit, flight } = openFlight();
    await visit();
    expect(calls[0]?.sharing.signal.reason).toEqual(new Error('gone'));
    expect(flight.has('key')).toBe(false);
    const stays = ask();
    await visit();
    calls[1]?.resolve('a');
    expect([await stays, calls.length]).toEqual(['a', 2]);
    expect(calls[1]?.sharing.signal.aborted).toBe(false);
  });

  it('that goes on is there for who comes after all have left', async () => {
    const { calls, ask, visit } = openFlight();
    await visit(() => calls[0]?.sharing.goOn());
    await visit();
    const stays = ask();
    expect(calls[0]?.sharing.isAwaited()).toBe(true);
    calls[0]?.resolve('a');
    expect([await stays, calls.length]).toEqual(['a', 1]);
    expect(calls[0]?.sharing.signal.aborted).toBe(false);
    void ask();
    expect(calls).toHaveLength(2);
  });

  it('that is forgotten ends for who waits, and is made anew for who comes then', async () => {
    const { calls, ask, flight } = openFlight();
    const early = ask();
    flight.forget('key');
    const late = ask();
    expect(calls.map(({ sharing }) => sharing.isShared())).toEqual([false, true]);
    calls[0]?.resolve('old');
    expect(await early).toBe('old');
    expect(calls[1]?.sharing.isShared()).toBe(true);
    calls[1]?.resolve('new');
    expect(await late).toBe('new');
  });

  it('that may end, since nobody waits, is not there for who comes then', async () => {
    const { calls, ask, visit } = openFlight();
    await visit(() => calls[0]?.sharing.goOn());
    expect(calls[0]?.sharing.isAwaited()).toBe(false);
    const stays = ask();
    calls[0]?.resolve('old');
    calls[1]?.resolve('new');
    expect(await stays).toBe('new');
  });
});
