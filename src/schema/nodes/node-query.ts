// Owns `node`: any object by its global id.

import { UserError } from '../../errors.ts';
import { loadContent, loadTerm } from '../../loaders/lookup.ts';
import { planFields } from '../../planner/needs.ts';
import type { Resource } from '../../wordpress/resources.ts';
import type { Builder } from '../builder.ts';
import { parseGlobalId } from '../relay/ids.ts';

/** Declares the root field `node`. */
export function defineNodeQuery(builder: Builder): void {
  builder.query({
    node: {
      type: 'Node',
      description: 'Any object by its global id.',
      args: { id: 'ID' },
      resolve: async (_, { id }, context, info) => {
        if (id === undefined || id === null) return null;
        const { loaders, resources, site } = context;
        const parts = parseGlobalId(String(id));
        if (!parts) throw new UserError('The ID input is invalid: it is not a global id.');
        const fieldsOf = ({ typeName }: Resource) => planFields(info, typeName);
        if (parts.prefix === 'setting_group') return parts.id === 'general' ? asType('GeneralSettings', site) : null;
        const databaseId = Number(parts.id);
        if (!Number.isSafeInteger(databaseId) || databaseId <= 0) return null;
        const users = resources.get('user');
        if (parts.prefix === 'post') return loadContent(loaders, resources, databaseId, fieldsOf);
        if (parts.prefix === 'term') return loadTerm(loaders, resources, databaseId, fieldsOf);
        if (parts.prefix === 'user' && users) return loaders.load(users, databaseId, ['id', ...fieldsOf(users)]);
        const comments = resources.get('comment');
        if (parts.prefix === 'comment' && comments) return loaders.load(comments, databaseId, fieldsOf(comments));
        if (parts.prefix === 'comment_author' && comments) {
          const comment = await loaders.load(comments, databaseId, planFields(info, 'CommentAuthor'));
          return comment && asType('CommentAuthor', { id: comment.id, data: comment.data });
        }
        return null;
      },
    },
  });
}

function asType<Value extends object>(__typename: string, value: Value): Value & { readonly __typename: string } {
  return { ...value, __typename };
}
