// Loaded first into a process of the demo: it ends when the launcher does, also when that one was killed,
// and also when that one was gone before this line ran.
process.on('disconnect', () => process.exit(0));
if (process.connected === false) process.exit(0);
