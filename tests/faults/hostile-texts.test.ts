// One answer that is made to be hard to read keeps nobody else waiting: an old reader would take minutes for it.

import { describe, expect, it } from 'vitest';
import { answer, html } from '../support/hostile-server.ts';
import { openOddSite } from './odd-site.ts';

const length = 1024 * 1024;

const answers = [
  ['spaces within a text', answer(`x${' '.repeat(length)}x`)],
  ['forms that do not end', html(`<html>${'<form action="'.repeat(length / 14)}`)],
  ['titles that do not end', html(`<html>${'<title'.repeat(length / 6)}`, { status: 503 })],
] as const;

describe('a gateway', () => {
  it.each(answers)('answers others while it reads %s', async (_what, behaviour) => {
    await using site = await openOddSite({ categories: behaviour });
    const [hard, other] = await Promise.all([
      site.gateway.query('{ categories { nodes { name } } }'),
      site.gateway.query('{ posts { nodes { databaseId } } }'),
    ]);
    expect(hard.errors?.[0]?.extensions.code).toMatch(/^UPSTREAM_/);
    expect(other.data.posts.nodes).toHaveLength(3);
    site.gateway.takeErrors();
  });
});
