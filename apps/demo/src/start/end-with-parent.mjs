// Loaded into the web server's process: it ends when the launcher does, also when that one was killed.
process.on('disconnect', () => process.exit(0));
