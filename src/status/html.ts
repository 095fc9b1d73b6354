// Owns HTML that is made of text that others wrote: everything is escaped that was not made here.

/** HTML as it is. */
export interface Html {
  readonly html: string;
  toString(): string;
}

type Part = string | number | Html | readonly (string | number | Html)[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is HTML already, and comes from nobody else. */
export function raw(text: string): Html {
  return { html: text, toString: () => text };
}

/** A template whose values are escaped, for elements and for attributes in quotes. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return raw(texts.reduce((all, text, index) => `${all}${printPart(parts[index - 1] ?? '')}${text}`));
}

function printPart(part: Part): string {
  if (typeof part === 'object') return 'html' in part ? part.html : part.map(printPart).join('\n');
  return String(part).replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
