// Owns the vocabulary of a REST exchange: what is asked of WordPress, and what comes back.

import type { Readable } from 'node:stream';

/** Values of a query parameter; lists are joined by commas. */
export type QueryValue = string | number | boolean | readonly (string | number)[];

/** What a request carries. */
export interface RestBody {
  /** Its `Content-Type`. */
  readonly type: string;
  /** All of it; or what begins it anew for each attempt, so that it need not be in memory. */
  readonly data: string | Uint8Array | (() => Readable);
  /** Length of what is not in memory. */
  readonly bytes?: number;
}

/** Methods that change nothing, and those that write. */
export type RestMethod = 'GET' | 'HEAD' | 'OPTIONS' | 'POST' | 'DELETE';

/** Who waits for what a call comes to. */
export interface Waiting {
  /**
   * Aborted when he leaves, who is told the reason at once. The call leaves the line, but what was sent goes on to its end
   * and keeps its slot: so does WordPress, and how it ends tells how that is.
   */
  readonly signal?: AbortSignal;
  /** Told when it is sent. */
  readonly onSent?: () => void;
  /** Whether anybody waits still, by the signal unless told: nothing more is sent for nobody. */
  readonly isAwaited?: () => boolean;
}

/** A request to the REST API. */
export interface RestRequest extends Waiting {
  readonly method?: RestMethod;
  /** Route below the REST root without leading slash, such as `wp/v2/posts`; empty for the index. */
  readonly route: string;
  readonly query?: Readonly<Record<string, QueryValue>>;
  readonly body?: RestBody;
  /** The value of an `Authorization` header. */
  readonly authorization?: string;
}

/** A successful answer (2xx) of the REST API. */
export interface RestResponse {
  readonly status: number;
  /** Parsed JSON: an object, an array, or null for HEAD. */
  readonly body: unknown;
  /** `X-WP-Total`, or null where a host stripped it. */
  readonly total: number | null;
  /** When it was made by the clock of WordPress's host (`Date`), in ms since 1970; absent where the host does not say. */
  readonly dateMs?: number;
  /** Decoded size of the body in bytes. */
  readonly bytes: number;
  /**
   * Whether it may be kept for others who ask the same. Not where an answer to nobody in particular looks made for
   * somebody: it sets cookies, or says that it is private.
   */
  readonly cacheable: boolean;
  /** It looks made for somebody, and nobody in particular asked: a cache in front of WordPress may have mixed them up. */
  readonly isForSomebody?: boolean;
  /** Other rows came in the place of some that were asked for by their ids: what is missing may well be there. */
  readonly isPartial?: boolean;
}

/** A request for a page of the site itself, as a visitor would see it: without credentials. */
export interface PageRequest {
  readonly method: 'GET' | 'HEAD';
  /** Path and query below the origin, percent-encoded. */
  readonly target: string;
  readonly signal?: AbortSignal;
}

/** A page of the site, whatever it says of itself; redirects are not followed. */
export interface PageAnswer {
  readonly status: number;
  /** By lower-case name; repeated headers are joined by `, `. */
  readonly headers: ReadonlyMap<string, string>;
  /** The beginning of the page; empty for HEAD. */
  readonly body: string;
  /** Whether what it tells may be kept for others: not where it looks made for somebody. */
  readonly cacheable: boolean;
}

/** A form of the site itself, as a visitor sends it: without credentials, and once. */
export interface FormPost {
  /** Path and query below the origin, percent-encoded. */
  readonly target: string;
  readonly fields: Readonly<Record<string, string>>;
}

/**
 * The one way to WordPress's REST API. A write is tried again only where it surely did not arrive. Rejects with
 * `UpstreamError` for everything but a 2xx answer with usable JSON that can be the one to the request, and with the reason
 * of the request's signal once that is aborted.
 */
export interface WordPressClient extends AsyncDisposable {
  request(request: RestRequest): Promise<RestResponse>;
  /** Reads a page of the site's origin. Rejects with `UpstreamError` where there is no answer of the site. */
  readPage(request: PageRequest): Promise<PageAnswer>;
  /** Sends a form to the site's origin. Rejects as `readPage` does. */
  sendForm(form: FormPost): Promise<PageAnswer>;
}

/** Where a site's REST API was found. */
export interface RestRoot {
  /** The origin that is contacted, such as `https://example.org`. */
  readonly origin: string;
  /** Path of the root: `/wp-json/`, `/blog/index.php`, `/wp/v2/sites/example.wordpress.com/`. */
  readonly path: string;
  /** `path`: routes follow the path. `query`: routes go into `rest_route` (plain permalinks). `wordpress.com`: routes lose their `wp/v2/`. */
  readonly style: 'path' | 'query' | 'wordpress.com';
}

/** What the gateway knows of the site it serves, from the index of its REST API. */
export interface Site {
  readonly root: RestRoot;
  /** Site title and tagline as WordPress stores them (HTML-escaped), or null where the index does not say. */
  readonly name: string | null;
  readonly description: string | null;
  /** `siteurl` and `home` options, without trailing slash: what links in content start with. */
  readonly url: string | null;
  readonly home: string;
  /** IANA name, or null where the site is set to an offset from UTC. */
  readonly timezone: string | null;
  readonly gmtOffset: number | null;
  readonly namespaces: readonly string[];
  readonly showOnFront: 'posts' | 'page' | null;
  readonly pageOnFront: number | null;
  readonly pageForPosts: number | null;
  readonly siteIconId: number | null;
  readonly siteIconUrl: string | null;
}
