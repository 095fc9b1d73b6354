// The doctor at a real WordPress: what it says of a good user is good, and a wrong password is not mistaken for another fault.

import { expect, inject, it } from 'vitest';
import { examine } from '../../src/doctor/examine.ts';

const wordpress = inject('wordpress');

/** What the doctor says to a user of the gateway's own. */
async function examineAs(username: string, password: string) {
  const { findings } = await examine({
    site: wordpress.url,
    account: { username, authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
    ...{ menuLocations: [], proxies: [], redis: null, nodeVersion: process.versions.node, now: Date.now },
    // One request after the other is all that PHP in WebAssembly answers.
    ...{ slowMs: 60_000, timeoutMs: 60_000 },
  });
  return findings;
}

it('has no warning for a site whose user is an administrator', async () => {
  const { username, applicationPassword } = wordpress.credentials.admin;
  const findings = await examineAs(username, applicationPassword);
  expect(findings.filter(({ severity }) => ['warning', 'error'].includes(severity))).toEqual([]);
  expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['menus-account', 'account-works']));
});

it('says of a wrong password that it may be wrong', async () => {
  const findings = await examineAs(wordpress.credentials.admin.username, 'abcd efgh ijkl mnop');
  const wrong = findings.find(({ severity }) => severity === 'error');
  expect(wrong).toMatchObject({
    id: 'password-ignored',
    finding: expect.stringMatching(/^The password of admin .* is wrong, or /),
    remedy: expect.stringMatching(/^Check user name and application password first/),
  });
});
