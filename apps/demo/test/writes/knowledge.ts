import { asked, there } from './steps.ts';
import type { WriteCases } from './write-case.ts';

export const knowledgeWrites: WriteCases = {
  'knowledge/actions removeDocument': {
    path: '/knowledge/acme',
    press: asked(/^Delete /, 'Delete'),
    kept: there((page) => page.getByRole('row').nth(3)),
  },
  'knowledge/actions startDocument': { writtenIn: 'a document of an organisation' },
};
