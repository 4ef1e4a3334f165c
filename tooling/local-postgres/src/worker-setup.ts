import { inject } from 'vitest';
import { demandVector } from './run.ts';

// Tests run in the folder of their package, also when the whole workspace is tested.
process.chdir(inject('packageFolder'));

if (inject('needsVector')) demandVector();

// A vitest worker that loses its parent lives on while anything is open in it, and a PGlite is.
process.once('disconnect', () => process.exit(1));
