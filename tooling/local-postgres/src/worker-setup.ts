import './end-with-parent.ts';
import { inject } from 'vitest';
import { demandVector } from './run.ts';

// Tests run in the folder of their package, also in a run of the whole workspace.
process.chdir(inject('packageFolder'));

if (inject('needsVector')) demandVector();

// A module that the caller of the run loads into every test process, as `migrator record` does.
if (process.env.TEST_PRELOAD) await import(process.env.TEST_PRELOAD);
