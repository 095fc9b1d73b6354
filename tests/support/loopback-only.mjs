// Owns that no test reaches beyond this machine, nor what it spawns: a connection or a name that leads elsewhere fails
// before a packet leaves. No TypeScript, which Node 20 does not read.

import { ChildProcess } from 'node:child_process';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { isIP, Socket } from 'node:net';
import { constants } from 'node:os';

/** Whether an address, or a name, is this machine's own. */
const isLoopback = (host) => /^(localhost|(::ffff:)?127\.\d+\.\d+\.\d+|::1)$/.test(host);

/** Whether a host is looked up without a question to anybody. */
const isKnown = (host) => !host || isIP(host) !== 0 || isLoopback(host);

function refusal(syscall, host) {
  return Object.assign(new Error(`${syscall} ENOTFOUND ${host}`), { code: 'ENOTFOUND', syscall, hostname: host });
}

/** Functions that ask the network for names: none does, but for what is known. */
function guardNames(names, refuse) {
  for (const name of Object.getOwnPropertyNames(names)) {
    if (!/^(lookup|resolve|reverse)/.test(name)) continue;
    const ask = names[name];
    names[name] = function (host, ...rest) {
      if (name === 'lookup' && isKnown(host)) return Reflect.apply(ask, this, [host, ...rest]);
      return refuse(refusal(name === 'lookup' ? 'getaddrinfo' : name, host), rest.at(-1));
    };
  }
}

const refuseLater = (error, done) => void process.nextTick(done, error);
const refuseInPromise = (error) => Promise.reject(error);
for (const names of [dns, dns.Resolver.prototype]) guardNames(names, refuseLater);
for (const names of [dns.promises, dns.promises.Resolver.prototype]) guardNames(names, refuseInPromise);
syncBuiltinESMExports();

// However a connection is asked for, an address is what it comes to in the end. This one is given up before it begins.
const probe = new Socket().connect(9, '127.0.0.1');
const handle = Object.getPrototypeOf(probe._handle);
probe.destroy();
for (const name of ['connect', 'connect6']) {
  const connect = handle[name];
  handle[name] = function (request, address, ...rest) {
    return isLoopback(address) ? Reflect.apply(connect, this, [request, address, ...rest]) : -constants.errno.EPERM;
  };
}

/** Whatever environment a process gets, this comes with it. */
const flag = `--import=${import.meta.url}`;
const { spawn } = ChildProcess.prototype;
ChildProcess.prototype.spawn = function (options) {
  const pairs = options.envPairs;
  const at = pairs.findIndex((pair) => pair.startsWith('NODE_OPTIONS='));
  if (at < 0) pairs.push(`NODE_OPTIONS=${flag}`);
  else if (!pairs[at].includes(flag)) pairs[at] += ` ${flag}`;
  return Reflect.apply(spawn, this, [options]);
};
