// Owns the body of a webhook: the gateway's own form, checked strictly, and those of other plugins.

import { z } from 'zod';
import { UserError } from '../errors.ts';
import { readPluginWebhook, type WebhookFields } from './plugin-webhooks.ts';
import { nothingTold, type Told } from './told.ts';

const maxItems = 1000;
const id = z.int().positive();
const text = z.string().min(1).max(2000);
const name = z.string().regex(/^[\w-]{1,64}$/);

/** `post:12`, by itself or as the global id that clients know. */
const entity = z
  .string()
  .max(100)
  .transform((given) => (entityTag.test(given) ? given : Buffer.from(given, 'base64').toString()))
  .refine((tag) => entityTag.test(tag));

const entityTag = /^(?:post|term|user|comment):[1-9]\d{0,14}$/;

const item = z.strictObject({
  kind: z.enum(['content', 'term', 'comment', 'user', 'menu', 'settings']),
  type: name.nullish().transform((type) => type ?? null),
  id: id.nullish().transform((given) => given ?? null),
  action: z.enum(['created', 'updated', 'deleted']).default('updated'),
  links: z.array(text).max(100).default([]),
  terms: z
    .array(z.strictObject({ taxonomy: name, id }))
    .max(maxItems)
    .nullish()
    .transform((terms) => terms ?? null),
  authors: z.array(id).max(100).default([]),
  content: z.array(id).max(100).default([]),
});

const ownForm = z.strictObject({
  everything: z.boolean().default(false),
  tags: z
    .array(z.string().regex(/^[a-z]+:\S{1,2000}$/))
    .max(maxItems)
    .default([]),
  uris: z.array(text).max(100).default([]),
  // A number is content: that is what most senders have in hand.
  ids: z
    .array(z.union([id.transform((given) => `post:${given}`), entity]))
    .max(maxItems)
    .default([]),
  changes: z.array(item).max(maxItems).default([]),
});

const help =
  'Say what changed by "tags", "ids", "uris", "changes" or "everything"; docs/webhooks.md has the form of each.';

/**
 * What a webhook says. One without a body says that everything changed: plugins that start a build send such. Throws a
 * `UserError` for a body that says nothing.
 */
export function parseWebhook(body: Buffer, header: (name: string) => string | undefined): Told {
  const fields = readFields(body.toString().trim(), header('content-type') ?? '');
  if (fields === null) return { ...nothingTold, everything: true };
  const told = readPluginWebhook(fields, header);
  if (told !== null) return told;
  const own = ownForm.safeParse(fields);
  if (!own.success) {
    const [issue] = own.error.issues;
    const at = issue?.path.length ? ` at ${issue.path.join('.')}` : '';
    throw new UserError(`The body is not of a form that is known${at}: ${issue?.message ?? 'invalid'}. ${help}`);
  }
  const { changes: items, ...rest } = own.data;
  const said = { ...rest, items };
  if (!said.everything && [said.tags, said.uris, said.ids, items].every((list) => list.length === 0)) {
    throw new UserError(`The body says nothing that changed. ${help}`);
  }
  return said;
}

/** JSON, or the fields of a form; null where there is nothing. */
function readFields(body: string, contentType: string): WebhookFields | null {
  if (body === '') return null;
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
    return Object.fromEntries(new URLSearchParams(body));
  }
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    throw new UserError('The body is neither JSON nor a form.');
  }
  throw new UserError('The body must be a JSON object.');
}
