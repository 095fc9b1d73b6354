// app/api/preview/end/route.js
import { cookies, draftMode } from 'next/headers';
import { redirect } from 'next/navigation';

export async function GET() {
  (await draftMode()).disable();
  (await cookies()).delete('headgate-preview');
  redirect('/');
}
