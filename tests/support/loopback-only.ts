// Owns that no test reaches beyond this machine: a connection or a name that leads elsewhere fails before a packet leaves.

import dns from 'node:dns';
import { Socket } from 'node:net';

const connect = Socket.prototype.connect;
const lookup = dns.lookup;

/** Whether a host is this machine: its name, an address of it, or nothing at all, as for a path. */
function isLoopback(host: unknown): boolean {
  return (
    host === undefined || host === null || host === '' || /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(String(host))
  );
}

function refusal(host: unknown): Error {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND', syscall: 'getaddrinfo' });
}

// Names are looked up by the resolver of the machine, which asks the network.
Object.assign(dns, {
  lookup(host: string, ...rest: unknown[]) {
    const callback = rest.at(-1);
    if (isLoopback(host)) return Reflect.apply(lookup, dns, [host, ...rest]);
    if (typeof callback === 'function') process.nextTick(callback, refusal(host));
  },
});

Object.assign(Socket.prototype, {
  connect(this: Socket, ...args: unknown[]) {
    const [first, second] = [args].flat();
    const options = [first].flat()[0];
    const host = typeof options === 'object' && options !== null ? Reflect.get(options, 'host') : second;
    const isName = typeof host === 'string' && !/^[\d.]+$|:/.test(host);
    if (!isName && !isLoopback(host) && typeof host !== 'function') {
      this.destroy(Object.assign(new Error(`connect EPERM ${host}: no test leaves this machine`), { code: 'EPERM' }));
      return this;
    }
    return Reflect.apply(connect, this, args);
  },
});
