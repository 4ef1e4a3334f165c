import './end-with-parent.ts';
import { inject } from 'vitest';
import { demandVector } from './run.ts';

// Tests run in the folder of their package, also when the whole workspace is tested.
process.chdir(inject('packageFolder'));

if (inject('needsVector')) demandVector();

// A module that whoever started the run wants in every process of tests, as `migrator record` does.
if (process.env.TEST_PRELOAD) await import(process.env.TEST_PRELOAD);
