// Owns links that open a query for somebody else: in the fragment, which no server is sent, and without headers.

/** What a link carries. */
export interface SharedQuery {
  readonly query: string;
  readonly variables: string | null;
}

const name = '#share=';
/** Beyond this, chat programs and browsers cut addresses. */
const maxLength = 100_000;

/** The fragment that carries a query; null where it would be too long for an address. */
export async function printShareFragment({ query, variables }: SharedQuery): Promise<string | null> {
  const text = JSON.stringify({ query, ...(variables?.trim() ? { variables } : {}) });
  const packed = await pipe(new TextEncoder().encode(text), new CompressionStream('deflate-raw'));
  const fragment = `${name}${toBase64Url(packed)}`;
  return fragment.length > maxLength ? null : fragment;
}

/** The query that a fragment carries; null where it carries none. */
export async function readShareFragment(fragment: string): Promise<SharedQuery | null> {
  if (!fragment.startsWith(name) || fragment.length > maxLength) return null;
  try {
    const packed = fromBase64Url(fragment.slice(name.length));
    const text = new TextDecoder().decode(await pipe(packed, new DecompressionStream('deflate-raw')));
    const { query, variables }: { query?: unknown; variables?: unknown } = JSON.parse(text);
    return typeof query === 'string' ? { query, variables: typeof variables === 'string' ? variables : null } : null;
  } catch {
    return null;
  }
}

/** What a link unpacks to at most: it may have been made to fill the memory. */
const maxBytes = 1024 * 1024;

async function pipe(bytes: Uint8Array<ArrayBuffer>, through: CompressionStream | DecompressionStream) {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(through).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > maxBytes) throw new RangeError('A shared query is too large.');
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function toBase64Url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
}
