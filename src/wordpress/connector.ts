// Owns how connections are opened and read: no more in a turn than others can wait for, and to their end when that is wanted.

import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { buildConnector, errors } from 'undici';

/** What is read of a connection before all else has its turn; most answers are smaller. */
const bytesInTurn = 128 * 1024;

/** Connects. The TLS session of the last connection goes on, which saves work and, before TLS 1.3, a round trip. */
export function createConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = buildConnector({ ...options, allowH2: false, autoSelectFamily: true });
  // undici takes it up again, but holds it weakly: without this it would be gone before the next connection.
  const last: { session?: Buffer } = {};
  return (target, callback) => {
    const socket: unknown = connect(target, (...connected) => {
      if (connected[1]) {
        endWhenTaken(connected[1]);
        failWhenReset(connected[1]);
      }
      callback(...connected);
    });
    if (socket instanceof Socket) readInTurns(socket);
    if (!(socket instanceof TLSSocket)) return;
    socket.on('session', (given) => {
      last.session = given;
    });
  };
}

/**
 * Node.js reads up to two megabytes of a connection in a turn of the event loop: hundreds of thousands of crumbs, or of
 * informational answers, each of which undici tells of by itself.
 */
function readInTurns(socket: Socket): void {
  const read = socket._read.bind(socket);
  let taken = 0;
  socket._read = (size) => {
    if (socket.bytesRead - taken < bytesInTurn) return read(size);
    taken = socket.bytesRead;
    setImmediate(read, size);
  };
}

/**
 * Has a connection end where whoever reads it is ready for that: undici 7 throws where nobody can catch it if the end comes
 * while it waits for a client to take what came before.
 */
function endWhenTaken(socket: Socket): void {
  const push = socket.push.bind(socket);
  const read = socket.read.bind(socket);
  let hasEnded = false;
  let isRead = false;
  const end = () => {
    if (!hasEnded || socket.readableLength > 0) return;
    isRead = false;
    // Who waits for nobody reads at once.
    socket.emit('readable');
    if (!isRead) return;
    hasEnded = false;
    push(null);
  };
  socket.push = (chunk: unknown, encoding) => {
    if (chunk !== null) return push(chunk, encoding);
    hasEnded = true;
    process.nextTick(end);
    return false;
  };
  socket.read = (size) => {
    isRead = true;
    if (hasEnded) process.nextTick(end);
    return read(size);
  };
}

/**
 * Has a connection that is reset fail as one that was closed: undici 7 takes a reset for the end of an answer without a
 * length, and throws as above. Of a reset that Node.js tells of as an end, as before version 24 at times, nobody knows.
 */
function failWhenReset(socket: Socket): void {
  const destroy = socket._destroy.bind(socket);
  socket._destroy = (error, done) => {
    const isReset = error !== null && 'code' in error && error.code === 'ECONNRESET';
    destroy(isReset ? Object.assign(new errors.SocketError('other side reset'), { cause: error }) : error, done);
  };
}
