// Owns what the operator is told where the gateway cannot listen.

import { ConfigError } from '../errors.ts';

/** The error with what would work, where that is known; otherwise as it came. */
export function toListenError(
  error: NodeJS.ErrnoException,
  { port, host }: { readonly port: number; readonly host?: string | undefined },
): Error {
  const where = host === undefined ? `port ${port}` : `${host}, port ${port}`;
  if (error.code === 'EADDRINUSE') {
    return new ConfigError(`Something else listens on ${where} already. Stop it, or set PORT to another port.`);
  }
  if (error.code === 'EACCES')
    return new ConfigError(`Listening on ${where} is not permitted; set PORT to 1024 or more.`);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND') {
    return new ConfigError(`HOST is ${JSON.stringify(host)}, which is no address of this machine.`);
  }
  return error;
}
