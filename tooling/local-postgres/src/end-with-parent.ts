// A vitest worker that loses its parent lives on while anything is open in it, and a PGlite is. It
// is a separate module, because the setup file runs for every test file and a module once in a
// process.
process.once('disconnect', () => process.exit(1));
