import { driveId } from '@pagespace/db/seed';
import { expect } from 'vitest';
import { productPage } from '../addresses.ts';
import { button, editor, heading, menu, newPage, press, pressed, there } from './steps.ts';
import type { WriteCase, WriteCases } from './write-case.ts';

const saved = (title: string): WriteCase => ({
  path: productPage(title),
  prepare: async (page) => {
    await press('Edit')(page);
    await editor(page).fill('Words that are nowhere else');
  },
  press: press('Save'),
  kept: (page) => expect.poll(() => editor(page).inputValue()).toBe('Words that are nowhere else'),
  finish: press('Cancel'),
});

export const pageWrites: WriteCases = {
  'workspace/pages addDrive': { writtenIn: 'new drive' },
  'workspace/pages addPage': { writtenIn: 'new page' },
  'workspace/pages movePageTo': {
    path: productPage('Launch plan'),
    press: async (page) => {
      await page.getByRole('tree').focus();
      await page.keyboard.press('Alt+ArrowDown');
    },
    kept: async (page) => {
      const line = page.getByRole('treeitem', { name: 'Launch plan' });
      expect(await line.getAttribute('aria-posinset')).toBe('1');
    },
  },
  'workspace/pages movePageTo: dialog': {
    path: productPage('Risks'),
    prepare: async (page) => {
      await menu('Move')(page);
      await page.getByLabel('Under').selectOption({ label: 'Research' });
    },
    press: (page) => page.getByRole('dialog').getByRole('button', { name: 'Move' }).click(),
    kept: there((page) => page.getByRole('dialog').getByLabel('Under')),
  },
  'workspace/pages movePageToTrash': {
    path: productPage('Risks'),
    press: menu('To the trash'),
    kept: heading('Risks'),
  },
  'workspace/pages restoreFromTrash': {
    path: `/drives/${driveId('notes')}/trash`,
    press: press('Restore Old drafts'),
    kept: pressed('Restore Old drafts'),
  },
  'workspace/pages restoreFromTrash: Undo': {
    path: `/drives/${driveId('notes')}`,
    prepare: async (page) => {
      await newPage('Thrown away by a slip')(page);
      await menu('To the trash')(page);
      await button(page, 'Undo').waitFor();
    },
    isUndo: true,
    press: press('Undo'),
    kept: pressed('Undo'),
  },
  'workspace/pages renamePage': { writtenIn: 'rename' },
  'workspace/pages savePage: document': saved('Launch plan'),
  'workspace/pages savePage: sheet': saved('Risks'),
  'workspace/pages savePage: canvas': saved('Architecture sketch'),
};
