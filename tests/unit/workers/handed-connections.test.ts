// Owns the tests of connections that a worker was handed when it dies.

import { ChildProcess } from 'node:child_process';
import { describe, expect, it, vi } from 'vitest';
import { closeUntaken } from '../../../src/workers/handed-connections.ts';

function startWorker() {
  const sent: unknown[][] = [];
  const worker = Object.assign(new ChildProcess(), { send: (...args: unknown[]) => sent.push(args) > 0 });
  closeUntaken(worker);
  const hand = (seq: number, connection: unknown) =>
    Reflect.apply(worker.send, worker, [{ cmd: 'NODE_CLUSTER', act: 'newconn', seq }, connection]);
  const answer = (ack: number, accepted: boolean) =>
    worker.emit('internalMessage', { cmd: 'NODE_CLUSTER', ack, accepted });
  return { worker, sent, hand, answer };
}

const openConnection = () => ({ close: vi.fn<() => void>() });

describe('connections handed to a worker', () => {
  it('are closed when it dies, but for those that it took, or refused and another one got', () => {
    const { worker, hand, answer } = startWorker();
    const other = startWorker();
    const [taken, refused, lost] = [openConnection(), openConnection(), openConnection()];
    for (const [seq, connection] of [taken, refused, lost].entries()) hand(seq, connection);
    answer(0, true);
    answer(1, false);
    other.hand(3, refused);
    worker.emit('close', null, 'SIGKILL');
    expect([taken, refused, lost].map(({ close }) => close.mock.calls.length)).toEqual([0, 0, 1]);
    other.worker.emit('close', null, 'SIGKILL');
    expect(refused.close).toHaveBeenCalledOnce();
  });

  it('leave all that is sent as it is, and are none where something else is sent', () => {
    const { worker, sent, hand } = startWorker();
    const connection = openConnection();
    const other = [
      [{ headgate: 'ping', content: null }, () => {}],
      ['newconn', connection],
      [null, connection],
    ];
    for (const args of other) expect(Reflect.apply(worker.send, worker, args)).toBe(true);
    for (const nothing of [undefined, null, {}]) hand(1, nothing);
    worker.emit('close', 0, null);
    expect(connection.close).not.toHaveBeenCalled();
    expect(sent.slice(0, 3)).toEqual(other);
    expect(sent).toHaveLength(6);
  });
});
