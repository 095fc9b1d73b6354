// Owns previews: content by its id, as the token in the visitor's cookie shows it.

import { notFound } from 'next/navigation';
import { getContent } from '../../../lib/content.js';
import { Page } from '../../../templates/singular.jsx';

export default async function Preview({ params }) {
  const content = await getContent((await params).id);
  if (!content) notFound();
  return <Page node={content} />;
}
