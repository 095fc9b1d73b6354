// Owns what the doctor is told of the settings and of this machine.

import { findProxies } from '../config/find-proxies.ts';
import type { Config } from '../config/load-config.ts';
import type { Circumstances } from '../doctor/examination.ts';
import { toAuthorization } from '../wordpress/application-password.ts';

/** Longer than this feels slow, whoever asks. */
const slowMs = 1000;

/** The circumstances of an examination. */
export function toCircumstances({ credentials, menuLocations, redis }: Config): Circumstances {
  return {
    account: credentials ? { username: credentials.username, authorization: toAuthorization(credentials) } : null,
    menuLocations,
    proxies: findProxies(),
    redis: redis?.address ?? null,
    nodeVersion: process.versions.node,
    now: Date.now,
    slowMs,
  };
}
