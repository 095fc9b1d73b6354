// Owns the test of HTML made of what others wrote: none of it can become markup.

import { expect, it } from 'vitest';
import { html, raw } from '../../../src/status/html.ts';

it('escapes every value, in elements and in attributes', () => {
  const hostile = `</title><script>alert("1")</script>' onload='x`;
  const item = html`<li title="${hostile}">${hostile}</li>`;
  const text = String(html`<ul>${[item, hostile]}</ul>${raw('<hr>')}${7}`);
  expect(text.replaceAll(/<\/?(?:ul|li|hr)\b[^>]*>/g, '')).not.toMatch(/[<>"]/);
  expect(text).toContain('title="&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39; onload=&#39;x"');
  expect(text).toMatch(/<hr>7$/);
});
