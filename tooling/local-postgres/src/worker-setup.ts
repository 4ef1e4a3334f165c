// A vitest worker that loses its parent lives on while anything is open in it, and an embedded Postgres is.
process.once('disconnect', () => process.exit(1));
