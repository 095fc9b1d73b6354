// Ends the process it is loaded into when the parent is gone, even one that was killed and could say nothing.

process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));

// Waiting for that must not keep the process alive.
process.channel?.unref();
