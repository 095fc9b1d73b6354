// Owns telling apart the pages that come in place of JSON.

/** Kinds of pages, as in `UpstreamErrorDetails`. */
export type PageKind = 'maintenance' | 'challenge' | 'login' | 'html';

const challenge =
  /just a moment\.\.\.|attention required! \| cloudflare|challenge-platform|cf[-_]chl|sucuri website firewall|imunify360|checking your browser|verify you are (?:a )?human|sgcaptcha/i;
const maintenance = /maintenance|coming soon|under construction|launching soon|be right back/i;
const login = /<form[^<>]+(?:id=["']loginform|action=["'][^"'<>]*wp-login\.php)|<input[^<>]+type=["']?password/i;

/** A page says at its beginning what it is; themes put their styles before it. */
const maxLength = 256 * 1024;

/** The kind of an HTML page, or null where the text is no HTML. */
export function classifyPage(page: string, headers: ReadonlyMap<string, string>): PageKind | null {
  const text = page.slice(0, maxLength);
  if (headers.get('cf-mitigated') === 'challenge') return 'challenge';
  const isHtml = /^\s*<|<!doctype html|<html/i.test(text) || /^text\/html/i.test(headers.get('content-type') ?? '');
  if (!isHtml) return null;
  if (challenge.test(text)) return 'challenge';
  // Only where a page says what it is: an article may be about maintenance.
  const titles = [...text.matchAll(/<(title|h1)\b[^<>]*>([\s\S]{0,300}?)<\/\1>/gi)].map((match) => match[2]);
  if (maintenance.test(titles.join('\n')) || /briefly unavailable for scheduled maintenance/i.test(text)) {
    return 'maintenance';
  }
  return login.test(text) ? 'login' : 'html';
}
