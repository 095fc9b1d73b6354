// Owns the strip under GraphiQL: what the last query cost, and the ways to what else the gateway has.

import { useEffect, useState, useSyncExternalStore } from 'react';
import type { TraceSwitch } from './fetch-answers.ts';
import { followAnswers, type LastAnswer, lastAnswer } from './last-answer.ts';
import type { SiteFinding } from './site-data.ts';
import { openSitePanel } from './site-panel.tsx';

/** What the strip is given. */
export interface AnswerStripProps {
  /** Where the gateway's root is, relative to the page. */
  readonly root: string;
  /** Setting for which there is no schema to see; null where there is. */
  readonly closedBy: string | null;
  readonly trace: TraceSwitch;
  /** What the site does not give; null while that is not known. */
  readonly findings: readonly SiteFinding[] | null;
}

/** The strip. */
export function AnswerStrip({ root, closedBy, trace, findings }: AnswerStripProps) {
  const answer = useSyncExternalStore(followAnswers, lastAnswer);
  const [isTraced, setTraced] = useState(trace.isOn);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    trace.isOn = isTraced;
  }, [trace, isTraced]);
  const requests = answer?.requests ?? null;
  return (
    <section className="headgate-strip" aria-label="Last answer">
      {isOpen && requests && requests.length > 0 && (
        <ol className="headgate-requests" aria-label="REST requests">
          {requests.map(({ request, ms, bytes }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list of one answer never changes.
            <li key={index}>
              <code>{readable(request)}</code>
              <span>
                {formatMs(ms)}, {formatBytes(bytes)}
              </span>
            </li>
          ))}
        </ol>
      )}
      <output className="headgate-cost">
        {answer ? <Cost answer={answer} /> : 'Run a query to see what it costs WordPress.'}
      </output>
      {requests && requests.length > 0 && (
        <button type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? 'Hide requests' : 'Show requests'}
        </button>
      )}
      <label title="Each query then runs, whether its answer is kept or not, and tells each REST request.">
        <input type="checkbox" checked={isTraced} onChange={(event) => setTraced(event.target.checked)} /> Trace
      </label>
      <nav>
        {findings && (
          <button type="button" onClick={openSitePanel}>
            {findings.length === 0 ? 'The site gives everything' : `Not given: ${findings.length}`}
          </button>
        )}
        {closedBy === null ? (
          <a href={`${root}schema.graphql`}>Schema</a>
        ) : (
          <span>
            {closedBy === 'PERSISTED_OPERATIONS' ? 'Only listed documents are executed' : 'The schema is closed'} (
            {closedBy}): no completion, no documentation
          </span>
        )}
        <a href={root}>Status</a>
      </nav>
    </section>
  );
}

function Cost({ answer: { status, ms, bytes, reads, cache, age } }: { readonly answer: LastAnswer }) {
  return (
    <>
      {status !== 200 && <b>Status {status}</b>}
      {reads !== null && <b>{reads === 1 ? '1 REST request' : `${reads} REST requests`}</b>}
      <span>{formatMs(ms)}</span>
      <span>{formatBytes(bytes)}</span>
      {cache && <span title={meanings[cache] ?? ''}>{describe(cache, age)}</span>}
    </>
  );
}

const meanings: Readonly<Record<string, string>> = {
  hit: 'The whole answer was kept, and served as bytes.',
  stale: 'The whole answer was kept, and is made anew by now.',
  miss: 'It was made now, and is kept for whoever asks next.',
  none: 'Answers of its kind are kept for nobody.',
};

function describe(cache: string, age: number): string {
  const old = age > 0 ? `, ${age} s old` : '';
  if (cache === 'hit') return `from the cache${old}`;
  if (cache === 'stale') return `from the cache, stale${old}`;
  return cache === 'miss' ? 'made now, kept' : 'made now, not kept';
}

/** Addresses of REST requests are for machines. */
function readable(request: string): string {
  try {
    return decodeURIComponent(request);
  } catch {
    return request;
  }
}

function formatMs(ms: number): string {
  return ms < 10 ? `${Math.round(ms * 10) / 10} ms` : `${Math.round(ms)} ms`;
}

function formatBytes(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}
