// Owns the HTML page around GraphiQL: no other host, no inline code but its own, no header kept in the browser.

import type { GraphiqlFiles } from './graphiql-assets.ts';

/** What the page needs to know. */
export interface GraphiqlPage {
  readonly files: GraphiqlFiles;
  /** Where the page finds the gateway's root, such as `./`: a proxy may serve it below a path. */
  readonly root: string;
  readonly nonce: string;
  readonly defaultQuery: string;
}

/** Policy under which the page runs; the editor needs inline styles, and its fonts and images are data URLs. */
export function printContentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
  ].join('; ');
}

/** The page as HTML. */
export function printGraphiqlPage({ files, root, nonce, defaultQuery }: GraphiqlPage): string {
  const asset = (name: string) => `${root}graphiql/${name}`;
  const workers = { editorWorkerService: files.editorWorker, graphql: files.graphqlWorker, json: files.jsonWorker };
  const options = { defaultQuery, title: 'Headgate GraphiQL', shouldPersistHeaders: false };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>GraphiQL – Headgate</title>
<link rel="icon" href="${asset(files.icon)}">
<link rel="stylesheet" href="${asset(files.style)}">
<style nonce="${nonce}">html, body, #root { height: 100%; margin: 0 }</style>
</head>
<body>
<noscript>GraphiQL needs JavaScript.</noscript>
<div id="root"></div>
<script nonce="${nonce}">
const workers = ${toScriptLiteral(workers)};
self.MonacoEnvironment = {
  globalAPI: false,
  getWorkerUrl: (_moduleId, label) => new URL(${toScriptLiteral(`${root}graphiql/`)} + workers[label], location.href).href,
};
</script>
<script nonce="${nonce}" src="${asset(files.script)}"></script>
<script nonce="${nonce}">
YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), {
  ...${toScriptLiteral(options)},
  endpoint: new URL(${toScriptLiteral(`${root}graphql`)}, location.href).pathname,
  // Without this, each key stroke would put the query into the address, and from there into access logs.
  onEditQuery() {},
});
</script>
</body>
</html>
`;
}

/** JSON that is safe inside of a script element. */
function toScriptLiteral(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
