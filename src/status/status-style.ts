// Owns the looks of the status page.

import { createHash } from 'node:crypto';

/** The style sheet. */
export const style = `
:root { color-scheme: light dark; --ink: #1f2a40; --soft: #5a6782; --line: #dde3ee; --ground: #fff; --accent: #c20078; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6eaf3; --soft: #9daac4; --line: #333d50; --ground: #1a2130; --accent: #ff7ac0; }
}
body { margin: 0 auto; max-width: 60rem; padding: 2.5rem 1.5rem; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif; }
header p { margin: 0; color: var(--soft); }
h1 { margin: 0.1em 0; font-size: 2.2rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 0.75rem; font-size: 1.2rem; }
h3 { margin: 0; font-size: 1rem; }
a { color: var(--accent); }
nav { display: flex; flex-wrap: wrap; align-items: center; gap: 0.75rem 1.5rem; margin-top: 1.25rem; }
nav .main { padding: 0.5rem 1.1rem; border-radius: 0.4rem; background: var(--accent); color: var(--ground); font-weight: 600;
  text-decoration: none; }
article { margin: 0 0 1.1rem; padding-left: 0.9rem; border-left: 3px solid #3b82f6; }
article[data-severity="warning"] { border-color: #d98e04; }
article[data-severity="error"] { border-color: #dc2626; }
article p { margin: 0.15rem 0; }
code { color: var(--soft); font-size: 0.85em; }
table { border-collapse: collapse; width: 100%; font-size: 0.94rem; }
th, td { padding: 0.35rem 1rem 0.35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { color: var(--soft); font-weight: 500; }
`;

/** Its hash, by which a policy lets it in. */
export const styleHash: string = createHash('sha256').update(style).digest('base64');
