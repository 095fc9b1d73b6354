// Owns the HTML page around GraphiQL: no other host, no inline code, nothing in it that a client or a site could say.

import type { GraphiqlFiles } from './graphiql-assets.ts';

/** The setting for which the schema is not asked for: it is told to nobody, or only listed documents are executed. */
export type ClosedBy = 'INTROSPECTION' | 'PERSISTED_OPERATIONS';

/** What the page needs to know. */
export interface GraphiqlPage {
  readonly files: GraphiqlFiles;
  /** Where the page finds the gateway's root, such as `./`: a proxy may serve it below a path. */
  readonly root: string;
  /** Null where the page may ask for the schema. */
  readonly closedBy: ClosedBy | null;
}

/** Policy under which the page runs; the editor makes style elements of its own, for which it knows no nonce. */
export const graphiqlPolicy: string = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** A gate. */
const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath d='M2 14V4l6-3 6 3v10h-4V8a2 2 0 0 0-4 0v6z' fill='%23e10098'/%3E%3C/svg%3E";

/** The page as HTML. */
export function printGraphiqlPage({ files, root, closedBy }: GraphiqlPage): string {
  const asset = (name: string) => `${root}graphiql/${name}`;
  const lines = [
    ...files.styles.map((name) => `<link rel="stylesheet" href="${asset(name)}">`),
    ...files.preloads.map((name) => `<link rel="modulepreload" href="${asset(name)}">`),
    `<script type="module" src="${asset(files.script)}"></script>`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>GraphiQL – Headgate</title>
<link rel="icon" href="${icon}">
${lines.join('\n')}
</head>
<body>
<noscript>GraphiQL needs JavaScript.</noscript>
<div id="root" data-root="${root}"${closedBy === null ? '' : ` data-closed-by="${closedBy}"`}></div>
</body>
</html>
`;
}
