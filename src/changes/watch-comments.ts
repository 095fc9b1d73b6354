// Owns noticing changes of comments: the newest ones as they are, and by the total those that came or went elsewhere.

import { createHash } from 'node:crypto';
import { type Edit, toEdit } from './facts.ts';
import { type Before, missedEdits, nothingBefore } from './missed.ts';
import { idOf, type ReadRows } from './read-rows.ts';
import type { Watched } from './read-whole.ts';
import { createTotalCheck } from './total-check.ts';
import type { TypeState } from './type-state.ts';

/** Comments whose text is compared: what people correct is what they have just written. */
const comparedComments = 20;

/** Watches the comments that the public sees. WordPress does not tell when one was edited. */
export function watchComments(state: TypeState, read: ReadRows, before: Before = nothingBefore): Watched {
  const { resource, known, fields } = state;
  const { route } = resource;
  const texts = new Map<number, string>();
  const total = createTotalCheck(state, read);

  return {
    name: resource.plural,
    async probe() {
      const edits: Edit[] = [];
      if (!known.isComplete && !known.isTooMuch) {
        const ageMs = before.ageMs();
        edits.push(...(await missedEdits(state, await total.first(), ageMs, before)));
      }
      const order = { orderby: 'date_gmt', order: 'desc', per_page: comparedComments };
      const { rows, total: counted } = await read(route, {
        ...order,
        // WordPress's controller of comments knows no nested fields, and leaves out what it does not know.
        _fields: [...fields, 'content', 'author_name'],
      });
      const textsBefore = new Map(texts);
      texts.clear();
      for (const row of rows) {
        const id = idOf(row);
        const text = createHash('sha256')
          .update(JSON.stringify([row['content'], row['author_name']]))
          .digest('base64url');
        texts.set(id, text);
        const old = textsBefore.get(id);
        const facts = known.facts.get(id);
        const edit = state.take(row);
        if (edit) edits.push(edit);
        else if (old !== undefined && old !== text) edits.push(toEdit(resource, id, facts, facts));
      }
      return [...edits, ...(await total.check(counted))];
    },
  };
}
