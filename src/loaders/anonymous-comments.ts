// Owns comments of people without an account: sent as the site's own form sends them, where the site takes them that way.

import { LimitError, UpstreamError, UserError } from '../errors.ts';
import { toStatusError } from '../wordpress/failures.ts';
import type { PageAnswer, Site, WordPressClient } from '../wordpress/rest.ts';
import { withoutEndSlashes } from '../wordpress/url.ts';
import type { Loaders } from './loaders.ts';
import { type Trace, traced } from './trace.ts';
import { mayHaveArrived, toWriteFailure } from './unknown-outcome.ts';

/** A comment as the form has it. */
export interface AnonymousComment {
  /** Id of the content. */
  readonly post: number;
  /** Id of the comment that it answers; 0 for none. */
  readonly parent: number;
  readonly author: string;
  readonly email: string;
  readonly url: string;
  readonly content: string;
}

/**
 * Sends a comment; its id, or null where the site does not say. Rejects with a `UserError` where the site refuses it, and
 * with an `UpstreamError` where there is no word of it.
 */
export interface SendComment {
  (comment: AnonymousComment): Promise<number | null>;
  /** How many have been saved, or may have been. */
  arrivals(): number;
}

/** What sending stands on. */
export interface SendCommentOptions {
  readonly client: WordPressClient;
  readonly site: Site;
  readonly loaders: Loaders;
  readonly trace: Trace;
  /** Counts one more, or throws where there are too many. */
  readonly count: () => void;
}

/** Sending for one request. */
export function createSendComment({ client, site, loaders, trace, count }: SendCommentOptions): SendComment {
  const base = site.url !== null && URL.canParse(site.url) ? withoutEndSlashes(new URL(site.url).pathname) : '';
  let arrivals = 0;
  const send = async ({ post, parent, author, email, url, content }: AnonymousComment) => {
    count();
    const fields = {
      ...{ comment_post_ID: String(post), comment_parent: String(parent), comment: content },
      ...{ author, email, url, submit: '' },
    };
    const target = `${base}/wp-comments-post.php`;
    const label = `POST ${target}`;
    try {
      const answer = await traced(
        trace,
        () => label,
        (markOwn) => {
          markOwn();
          return client.sendForm({ target, fields });
        },
      );
      const id = readOutcome(label, answer);
      arrivals += 1;
      return id;
    } catch (error) {
      if (error instanceof UpstreamError && mayHaveArrived(error)) arrivals += 1;
      throw toWriteFailure(error);
    } finally {
      loaders.forget();
    }
  };
  return Object.assign(send, { arrivals: () => arrivals });
}

/** Where all went well the form leads to the comment, or to where it waits; else there is a page for people. */
function readOutcome(label: string, answer: PageAnswer): number | null {
  const { status, headers } = answer;
  const location = headers.get('location') ?? '';
  const refuse = (why: string, code?: 'FORBIDDEN') => new UserError(`Could not create comments: ${why}.`, code);
  if (status >= 300 && status < 400) {
    // Walls of a log-in lead elsewhere.
    const id = /[?&]unapproved=(\d{1,15})/.exec(location)?.[1] ?? /#comment-(\d{1,15})$/.exec(location)?.[1];
    if (id === undefined) throw refuse('the site does not take comments this way', 'FORBIDDEN');
    return Number(id);
  }
  // A comment may be saved before something else fails.
  if (status >= 500) throw toStatusError(label, { ...answer, body: Buffer.from(answer.body) });
  if (status === 409) throw refuse('this comment is there already');
  if (status === 429) throw refuse('comments come too quickly one after the other');
  if (status === 403) throw refuse('comments on it are closed, or for users of the site only', 'FORBIDDEN');
  if (status === 404 || status === 405) throw refuse('the site does not take comments this way', 'FORBIDDEN');
  throw refuse('the site does not accept it: it needs a name, an address and a text, and content that takes comments');
}

/** Counts what comes within a minute; the count throws a {@link LimitError} beyond `perMinute`. */
export function createMinuteLimit(perMinute: number, now: () => number = () => performance.now()): () => void {
  let times: number[] = [];
  return () => {
    times = times.filter((time) => time > now() - 60_000);
    if (times.length >= perMinute) {
      const limit = { name: 'anonymousComments', max: perMinute };
      throw new LimitError(
        `No more than ${perMinute} comments a minute are taken from people without an account.`,
        limit,
      );
    }
    times.push(now());
  };
}
