import { productPage } from '../addresses.ts';
import { press, values } from './steps.ts';
import type { WriteCases } from './write-case.ts';

export const chatWrites: WriteCases = {
  'workspace/chat/chat ask': { writtenIn: 'AI chat' },
  'workspace/chat/chat editQuestion': {
    path: productPage('Assistant'),
    prepare: async (page) => {
      await press('Edit')(page);
      await page.getByLabel('The question’s new text').fill('Other words');
    },
    press: press('Save'),
    kept: values({ 'The question’s new text': 'Other words' }),
  },
};
