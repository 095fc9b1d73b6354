// Owns what the program takes of undici: its entry loads all of it, and fetch, WebSocket, caches and mocks that nobody
// asks for here are a sixth of what a start has to read and compile.

const Dispatcher = require('undici/lib/dispatcher/dispatcher.js');

// As undici's own entry does: without it there is no `request`.
Object.assign(Dispatcher.prototype, require('undici/lib/api/index.js'));

exports.buildConnector = require('undici/lib/core/connect.js');
exports.errors = require('undici/lib/core/errors.js');
exports.Client = require('undici/lib/dispatcher/client.js');
exports.Pool = require('undici/lib/dispatcher/pool.js');
