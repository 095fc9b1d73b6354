// app/api/revalidate/route.js
import { createHmac, timingSafeEqual } from 'node:crypto';
import { revalidatePath, revalidateTag } from 'next/cache';

export async function POST(request) {
  const body = await request.text();
  const header = (name) => request.headers.get(name) ?? '';
  const signed = `${header('webhook-id')}.${header('webhook-timestamp')}.${body}`;
  const expected = `v1,${createHmac('sha256', process.env.WEBHOOK_TARGETS_SECRET).update(signed).digest('base64')}`;
  const given = header('webhook-signature');
  const isSigned = given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
  const isNow = Math.abs(Date.now() / 1000 - Number(header('webhook-timestamp'))) < 300;
  if (!isSigned || !isNow) return new Response(null, { status: 401 });

  const { everything, tags, paths } = JSON.parse(body).data;
  if (everything) revalidatePath('/', 'layout');
  for (const tag of tags) revalidateTag(tag, { expire: 0 }); // before Next.js 16: revalidateTag(tag)
  for (const path of paths) revalidatePath(path);
  return new Response(null, { status: 204 });
}
