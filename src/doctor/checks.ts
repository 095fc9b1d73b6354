// Owns the table of all checks, in the order in which people read what they find.

import { accountCheck } from './checks/account.ts';
import { cachesCheck } from './checks/caches.ts';
import { certificateCheck } from './checks/certificate.ts';
import { clockCheck } from './checks/clock.ts';
import { failuresCheck } from './checks/failures.ts';
import { headersCheck } from './checks/headers.ts';
import { jsonCheck } from './checks/json.ts';
import { kindsCheck } from './checks/kinds.ts';
import { menusCheck } from './checks/menus.ts';
import { nodeCheck } from './checks/node.ts';
import { permalinksCheck } from './checks/permalinks.ts';
import { proxyCheck } from './checks/proxy.ts';
import { redisCheck } from './checks/redis.ts';
import { rootCheck } from './checks/root.ts';
import { routesCheck } from './checks/routes.ts';
import { seoCheck } from './checks/seo.ts';
import { speedCheck } from './checks/speed.ts';
import { usersCheck } from './checks/users.ts';
import { versionCheck } from './checks/version.ts';
import type { Circumstances } from './examination.ts';
import type { Check, Meaning } from './finding.ts';
import { siteFailures } from './site-failures.ts';

/** Checks of the machine. */
export const machineChecks: readonly Check<Circumstances>[] = [nodeCheck, proxyCheck, redisCheck];

/** Checks of a site. The last ones look at all that was read for the others. */
export const checks: readonly Check[] = [
  ...[rootCheck, versionCheck, permalinksCheck, usersCheck, menusCheck, kindsCheck, seoCheck, accountCheck],
  ...[headersCheck, routesCheck, speedCheck, failuresCheck, cachesCheck, jsonCheck, clockCheck, certificateCheck],
];

/** What each finding means, by its id. */
export const meanings: Readonly<Record<string, Meaning>> = Object.assign(
  {},
  siteFailures,
  ...[...machineChecks, ...checks].map((check) => check.meanings),
);
