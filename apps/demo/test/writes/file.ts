import { driveId } from '@pagespace/db/seed';
import { productPage } from '../addresses.ts';
import { asked, button, press, pressed } from './steps.ts';
import type { WriteCases } from './write-case.ts';

export const fileWrites: WriteCases = {
  'workspace/file/actions upload': {
    path: productPage('Interview.pdf'),
    press: (page) =>
      page
        .getByLabel('File to upload')
        .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('A note.') }),
    kept: pressed('Upload'),
  },
  'workspace/file/actions removeFile': {
    path: `/drives/${driveId('notes')}`,
    prepare: async (page) => {
      await press('New page')(page);
      await page.getByLabel('Title').fill('With a file');
      await page.getByLabel('Type').selectOption({ label: 'File' });
      await press('Make the page')(page);
      await page.getByLabel('File to upload').setInputFiles({
        name: 'b.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('For a test.'),
      });
      await button(page, 'Remove').waitFor();
    },
    press: asked('Remove', 'Remove'),
    kept: pressed('Remove'),
    finish: asked('Remove', 'Remove'),
  },
};
