import type { Locator, Page } from 'playwright-core';

/** Opens the statements of the screen in a window, and waits until they are there. */
export async function openStatements(page: Page): Promise<Locator> {
  await page.getByTestId('cost').getByRole('button').click();
  const panel = page.getByRole('dialog', { name: 'Statements' });
  await panel.getByRole('heading', { level: 3 }).first().waitFor();
  return panel;
}

/** Every signed-in screen sends these two, which says nothing about it. */
const ofTheSession = /^\d+\. (verifySession|touchSession)$/;

/**
 * The tables, as `package/table`, that the screen with the open panel asked for: the page, and what it
 * fetched since it is there.
 */
export async function tablesShown(page: Page): Promise<string[]> {
  const panel = page.getByRole('dialog', { name: 'Statements' });
  const choice = panel.getByLabel('Request');
  const [ids, shown] = await choice.evaluate((select: HTMLSelectElement) => [
    [...select.options].map(({ value }) => value),
    select.selectedIndex,
  ]);
  const tables = new Set<string>();
  for (const id of ids.slice(0, shown + 1).reverse()) {
    await choice.selectOption(id);
    await panel.locator(`[data-request="${id}"]`).waitFor();
    const statements = panel
      .getByRole('listitem')
      .filter({ has: page.getByRole('heading', { level: 3 }) })
      .filter({ hasNot: page.getByRole('heading', { name: ofTheSession }) });
    const hrefs = await statements
      .locator('a[href*="/tables/"]')
      .evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''));
    for (const href of hrefs) {
      tables.add(href.replace('/schema/', '').replace('/tables/', '/'));
    }
  }
  return [...tables].sort();
}
