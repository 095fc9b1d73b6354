// What the parent asks of the PHP process, and what that reports; both are checked where they arrive.

/** The folders of this computer that PHP sees: WordPress, the site's own files, and the demo's PHP sources. */
export interface PhpFolders {
  readonly core: string;
  readonly site: string;
  readonly assets: string;
}

/** Run scripts one after the other and end, or serve the site until told to stop. */
export type PhpOrder =
  | { readonly kind: 'run'; readonly folders: PhpFolders; readonly scripts: readonly string[] }
  | {
      readonly kind: 'serve';
      readonly folders: PhpFolders;
      readonly host: string;
      readonly port: number;
      /** The address that its content names; where it listens, if it is left out. */
      readonly address?: string;
    };

/** What the PHP process says while it works. */
export type PhpReport =
  | { readonly kind: 'script'; readonly script: string; readonly output: string }
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };

/** Reads an order from the command line of the PHP process. */
export function parseOrder(text: string | undefined): PhpOrder {
  const order: unknown = JSON.parse(text ?? 'null');
  if (isOrder(order)) return order;
  throw new TypeError('php-server is started by the demo only');
}

function isOrder(order: unknown): order is PhpOrder {
  if (typeof order !== 'object' || order === null || !('kind' in order) || !('folders' in order)) return false;
  if (order.kind === 'run') return 'scripts' in order && Array.isArray(order.scripts);
  return order.kind === 'serve' && 'host' in order && 'port' in order;
}

/** Whether a message of the PHP process is one of its reports. */
export function isReport(message: unknown): message is PhpReport {
  if (typeof message !== 'object' || message === null || !('kind' in message)) return false;
  return message.kind === 'script' || message.kind === 'ready' || message.kind === 'failed';
}
