// Owns the button that makes a link of the query at hand.

import { ToolbarButton, useGraphiQL } from '@graphiql/react';
import { useState } from 'react';
import { printShareFragment } from './share-link.ts';

/** Puts the link into the address and, where the browser lets it, into the clipboard. */
export function ShareButton() {
  const { queryEditor, variableEditor } = useGraphiQL(({ queryEditor, variableEditor }) => ({
    queryEditor,
    variableEditor,
  }));
  const [told, setTold] = useState('');
  const share = async () => {
    const fragment = await printShareFragment({
      query: queryEditor?.getValue() ?? '',
      variables: variableEditor?.getValue() ?? null,
    });
    if (fragment === null) return setTold('Too long for a link');
    // The fragment stays in the browser: neither the gateway nor a log gets to see it.
    history.replaceState(null, '', fragment);
    const isCopied = await navigator.clipboard?.writeText(location.href).then(
      () => true,
      () => false,
    );
    setTold(isCopied ? 'Link copied' : 'Link is in the address');
    setTimeout(() => setTold(''), 3000);
  };
  return (
    <>
      <ToolbarButton label="Share query and variables, never headers" onClick={share}>
        <svg
          className="graphiql-toolbar-icon"
          viewBox="0 0 24 24"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.8"
          aria-hidden="true"
        >
          <path d="M9 14a4 4 0 0 0 6 .4l3.5-3.5a4 4 0 0 0-5.7-5.7L11 7M15 10a4 4 0 0 0-6-.4l-3.5 3.5a4 4 0 0 0 5.7 5.7L13 17" />
        </svg>
      </ToolbarButton>
      <output className="headgate-told">{told}</output>
    </>
  );
}
