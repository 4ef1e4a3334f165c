import { press, pressed } from './steps.ts';
import type { WriteCases } from './write-case.ts';

export const guideWrites: WriteCases = {
  'guide/actions runStep': {
    path: '/guide',
    press: press('Save twice'),
    kept: pressed('Save twice'),
  },
  'guide/actions crashServer': {
    path: '/guide',
    press: press('Kill the server'),
    kept: pressed('Kill the server'),
  },
};
