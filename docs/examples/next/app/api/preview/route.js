// app/api/preview/route.js
import { cookies, draftMode } from 'next/headers';
import { redirect } from 'next/navigation';
import { ask } from '../../../lib/headgate.js';

const query = `query ($id: ID!) {
  contentNode(id: $id, idType: DATABASE_ID, asPreview: true) { id }
}`;

export async function GET(request) {
  const token = new URL(request.url).searchParams.get('token') ?? '';
  const [, id] = /^(\d+)\./.exec(token) ?? [];
  const data = id ? await ask(query, { id }, token) : null;
  if (!data?.contentNode) {
    return new Response('This link does not hold, or not any more.', { status: 401 });
  }
  (await draftMode()).enable();
  (await cookies()).set('headgate-preview', token, { httpOnly: true, secure: true, sameSite: 'lax', path: '/' });
  redirect(`/preview/${id}`);
}
