// Owns that the editors follow the system from light to dark, which GraphiQL looks at when it starts alone.

import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';

/** Nothing to see: it must be inside of GraphiQL. */
export function SystemTheme() {
  const theme = useGraphiQL((state) => state.theme);
  const { setTheme } = useGraphiQLActions();
  useEffect(() => {
    if (theme !== null) return;
    const query = matchMedia('(prefers-color-scheme: dark)');
    const follow = () => setTheme(null);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, [theme, setTheme]);
  return null;
}
