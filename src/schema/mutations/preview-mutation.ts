// Owns the mutation that makes a token of a preview, for front ends whose visitors have no credentials.

import { UserError } from '../../errors.ts';
import { loadContent } from '../../loaders/lookup.ts';
import { loadPreview } from '../../loaders/revisions.ts';
import type { Builder } from '../builder.ts';
import { requireTarget } from './inputs.ts';
import { defineMutation } from './mutation.ts';

/** An hour unless told, a day at most. */
const defaultSeconds = 3600;
const maxSeconds = 86_400;

interface TokenPayload {
  readonly token: string;
  readonly seconds: number;
}

/** Declares `createPreviewToken`. */
export function definePreviewMutation(builder: Builder): void {
  defineMutation<TokenPayload>(builder, {
    name: 'createPreviewToken',
    description:
      'Makes a token that shows one piece of content as the viewer may edit it. It goes with a query as' +
      ' `Authorization: Preview <token>`: everything else is as for the public.',
    isExtension: true,
    input: {
      id: 'ID!',
      seconds: { type: 'Int', description: `How long it holds: ${defaultSeconds} unless told, ${maxSeconds} at most.` },
    },
    payload: {
      token: { type: 'String' },
      seconds: { type: 'Int', description: 'How long it holds.' },
    },
    action: 'preview content',
    run: async (input, context) => {
      const { previews, loaders, resources } = context;
      if (!previews) {
        throw new UserError('createPreviewToken: PREVIEW_SECRET is not set where the gateway runs.', 'UNSUPPORTED');
      }
      const id = requireTarget(input);
      const seconds = typeof input['seconds'] === 'number' ? input['seconds'] : defaultSeconds;
      if (seconds < 1 || seconds > maxSeconds) throw new UserError(`input.seconds: it must be 1 to ${maxSeconds}.`);
      const content = await loadContent(loaders, resources, id, () => ['id']);
      if (!content || !(await loadPreview(context, content, []))) {
        throw new UserError('Sorry, you are not allowed to preview this content.', 'FORBIDDEN');
      }
      return { token: previews.sign(id, seconds), seconds };
    },
  });
}
