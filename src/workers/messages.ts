// Owns what the processes of one gateway tell each other.

/** What a message is for. */
export type Kind =
  | 'purge'
  | 'learn'
  | 'ask-metrics'
  | 'asked'
  | 'metrics'
  | 'may-watch'
  | 'watch'
  | 'traffic'
  | 'ping'
  | 'pong'
  | 'leave'
  | 'left';

/** A message from one worker to all others, or to one. */
export interface WorkerMessage {
  /**
   * `asked` is the answer to `ask-metrics`: how many others were asked. Of those that tell `may-watch`, one at a time is told
   * to `watch`. `traffic` says that a request came. The primary sends `ping` from time to time: who answers with `pong` does not
   * hang. `leave` is the last of a worker: the answer is `left`, after which the primary has nothing more for it.
   */
  readonly headgate: Kind;
  /** Worker that it is meant for; all others without. */
  readonly to?: number;
  readonly from?: number;
  readonly content: unknown;
}

/** Whether something that came over the channel is one of ours: others use it as well. */
export function isWorkerMessage(value: unknown): value is WorkerMessage {
  return typeof value === 'object' && value !== null && 'headgate' in value && 'content' in value;
}
