// Owns the bodies that other WordPress plugins and hosts send, as far as they document them.

import type { ChangeAction } from './change-stream.ts';
import { nothingTold, type Told, type ToldItem, toToldItem } from './told.ts';

/** A body that was parsed: JSON, or the fields of a form. */
export type WebhookFields = Readonly<Record<string, unknown>>;

type Header = (name: string) => string | undefined;

/** What a body of another plugin says; null where it is of none that is known. */
export function readPluginWebhook(fields: WebhookFields, header: Header): Told | null {
  for (const read of [readWooCommerce, readHookPress, readWpWebhooks, readWebhookFramework]) {
    const items = read(fields, header);
    if (items !== null) return { ...nothingTold, items };
  }
  return null;
}

/** WooCommerce: `X-WC-Webhook-Topic: product.updated`, and the resource of its REST API; orders and customers are no content. */
function readWooCommerce(fields: WebhookFields, header: Header): readonly ToldItem[] | null {
  const [, resource, event] = /^(\w+)\.(\w+)$/.exec(header('x-wc-webhook-topic') ?? '') ?? [];
  if (resource === undefined || event === undefined) return null;
  const id = idOf(fields['id']);
  if (resource !== 'product' || id === null) return [];
  const action = event === 'deleted' ? 'deleted' : event === 'updated' ? 'updated' : 'created';
  const links = textsOf(fields['permalink']);
  return [toToldItem({ kind: 'content', type: 'product', id, action, links })];
}

/** WordPress.com, and HookPress before it: fields of the post or comment, and `hook`, the name of the action. */
function readHookPress(fields: WebhookFields): readonly ToldItem[] | null {
  const hook = fields['hook'];
  if (typeof hook !== 'string') return null;
  const comment = idOf(fields['comment_ID']);
  if (comment !== null) {
    const on = idOf(fields['comment_post_ID']);
    const content = on === null ? [] : [on];
    return [toToldItem({ kind: 'comment', type: null, id: comment, action: actionOf(hook), content })];
  }
  const id = idOf(fields['ID']);
  if (id === null) return null;
  const [, typed] = /^publish_(\w+)$/.exec(hook) ?? [];
  const type = nameOf(fields['post_type']) ?? typed ?? null;
  const authors = idsOf(fields['post_author']);
  return [
    toToldItem({ kind: 'content', type, id, action: actionOf(hook), links: textsOf(fields['post_url']), authors }),
  ];
}

/** WP Webhooks: `post_id`, the row of the post, and the trigger in `X-WP-Webhook-Name`: `post_update`, `post_trash`. */
function readWpWebhooks(fields: WebhookFields, header: Header): readonly ToldItem[] | null {
  const id = idOf(fields['post_id']);
  if (id === null) return null;
  const post = isFields(fields['post']) ? fields['post'] : {};
  const action = post['post_status'] === 'trash' ? 'deleted' : actionOf(header('x-wp-webhook-name') ?? '');
  const links = textsOf(fields['post_permalink'] ?? fields['permalink']);
  const authors = idsOf(post['post_author']);
  return [toToldItem({ kind: 'content', type: nameOf(post['post_type']), id, action, links, authors })];
}

/** WP Webhook Framework: `entity`, `action` and `id`, with the type of a post or the taxonomy of a term. */
function readWebhookFramework(fields: WebhookFields): readonly ToldItem[] | null {
  const id = idOf(fields['id']);
  const { entity, action } = fields;
  if (id === null || typeof entity !== 'string' || typeof action !== 'string') return null;
  if (entity === 'post') {
    return [toToldItem({ kind: 'content', type: nameOf(fields['post_type']), id, action: actionOf(action) })];
  }
  if (entity === 'term') {
    return [toToldItem({ kind: 'term', type: nameOf(fields['taxonomy']), id, action: actionOf(action) })];
  }
  return entity === 'user' ? [toToldItem({ kind: 'user', type: null, id, action: actionOf(action) })] : null;
}

/** Publishing may be the first time or not: what is shown anew is the same for caches as what is shown otherwise. */
function actionOf(name: string): ChangeAction {
  if (/delete|trash/.test(name)) return 'deleted';
  return /create|insert|comment_post|restore/.test(name) ? 'created' : 'updated';
}

/** PHP writes ids as numbers or texts. */
function idOf(value: unknown): number | null {
  const id = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : null;
}

function idsOf(value: unknown): number[] {
  const id = idOf(value);
  return id === null ? [] : [id];
}

function nameOf(value: unknown): string | null {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : null;
}

function textsOf(value: unknown): string[] {
  return typeof value === 'string' && value !== '' && value.length <= 2000 ? [value] : [];
}

function isFields(value: unknown): value is WebhookFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
