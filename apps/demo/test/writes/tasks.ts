import { asked, button, heading, press, pressed, there } from './steps.ts';
import type { WriteCases } from './write-case.ts';

export const taskWrites: WriteCases = {
  'tasks/actions addTask': { writtenIn: 'new task' },
  'tasks/actions bringBackTask': {
    path: '/tasks',
    prepare: async (page) => {
      await page.getByRole('link', { name: 'Explain the cache' }).last().click();
      await press('Delete')(page);
      await button(page, 'Undo').waitFor();
    },
    isUndo: true,
    press: press('Undo'),
    kept: pressed('Undo'),
    finish: async (page) => {
      await press('Undo')(page);
      await heading('Explain the cache')(page);
    },
  },
  'tasks/actions deleteTask': {
    path: '/tasks?status=completed',
    prepare: (page) => page.getByRole('link', { name: 'Dark mode' }).first().click(),
    press: press('Delete'),
    kept: heading('Dark mode'),
  },
  'tasks/actions moveTask': {
    path: '/tasks?status=stopped',
    prepare: async (page) => {
      await page.getByRole('main').getByRole('link').last().click();
      await button(page, 'Try again').waitFor();
    },
    press: press('Try again'),
    kept: there((page) => page.getByRole('main').getByText('stopped', { exact: true })),
  },
  'tasks/actions removeKey': {
    path: '/tasks/settings',
    press: asked('Delete the key at anthropic', 'Delete'),
    kept: pressed('Delete the key at anthropic'),
  },
  'tasks/actions saveKey': { writtenIn: 'key of a worker' },
  'tasks/actions sendMessage': { writtenIn: 'message of a task' },
  'tasks/actions tagTask': {
    path: '/tasks?status=completed',
    prepare: (page) => page.getByRole('link', { name: 'Dark mode' }).first().click(),
    press: async (page) => {
      await press('Tags')(page);
      await page.getByRole('menuitem', { name: 'docs' }).click();
    },
    kept: heading('Dark mode'),
  },
};
