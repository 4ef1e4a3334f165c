import { inject } from 'vitest';

// Tests run in the folder of their package, also when the whole workspace is tested.
process.chdir(inject('packageFolder'));

// A vitest worker that loses its parent lives on while anything is open in it, and an embedded Postgres is.
process.once('disconnect', () => process.exit(1));
