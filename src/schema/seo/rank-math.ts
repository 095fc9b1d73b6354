// Owns the source Rank Math: one route gives the HTML of the head of any address, where its headless support is on.

import type { RestObject } from '../../cache/fields-record.ts';
import { createExtraReads } from './extra-reads.ts';
import type { Head } from './head.ts';
import { toHeadJson } from './page-metadata.ts';
import { parseHtmlHead } from './parse-html-head.ts';
import type { SeoSource } from './source.ts';

const route = 'rankmath/v1/getHead';
const members = ['success', 'head'];

/** Heads from `getHead`: a request for each entity. */
export function createRankMathSource(): SeoSource {
  const readExtra = createExtraReads<Head | null>();
  return {
    needs: () => ['link'],
    readHead({ data }, _, context) {
      const { link } = data;
      if (typeof link !== 'string' || link === '') return null;
      return readExtra(context, link, async () => toHead(await context.loaders.object(route, members, { url: link })));
    },
  };
}

function toHead({ success, head }: RestObject): Head | null {
  const html = success === false ? null : head;
  if (typeof html !== 'string' || html.trim() === '') return null;
  const page = parseHtmlHead(html);
  const updated = page.metas.find(([name]) => name === 'og:updated_time')?.[1];
  return {
    source: 'RANK_MATH',
    data: {
      yoast_head_json: {
        // What is no article has this only.
        ...(updated ? { article_modified_time: updated } : {}),
        ...toHeadJson(page),
      },
      yoast_head: html,
    },
  };
}
