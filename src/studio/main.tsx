// Owns GraphiQL in the browser: the gateway's own page of it, with tabs for the site, share links and the strip.

import 'graphiql/style.css';
import './studio.css';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import EditorWorker from 'monaco-editor/esm/vs/editor/editor.worker.js?worker';
import JsonWorker from 'monaco-editor/esm/vs/language/json/json.worker.js?worker';
import GraphqlWorker from 'monaco-graphql/esm/graphql.worker.js?worker';
import { useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { AnswerStrip } from './answer-strip.tsx';
import { createFetcher, type TraceSwitch } from './fetch-answers.ts';
import { createHeaderlessStorage } from './headerless-storage.ts';
import { ShareButton } from './share-button.tsx';
import { readShareFragment, type SharedQuery } from './share-link.ts';
import { loadDefaultTabs, loadFindings, type SiteFinding, type StudioTab } from './site-data.ts';
import { createSitePanel } from './site-panel.tsx';
import { SystemTheme } from './system-theme.tsx';

globalThis.MonacoEnvironment = {
  getWorker(_id: string, label: string) {
    if (label === 'json') return new JsonWorker();
    return label === 'graphql' ? new GraphqlWorker() : new EditorWorker();
  },
};

const element = document.querySelector<HTMLElement>('#root');
const root = element?.dataset['root'] ?? './';
const closedBy = element?.dataset['closedBy'] ?? null;
const endpoint = new URL(`${root}graphql`, location.href).pathname;
const trace: TraceSwitch = { isOn: false };
const storage = createHeaderlessStorage(localStorage);

interface StudioProps {
  readonly tabs: readonly StudioTab[];
  readonly shared: SharedQuery | null;
}

function Studio({ tabs, shared }: StudioProps) {
  const [findings, setFindings] = useState<readonly SiteFinding[] | null>(null);
  const fetcher = useMemo(() => createFetcher(endpoint, trace), []);
  const plugins = useMemo(() => [HISTORY_PLUGIN, createSitePanel(() => findings)], [findings]);
  useEffect(() => {
    loadFindings(root).then(setFindings);
  }, []);
  return (
    <GraphiQL
      fetcher={fetcher}
      {...(closedBy !== null ? { schema: null } : {})}
      storage={storage}
      shouldPersistHeaders={false}
      defaultEditorToolsVisibility="variables"
      plugins={plugins}
      {...(tabs.length > 0 ? { defaultTabs: [...tabs] } : {})}
      {...(shared ? { initialQuery: shared.query, initialVariables: shared.variables ?? '' } : {})}
    >
      <GraphiQL.Logo>
        <a className="headgate-logo" href={root}>
          Headgate
        </a>
      </GraphiQL.Logo>
      <GraphiQL.Toolbar>
        {({ prettify, copy, merge }) => (
          <>
            {prettify}
            {merge}
            {copy}
            <ShareButton />
          </>
        )}
      </GraphiQL.Toolbar>
      <AnswerStrip root={root} closedBy={closedBy} trace={trace} findings={findings} />
      <SystemTheme />
    </GraphiQL>
  );
}

async function start(mount: HTMLElement): Promise<void> {
  const hasTabs = storage.getItem('graphiql:tabState') !== null;
  const [shared, tabs] = await Promise.all([
    readShareFragment(location.hash),
    hasTabs ? [] : loadDefaultTabs(root, closedBy === 'PERSISTED_OPERATIONS' ? null : endpoint),
  ]);
  // Who edits what was shared and reloads has not asked for it again.
  if (shared) history.replaceState(null, '', location.pathname + location.search);
  addEventListener('hashchange', () => location.reload());
  const first = shared ? [{ query: shared.query, variables: shared.variables }, ...tabs] : tabs;
  createRoot(mount).render(<Studio tabs={first} shared={shared} />);
}

if (element) void start(element);
