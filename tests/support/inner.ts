// Owns what no client may read in an error: where things are, how they are made, and what is secret.

const inner = new RegExp(
  [
    ...[/127\.0\.0\.1:\d/, /\b(?:10|192\.168)(?:\.\d{1,3}){2,3}\b/, /node_modules/, /\.[jt]s:\d/, /undici/, /wp-json/],
    ...[/\bat (?:async )?[\w.<>]+ \(/, /\.php\b/, /\/var\/www/, /Fatal error/, /@owner-[1-9]/],
    ...[/\bSELECT\b.*\bFROM\b/, /\bwp_[a-z]+\b/, /SQLSTATE/, /\bBasic [\w+/]{8}/, /secret-of-/],
  ]
    .map(({ source }) => source)
    .join('|'),
);

/** What WordPress and PHP say when all goes wrong, with each kind of what must stay theirs. */
export const confession =
  'WordPress database error Table marked.wp_users is crashed for query SELECT user_pass FROM wp_users by 10.0.0.7, SQLSTATE HY000: ' +
  'Fatal error in /var/www/html/wp-includes/class-wpdb.php:2056 http://127.0.0.1:3306/wp-json/ Authorization: Basic dXNlcjI6c2VjcmV0 secret-of-2';

/** The first thing in a text that is none of its reader's business; undefined where there is none. */
export function findInner(text: string): string | undefined {
  return inner.exec(text)?.[0];
}
