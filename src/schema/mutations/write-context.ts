// Owns what mutations are run with.

import type { GatewayContext } from '../../context.ts';
import type { Once } from '../../loaders/idempotency.ts';
import type { Write } from '../../loaders/write.ts';

/** The fields of an input as the client gave them. */
export type Input = Readonly<Record<string, unknown>>;

/** The context of a mutation: there is somebody to write as. */
export interface WriteContext extends GatewayContext {
  readonly viewer: NonNullable<GatewayContext['viewer']>;
  readonly write: Write;
  readonly once: Once;
}
