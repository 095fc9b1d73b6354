// Owns what GraphiQL is told by the gateway about its site; read leniently, since nothing of it is needed to ask.

/** A tab of GraphiQL. */
export interface StudioTab {
  readonly query: string | null;
  /** As JSON. */
  readonly variables: string | null;
}

/** One thing that the gateway found at the site. */
export interface SiteFinding {
  readonly id: string;
  readonly severity: string;
  readonly finding: string;
  readonly consequence: string;
  readonly remedy: string | null;
}

/**
 * First tabs, made for this site; the address of a page that there is takes the place of the home page. Without an
 * endpoint none is asked for.
 */
export async function loadDefaultTabs(root: string, endpoint: string | null): Promise<StudioTab[]> {
  const [tabs, uri] = await Promise.all([
    fetchJson(`${root}graphiql/tabs.json`),
    endpoint === null ? null : findPage(endpoint),
  ]);
  if (!Array.isArray(tabs)) return [];
  return tabs.map((tab) => {
    const { query, variables } = toRecord(tab);
    const known = { ...toRecord(variables), ...(uri !== null && 'uri' in toRecord(variables) ? { uri } : {}) };
    return {
      query: typeof query === 'string' ? query : null,
      variables: Object.keys(known).length > 0 ? JSON.stringify(known, null, 2) : null,
    };
  });
}

/** What the site does not give, worst first; null where the gateway does not tell. */
export async function loadFindings(root: string): Promise<readonly SiteFinding[] | null> {
  const told = toRecord(await fetchJson(`${root}graphiql/findings.json`))['findings'];
  return Array.isArray(told) ? told.filter(isFinding) : null;
}

async function findPage(endpoint: string): Promise<string | null> {
  const query = '{ pages(first: 1) { nodes { uri } } }';
  const answer = toRecord(await fetchJson(`${endpoint}?query=${encodeURIComponent(query)}`));
  const nodes = toRecord(toRecord(answer['data'])['pages'])['nodes'];
  const uri = Array.isArray(nodes) ? toRecord(nodes[0])['uri'] : null;
  return typeof uri === 'string' ? uri : null;
}

async function fetchJson(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { headers: { accept: 'application/json' } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

function isFinding(value: unknown): value is SiteFinding {
  const { id, severity, finding, consequence } = toRecord(value);
  return [id, severity, finding, consequence].every((text) => typeof text === 'string');
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
