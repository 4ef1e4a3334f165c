// What the cases of writes press, fill in and look for.
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

export const button = (page: Page, name: string | RegExp) =>
  page.getByRole('button', { name }).first();
export const press = (name: string | RegExp) => (page: Page) => button(page, name).click();
export const there = (locator: (page: Page) => Locator) => (page: Page) =>
  locator(page).first().waitFor({ timeout: 10_000 });
export const heading = (name: string) =>
  there((page) => page.getByRole('heading', { level: 1, name }));
export const pressed = (name: string | RegExp) =>
  there((page) => page.getByRole('button', { name }));
export const menu = (item: string) => async (page: Page) => {
  await press('More for this page')(page);
  await page.getByRole('menuitem', { name: item }).click();
};
/** Opens a question with a button, unless it stands there already, and answers it. */
export const asked = (open: string | RegExp, verb: string) => async (page: Page) => {
  const dialog = page.getByRole('dialog');
  if ((await dialog.count()) === 0) await press(open)(page);
  await dialog.getByRole('button', { name: verb, exact: true }).click();
};
export const values = (fields: Readonly<Record<string, string>>) => async (page: Page) => {
  for (const [label, value] of Object.entries(fields)) {
    await expect.poll(() => page.getByLabel(label).first().inputValue()).toBe(value);
  }
};
export const fill = (fields: Readonly<Record<string, string>>) => async (page: Page) => {
  for (const [label, value] of Object.entries(fields)) {
    await page.getByLabel(label).first().fill(value);
  }
};
export const editor = (page: Page) => page.getByRole('textbox', { name: /^(Text|Lines|HTML)/ });
export const newPage = (title: string) => async (page: Page) => {
  await press('New page')(page);
  await page.getByLabel('Title').fill(title);
  await press('Make the page')(page);
  await heading(title)(page);
};
export const secret = 'made-up-and-long-enough';
