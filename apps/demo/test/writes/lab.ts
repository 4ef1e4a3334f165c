import { fill, press, values } from './steps.ts';
import type { WriteCases } from './write-case.ts';

export const labWrites: WriteCases = {
  'schema-screen/lab-actions runInLab': {
    path: '/schema/tasks/queries/getUserTasks',
    prepare: fill({ limit: '7' }),
    press: press('Run'),
    kept: values({ limit: '7' }),
  },
};
