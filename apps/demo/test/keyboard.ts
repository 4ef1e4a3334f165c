// A person without a mouse: the keys alone, and the focus is seen wherever it lands.
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** More elements than any screen has before what is looked for. */
const mostTabs = 90;

/** Whether an element has the focus. */
export const isFocused = (locator: Locator) =>
  locator.evaluate((element) => element === document.activeElement);

/** The focused element is outlined, or (in a tree) one of its lines is. */
const isSeen = (page: Page) =>
  page.evaluate(() => {
    const { activeElement } = document;
    const id = activeElement?.getAttribute('aria-activedescendant');
    const shown = id ? document.getElementById(id) : activeElement;
    if (!shown || shown === document.body) return false;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) > 0;
  });

/** Presses Tab until an element has the focus, from wherever it is. */
export async function tabTo(page: Page, locator: Locator): Promise<void> {
  const one = locator.first();
  await one.waitFor();
  for (let count = 0; count < mostTabs; count += 1) {
    if (await isFocused(one)) {
      expect(await isSeen(page), `${one} shows its focus`).toBe(true);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not come to ${one}.`);
}

/** Goes to a button or link with Tab, and presses it with Enter. */
export async function enter(page: Page, locator: Locator): Promise<void> {
  await tabTo(page, locator);
  await page.keyboard.press('Enter');
}

/** Opens a menu with Enter and chooses an item by the arrow keys. */
export async function choose(page: Page, trigger: Locator, name: string): Promise<void> {
  await enter(page, trigger);
  const item = page.getByRole('menuitem', { name });
  await item.waitFor();
  for (let count = 0; count < 12 && !(await isFocused(item)); count += 1) {
    await page.keyboard.press('ArrowDown');
  }
  expect(await isFocused(item)).toBe(true);
  await page.keyboard.press('Enter');
}
