import { driveId } from '@pagespace/db/seed';
import { button, editor, menu, newPage, press, pressed } from './steps.ts';
import type { WriteCases } from './write-case.ts';

export const historyWrites: WriteCases = {
  'workspace/history/actions restoreVersion': {
    path: `/drives/${driveId('notes')}`,
    prepare: async (page) => {
      await newPage('As it was')(page);
      await press('Edit')(page);
      await editor(page).fill('As it is');
      await press('Save')(page);
      await page.getByRole('paragraph').filter({ hasText: 'As it is' }).first().waitFor();
      await menu('History')(page);
      await button(page, 'Restore').waitFor();
    },
    press: press('Restore'),
    kept: pressed('Restore'),
  },
};
