import type { Page } from 'playwright-core';
import { productPage } from '../addresses.ts';
import { button, press, pressed, there } from './steps.ts';
import type { WriteCases } from './write-case.ts';

const comment = `Not for long ${crypto.randomUUID()}`;
const commentLine = (page: Page) => page.getByRole('listitem').filter({ hasText: comment });
const writeComment = async (page: Page) => {
  await page.getByLabel('Comment').fill(comment);
  await page.getByLabel('Comment').press('Enter');
  await commentLine(page).getByRole('button', { name: 'Delete' }).waitFor();
};

export const commentWrites: WriteCases = {
  'workspace/comments/actions addComment': { writtenIn: 'comment' },
  'workspace/comments/actions deleteComment': {
    path: productPage('Risks'),
    prepare: writeComment,
    press: (page) => commentLine(page).getByRole('button', { name: 'Delete' }).click(),
    kept: there(commentLine),
  },
  'workspace/comments/actions bringBackComment': {
    path: productPage('Architecture sketch'),
    prepare: async (page) => {
      await writeComment(page);
      await commentLine(page).getByRole('button', { name: 'Delete' }).click();
      await button(page, 'Undo').waitFor();
    },
    isUndo: true,
    press: press('Undo'),
    kept: pressed('Undo'),
  },
};
