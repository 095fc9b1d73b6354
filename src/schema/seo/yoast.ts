// Owns the source Yoast SEO: each object of WordPress has its own head.

import { headPath, isGiven, wholeHtml, wholeJson } from './head.ts';
import type { SeoSource } from './source.ts';

/** Heads in `yoast_head_json` and `yoast_head`; only the parts that are wanted travel. */
export const yoastSource: SeoSource = {
  // What costs nothing tells nothing: whether there is a head has to be asked then.
  needs: (parts) =>
    (parts.length > 0 ? parts : ['title']).map((part) =>
      part === wholeJson || part === wholeHtml ? part : headPath(part),
    ),
  readHead: ({ data }) =>
    isGiven(data['yoast_head_json']) || isGiven(data['yoast_head']) ? { source: 'YOAST', data } : null,
};
