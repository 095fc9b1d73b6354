// Owns what each error code most likely comes from, and what would help; `errors.ts` says what it means.

import type { ErrorCode } from '../errors.ts';

/** Why, and what then. */
export interface Explanation {
  readonly cause: string;
  readonly remedy: string;
}

/** For every code; a code without one does not compile. */
export const errorExplanations: Readonly<Record<ErrorCode, Explanation>> = {
  BAD_USER_INPUT: {
    cause:
      'A cursor, an id, a date or a combination of arguments that makes no sense; or a body that is no GraphQL request.',
    remedy: 'Correct what the message names.',
  },
  UNAUTHENTICATED: {
    cause:
      'A mutation, file or preview without an Authorization header; a user name, password or token that WordPress does not take; or no API key that the gateway knows, where one is needed.',
    remedy:
      'Send "Authorization: Basic …" with an application password, or a token of a plugin that issues them; an API key goes in the header X-Api-Key.',
  },
  FORBIDDEN: {
    cause: 'The role of the user lacks the capability, such as publish_posts.',
    remedy: 'Use a user with a higher role, or give that role the capability in WordPress.',
  },
  LIMIT_EXCEEDED: {
    cause:
      'A large or deep query, large files, or too many comments of people without an account; extensions.limit names the bound and its value.',
    remedy:
      'Ask for less at once, by pages; or raise the setting LIMIT_…, SCAN_LIMIT, FILE_MAX_BYTES or ANONYMOUS_COMMENTS_PER_MINUTE that belongs to it.',
  },
  RATE_LIMITED: {
    cause: 'RATE_LIMIT: so many requests within a minute, with those to WordPress that they cause.',
    remedy: 'Ask again after the seconds of Retry-After; or raise RATE_LIMIT. Behind a proxy, set TRUST_PROXY.',
  },
  PREFLIGHT_REQUIRED: {
    cause: 'HARDENED=on, or cookies or credentials with a GET request.',
    remedy: 'Send the header apollo-require-preflight or x-graphql-yoga-csrf, or use POST with application/json.',
  },
  GRAPHQL_PARSE_FAILED: {
    cause: 'A missing bracket or quote in the query.',
    remedy: 'Correct it where the message says.',
  },
  GRAPHQL_VALIDATION_FAILED: {
    cause:
      'A field, type or argument that the schema does not have: a type that is not in REST, or an extension of WPGraphQL.',
    remedy: 'Compare with headgate schema; headgate doctor tells which types of the site are not in REST.',
  },
  PERSISTED_QUERY_NOT_FOUND: {
    cause: 'An automatic persisted query that this process does not know yet, or an id that is in no file.',
    remedy: 'Clients that do APQ send the document by themselves; for ids of a manifest set PERSISTED_OPERATIONS_FILE.',
  },
  PERSISTED_QUERY_MISMATCH: {
    cause: 'The client hashes another text than it sends.',
    remedy: 'Hash the document as it is sent: SHA-256, in hex.',
  },
  PERSISTED_QUERY_REQUIRED: {
    cause: 'PERSISTED_OPERATIONS=only, and a document that is not in the file.',
    remedy: 'Add it to the file of PERSISTED_OPERATIONS_FILE, and start the gateway anew.',
  },
  UPSTREAM_UNAVAILABLE: {
    cause: 'WordPress is down, restarts, is updated, or answers 502, 503 or 504.',
    remedy: 'Look at the site and its host; headgate doctor tells what it sees. Kept answers are served meanwhile.',
  },
  UPSTREAM_TIMEOUT: {
    cause: 'A slow plugin, a slow database, or more requests than the host takes.',
    remedy: 'headgate doctor tells how slow; lower UPSTREAM_CONCURRENCY or raise UPSTREAM_TIMEOUT_SECONDS.',
  },
  UPSTREAM_TLS: {
    cause: 'A certificate that has expired, is for another name, or is signed by somebody who is not known here.',
    remedy: 'Renew it; for an issuer of your own set NODE_EXTRA_CA_CERTS.',
  },
  UPSTREAM_TOO_LARGE: {
    cause: 'Content of many megabytes, or a plugin that adds it to each object.',
    remedy: 'Ask for fewer objects at once, or raise UPSTREAM_MAX_BYTES.',
  },
  UPSTREAM_NOT_JSON: {
    cause: 'A maintenance page, a login page or the challenge of a firewall in place of the REST API.',
    remedy: 'Open the address in a browser; let the gateway pass in the firewall.',
  },
  UPSTREAM_BAD_RESPONSE: {
    cause:
      'JSON that is cut off, empty, or of another form than WordPress has: most often a plugin or a cache in between.',
    remedy: 'The log of the gateway names the route; compare with curl, and look at the plugins that change it.',
  },
  UPSTREAM_REDIRECT: {
    cause: 'The site moved, or a plugin sends requests of the REST API elsewhere.',
    remedy: 'Give the address where the site is now, or except /wp-json/ from the redirect.',
  },
  UPSTREAM_FORBIDDEN: {
    cause: 'WordPress shows it only with more rights, or a security plugin hides it: users, menus, settings, drafts.',
    remedy: 'Send credentials with the request, or allow the route; headgate doctor tells which are closed.',
  },
  UPSTREAM_NOT_FOUND: {
    cause: 'A plugin was switched off, or a type is not in REST any more.',
    remedy: 'Wait for the next look at the site (DISCOVERY_SECONDS), or start the gateway anew.',
  },
  UPSTREAM_REFUSED: {
    cause: 'A value, a combination or a length of filters that WordPress does not take, or an older WordPress.',
    remedy: 'The log of the gateway names the parameter; leave that filter out, or update WordPress.',
  },
  UPSTREAM_RATE_LIMITED: {
    cause: 'A limit of the host or of a firewall.',
    remedy: 'Exempt the address of the gateway from it, lower UPSTREAM_CONCURRENCY, raise FRESH_SECONDS.',
  },
  UPSTREAM_ERROR: {
    cause: 'An error in PHP, most often of a plugin.',
    remedy: 'Look at the error log of WordPress (WP_DEBUG_LOG).',
  },
  OVERLOADED: {
    cause: 'More work than WordPress or the process takes at once, or a process that stops before the answer is there.',
    remedy:
      'Ask again later; raise FRESH_SECONDS, WORKERS, UPSTREAM_CONCURRENCY or MAX_DELAY_MS where the machines can take more.',
  },
  UNSUPPORTED: {
    cause: 'WPGraphQL does it inside WordPress, and the REST API has nothing like it.',
    remedy: 'See docs/schema-differences.md for what does the same or the like.',
  },
  CONFIG_INVALID: {
    cause: 'A typing mistake in a variable, a flag or the config file.',
    remedy: 'Correct what the message names; headgate start --help lists all settings.',
  },
  SITE_UNUSABLE: {
    cause: 'Another address than that of a WordPress site, or a site that is down or closed.',
    remedy: 'headgate doctor finds out which.',
  },
  INTERNAL_SERVER_ERROR: {
    cause: 'A fault of the gateway.',
    remedy: 'The log has the error with its stack: please report it.',
  },
};
