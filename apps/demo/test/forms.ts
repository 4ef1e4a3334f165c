// Every form and composer of the application: how to come to it, fill it in and send it.
import { driveId } from '@pagespace/db/seed';
import type { Locator, Page } from 'playwright-core';
import { product, productPage, task } from './addresses.ts';

export interface FormCase {
  readonly path: string;
  /** Makes the form visible. */
  readonly open?: (page: Page) => Promise<void>;
  /** The field in which somebody goes on writing. */
  readonly field: (page: Page) => Locator;
  /** A text that the form takes. */
  readonly text: () => string;
  /** Fills in what else is required. */
  readonly fill?: (page: Page) => Promise<void>;
}

const press = (name: string | RegExp) => (page: Page) =>
  page.getByRole('button', { name }).first().click();
const menu = (item: string) => async (page: Page) => {
  await press('More for this page')(page);
  await page.getByRole('menuitem', { name: item }).click();
};
let number = 0;
const unique = (text: string) => () => {
  number += 1;
  return `${text} ${number}`;
};
const inDialog = (label: string) => (page: Page) => page.getByRole('dialog').getByLabel(label);

/** Forms whose fields are cleared, closed or left after sending. */
export const forms: Readonly<Record<string, FormCase>> = {
  'new drive': {
    path: '/drives',
    open: press('New drive'),
    field: inDialog('Name'),
    text: unique('Drive'),
  },
  'new page': {
    path: product,
    open: press('New page'),
    field: inDialog('Title'),
    text: unique('Page'),
  },
  rename: {
    path: productPage('Risks'),
    open: menu('Rename'),
    field: inDialog('Title'),
    text: unique('Risks'),
  },
  share: {
    path: productPage('Launch plan'),
    open: press('Share'),
    field: inDialog('E-mail address'),
    text: () => 'dmitri@example.com',
  },
  invitation: {
    path: `/drives/${driveId('notes')}/members`,
    field: (page) => page.getByLabel('E-mail address'),
    text: () => `${crypto.randomUUID()}@example.com`,
  },
  'role of a drive': {
    path: `/drives/${driveId('notes')}/members`,
    field: (page) => page.getByLabel('Name of the role'),
    text: unique('Role'),
  },
  'access token': {
    path: '/settings/tokens',
    field: (page) => page.getByLabel('Name'),
    text: unique('Token'),
    fill: async (page) => page.getByRole('checkbox').first().check(),
  },
  'key of an AI provider': {
    path: '/settings/providers',
    field: (page) => page.getByLabel('New key for xAI'),
    text: unique('made-up-key'),
  },
  'new task': {
    path: '/tasks',
    open: press('New task'),
    field: inDialog('Instructions'),
    text: unique('Count the words'),
  },
  'key of a worker': {
    path: '/tasks/settings',
    field: (page) => page.getByLabel('Key', { exact: true }),
    text: unique('sk-made-up-key-that-opens-nothing'),
  },
  'a document of an organisation': {
    path: '/knowledge/globex',
    open: press('Add a document'),
    field: inDialog('Text'),
    text: unique('A text of few words'),
    fill: async (page) => inDialog('Title')(page).fill(unique('Title')()),
  },
};

/** Composers send at once and are free for the next text. */
export const composers: Readonly<Record<string, FormCase>> = {
  channel: {
    path: productPage('general'),
    field: (page) => page.getByRole('textbox', { name: 'Message' }),
    text: unique('A message'),
  },
  thread: {
    path: productPage('general'),
    open: async (page) => {
      await page.getByRole('log').getByText('A message').first().hover();
      await page
        .getByRole('button', { name: /^Answer Ada/ })
        .last()
        .click();
    },
    field: (page) => page.getByRole('textbox', { name: 'Reply' }),
    text: unique('An answer'),
  },
  'AI chat': {
    path: productPage('Assistant'),
    field: (page) => page.getByRole('textbox', { name: 'Question' }),
    text: unique('A question'),
  },
  comment: {
    path: productPage('Launch plan'),
    field: (page) => page.getByRole('textbox', { name: 'Comment' }),
    text: unique('A comment'),
  },
  'reply to a comment': {
    path: productPage('Launch plan'),
    open: press('Reply'),
    field: (page) => page.getByRole('textbox', { name: 'Reply' }),
    text: unique('A reply'),
  },
  'message of a task': {
    path: task(0),
    field: (page) => page.getByRole('textbox', { name: 'Message' }),
    text: unique('A message about the task'),
  },
};
