// lib/content.js
import { cookies, draftMode } from 'next/headers';
import { ask } from './headgate.js';

const query = `query ($id: ID!, $asPreview: Boolean) {
  contentNode(id: $id, idType: DATABASE_ID, asPreview: $asPreview) {
    databaseId
    status
    ... on NodeWithTitle { title }
    ... on NodeWithContentEditor { content }
  }
}`;

export async function getContent(id) {
  const { isEnabled } = await draftMode();
  const token = isEnabled ? (await cookies()).get('headgate-preview')?.value : undefined;
  const data = await ask(query, { id, asPreview: token !== undefined }, token);
  // The token has come to its end: the public's view remains.
  if (!data && token) return (await ask(query, { id, asPreview: false }))?.contentNode ?? null;
  return data?.contentNode ?? null;
}
