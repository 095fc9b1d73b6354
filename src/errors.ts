// Owns the one family of errors: each has a stable code that clients, logs and documentation share.

/** Codes that reach clients in `extensions.code`, with what each means. */
export const errorCodes = {
  BAD_USER_INPUT: 'An argument or variable has a value that cannot be used.',
  UNAUTHENTICATED: 'The operation needs credentials, or those that came with the request are not valid.',
  FORBIDDEN: 'The user whose credentials came with the request is not allowed to do this.',
  RATE_LIMITED: 'The client asks more often than it may.',
  LIMIT_EXCEEDED: 'The operation asks for more than a stated bound allows.',
  PREFLIGHT_REQUIRED: 'A GET request that another site could have caused needs a header that browsers ask about first.',
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL.',
  GRAPHQL_VALIDATION_FAILED: 'The document does not fit the schema.',
  PERSISTED_QUERY_NOT_FOUND: 'No document is known by this id.',
  PERSISTED_QUERY_MISMATCH: 'The id is not the SHA-256 of the document that came with it.',
  PERSISTED_QUERY_REQUIRED: 'Only listed documents are executed here.',
  UPSTREAM_UNAVAILABLE: 'WordPress could not be reached, or answered that it is not available.',
  UPSTREAM_TIMEOUT: 'WordPress did not answer in time.',
  UPSTREAM_TLS: 'The TLS connection to WordPress failed.',
  UPSTREAM_TOO_LARGE: 'An answer of WordPress is larger than the limit.',
  UPSTREAM_NOT_JSON: 'WordPress answered with something else than JSON.',
  UPSTREAM_BAD_RESPONSE: 'WordPress answered with JSON that is not what was asked for.',
  UPSTREAM_REDIRECT: 'WordPress redirected to where the gateway does not go.',
  UPSTREAM_FORBIDDEN: 'WordPress does not show this to the caller.',
  UPSTREAM_NOT_FOUND: 'WordPress has no such route or object.',
  UPSTREAM_REFUSED:
    'WordPress takes no such request: a value is invalid, or its arguments are longer than an address may be.',
  UPSTREAM_RATE_LIMITED: 'WordPress, or a host in front of it, asked for fewer requests.',
  UPSTREAM_ERROR: 'WordPress failed while it answered.',
  OVERLOADED: 'Too many requests are waiting.',
  UNSUPPORTED: 'WordPress offers no way to answer this through its REST API.',
  CONFIG_INVALID: 'A setting has a value that cannot be used.',
  SITE_UNUSABLE: 'The address is not that of a usable WordPress site.',
  INTERNAL_SERVER_ERROR: 'The gateway failed.',
} as const;

/** One of {@link errorCodes}. */
export type ErrorCode = keyof typeof errorCodes;

/** An error with a stable code. Its message is for logs; only a {@link UserError}'s message is meant for clients. */
export class HeadgateError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** Makes an error of another class without its stack, as a {@link UserError} has none. */
export function withoutStack<Made>(make: () => Made): Made {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The caller asked for something that cannot be: the message goes to the client as it is. */
export class UserError extends HeadgateError {
  constructor(message: string, code: UserErrorCode = 'BAD_USER_INPUT', options?: ErrorOptions) {
    const { stackTraceLimit } = Error;
    // Where it was thrown is for nobody, and would be most of what such an error takes.
    Error.stackTraceLimit = 0;
    super(code, message, options);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Codes of {@link UserError}. */
export type UserErrorCode = Extract<
  ErrorCode,
  | 'BAD_USER_INPUT'
  | 'LIMIT_EXCEEDED'
  | 'PREFLIGHT_REQUIRED'
  | 'UNSUPPORTED'
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | `GRAPHQL_${string}`
>;

/** The caller asked for more than a bound allows; clients read the bound in `extensions.limit`. */
export class LimitError extends UserError {
  readonly limit: { readonly name: string; readonly max: number };

  constructor(message: string, limit: { readonly name: string; readonly max: number }) {
    super(message, 'LIMIT_EXCEEDED');
    this.limit = limit;
  }
}

/** The client asks more often than it may, and is told when it may again. */
export class RateError extends HeadgateError {
  readonly waitMs: number;

  constructor(waitMs: number) {
    super('RATE_LIMITED', errorCodes.RATE_LIMITED);
    this.waitMs = waitMs;
  }
}

/** Codes of {@link UpstreamError}. */
export type UpstreamErrorCode = Extract<ErrorCode, `UPSTREAM_${string}` | 'OVERLOADED'>;

/** What is known of an upstream request that failed. */
export interface UpstreamErrorDetails {
  /** HTTP status, if there was an answer. */
  readonly status?: number;
  /** WordPress's own code, such as `rest_post_invalid_id`. */
  readonly restCode?: string;
  /** Names of the parameters that WordPress found at fault. */
  readonly parameters?: readonly string[];
  /** What kind of page came instead of JSON. */
  readonly kind?: 'maintenance' | 'challenge' | 'login' | 'html' | 'empty';
  /** A page came where there were answers within the hour: it is in the way, and no refusal. */
  readonly isInTheWay?: boolean;
  /** Seconds after which WordPress, or who does not ask it, says that it may be asked again. */
  readonly retryAfterSeconds?: number;
  /** WordPress was not asked, for it is left alone. */
  readonly isNotAsked?: boolean;
  /** What was to be written may have been all the same. */
  readonly isUnknownOutcome?: boolean;
  /** Beginning of the body, unless that was given to credentials: for logs, never for clients. */
  readonly excerpt?: string;
  readonly cause?: unknown;
}

/** A request to WordPress failed. The message names method, route and status, as in "GET /wp/v2/posts: 503". */
export class UpstreamError extends HeadgateError {
  declare readonly code: UpstreamErrorCode;
  readonly details: UpstreamErrorDetails;

  constructor(code: UpstreamErrorCode, message: string, details: UpstreamErrorDetails = {}) {
    super(code, message, details.cause === undefined ? undefined : { cause: details.cause });
    this.details = details;
  }

  /**
   * Seconds to wait before WordPress is asked again, where that is known. What it says itself is believed of limits only:
   * whenever it is updated, which takes seconds, it says ten minutes (`wp_maintenance`).
   */
  get waitSeconds(): number | undefined {
    const isKnown = this.code === 'UPSTREAM_RATE_LIMITED' || this.details.isNotAsked === true;
    return isKnown ? this.details.retryAfterSeconds : undefined;
  }
}

/** A field of an upstream answer is not of the type that it must have. */
export class FieldError extends HeadgateError {
  constructor(path: string, expected: string, value: unknown) {
    super('UPSTREAM_BAD_RESPONSE', `${path} is ${describe(value)} where ${expected} was expected`);
  }
}

/** A setting cannot be used; the message names it, what was given and what would work. */
export class ConfigError extends HeadgateError {
  constructor(message: string, options?: ErrorOptions) {
    super('CONFIG_INVALID', message, options);
  }
}

/** Why a site cannot be served. */
export type SiteReason =
  | 'rest-closed'
  | 'bot-challenge'
  | 'password-wall'
  | 'login-wall'
  | 'maintenance'
  | 'moved'
  | 'site-failing'
  | 'requests-limited'
  | 'firewall'
  | 'rest-hidden'
  | 'wordpress-com'
  | 'no-wordpress'
  | 'no-such-host'
  | 'connection-refused'
  | 'no-answer'
  | 'tls-broken'
  | 'site-unreadable';

/** What is known of a site that cannot be served. */
export interface SiteErrorOptions extends ErrorOptions {
  readonly isTemporary?: boolean;
  readonly reason?: SiteReason;
}

/** The site cannot be served; the message says why, and what would help. */
export class SiteError extends HeadgateError {
  /** Whether the same address may do later: the site is down, in contrast to wrong. */
  readonly isTemporary: boolean;
  readonly reason: SiteReason;

  constructor(message: string, { isTemporary = false, reason = 'site-unreadable', ...options }: SiteErrorOptions = {}) {
    super('SITE_UNUSABLE', message, options);
    this.isTemporary = isTemporary;
    this.reason = reason;
  }
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** What was thrown, as an error. */
export function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
