// Owns which template shows which type, as WordPress's template hierarchy does.

import { Archive } from './archive.jsx';
import { Page, Post } from './singular.jsx';

const templates = { Post, Page, Category: Archive, Tag: Archive, User: Archive };

/** The template of a node; what the site adds by itself looks like a page. */
export function templateOf({ __typename }) {
  return templates[__typename] ?? Page;
}
