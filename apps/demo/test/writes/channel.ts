import type { Page } from 'playwright-core';
import { productPage } from '../addresses.ts';
import { button, press, there, values } from './steps.ts';
import type { WriteCases } from './write-case.ts';

const message = `Not for long ${crypto.randomUUID()}`;
const messageOf = (page: Page) => page.getByRole('log').getByText(message).first();
const writeMessage = async (page: Page) => {
  if ((await messageOf(page).count()) > 0) return;
  await page.getByRole('textbox', { name: 'Message' }).fill(message);
  await page.getByRole('textbox', { name: 'Message' }).press('Enter');
  await page
    .getByRole('list', { name: 'Not sent yet' })
    .waitFor({ state: 'detached', timeout: 10_000 });
  await messageOf(page).waitFor();
};
const ofMessage = (item: string) => async (page: Page) => {
  await messageOf(page).hover();
  await button(page, 'More for this message').last().click();
  await page.getByRole('menuitem', { name: item }).click();
};

export const channelWrites: WriteCases = {
  'workspace/channel/messages deleteMessage': {
    path: productPage('general'),
    prepare: writeMessage,
    press: async (page) => {
      await ofMessage('Delete')(page);
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    },
    kept: there(messageOf),
  },
  'workspace/channel/messages editMessage': {
    path: productPage('general'),
    prepare: async (page) => {
      await writeMessage(page);
      await ofMessage('Edit')(page);
      await page.getByLabel('The message’s new text').fill('Other words');
    },
    press: press('Save'),
    kept: values({ 'The message’s new text': 'Other words' }),
  },
  'workspace/channel/messages react': {
    path: productPage('general'),
    prepare: writeMessage,
    press: async (page) => {
      await messageOf(page).hover();
      await button(page, /^React to Ada/)
        .last()
        .click();
      await page.getByRole('menuitem', { name: '🎉' }).click();
    },
    kept: there(messageOf),
  },
  'workspace/channel/messages sendMessage': { writtenIn: 'channel' },
};
