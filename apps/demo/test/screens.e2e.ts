import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { screens } from './addresses.ts';
import { openSeat, type Seat, seatOf, statementsOf, visit } from './browser.ts';
import { openStatements } from './statements.ts';
import { menu, press } from './writes/steps.ts';

/** Three searches side by side: the session, the tenant, and two statements for each. */
const mostStatements: Readonly<Record<string, number>> = { 'knowledge search': 8 };

let axe: string;
beforeAll(async () => {
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});

/** Violations that axe reports, each with its element. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations }: AxeResults = await page.evaluate('axe.run(document)');
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
  );
}

/** Elements that scroll sideways, apart from code, drawings and tables with columns of the reader's. */
const sideways = (page: Page) =>
  page.evaluate(() =>
    [document.documentElement, ...document.querySelectorAll('body *')]
      .filter(
        (element) =>
          element.scrollWidth > element.clientWidth + 1 &&
          (element === document.documentElement ||
            ['auto', 'scroll'].includes(getComputedStyle(element).overflowX)) &&
          (element.matches('.cards') || !element.matches('pre, .code, [class*=overflow-x-auto]')),
      )
      .map((element) => `${element.tagName} ${element.className}`),
  );

/** Cells of a row that is a card, which do not say what they are. */
const namelessCells = (page: Page) =>
  page
    .locator('.cards td:not(:first-child, [data-label])')
    .evaluateAll((cells) =>
      cells.filter((cell) => cell.querySelector('button') === null).map((cell) => cell.textContent),
    )
    .then((texts) => texts.filter(Boolean));

/** Windows that open over a screen, each with the press that opens it. */
const windows = {
  share: [screens.document, press('Share')],
  history: [screens.document, menu('History')],
  rename: [screens.document, menu('Rename')],
  move: [screens.document, menu('Move')],
  'new page': [screens.document, menu('New page in it')],
  'new drive': [screens.drives, press('New drive')],
  'new task': [screens.tasks, press('New task')],
  'new document': [screens.knowledge, press('Add a document')],
} as const;

/** A window of 1440 pixels at 200 % has 720. */
const narrower = { 1440: [1024, 720], 390: [] } as const;

describe.each([
  ['wide and light', 1440, 'light', 'no-preference'],
  ['on a phone, dark and without motion', 390, 'dark', 'reduce'],
] as const)('every screen %s', (_, width, colorScheme, reducedMotion) => {
  let seat: Seat;
  beforeAll(async () => {
    seat = await seatOf('ada', width);
    await seat.page.emulateMedia({ colorScheme, reducedMotion });
  });

  test.each(Object.entries(screens))('%s', async (name, path) => {
    await visit(seat, path);
    expect(await findings(seat.page)).toEqual([]);
    expect(seat.complaints).toEqual([]);
    expect(await seat.page.title()).toMatch(/^\S.* · Postgres reference$/);
    expect(await namelessCells(seat.page)).toEqual([]);
    if (reducedMotion === 'reduce') {
      expect(await seat.page.evaluate(() => document.getAnimations().length)).toBe(0);
    }
    for (const shown of [width, ...narrower[width]]) {
      await seat.page.setViewportSize({ width: shown, height: 900 });
      expect(await sideways(seat.page), `at ${shown}`).toEqual([]);
    }
    await seat.page.setViewportSize({ width, height: 900 });
    expect(await statementsOf(seat)).toBeLessThanOrEqual(mostStatements[name] ?? 3);
  });
});

describe.each([
  ['wide and dark', 1440, 'dark'],
  ['on a phone and light', 390, 'light'],
] as const)('every window %s', (_, width, colorScheme) => {
  test.each(Object.entries(windows))('%s', async (_name, [path, open]) => {
    const seat = await seatOf('ada', width);
    await seat.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await seat.goTo(path);
    await open(seat.page);
    const dialog = seat.page.getByRole('dialog').last();
    await dialog.waitFor();
    await expect.poll(() => dialog.getByRole('status', { name: 'Loading' }).count()).toBe(0);
    expect(await findings(seat.page)).toEqual([]);
    expect(await sideways(seat.page)).toEqual([]);
    expect(seat.complaints).toEqual([]);
    await seat.page.keyboard.press('Escape');
    await expect.poll(() => seat.page.getByRole('dialog').count()).toBe(0);
    await seat.context.close();
  });
});

test('the statements panel, with a plan', async () => {
  const seat = await seatOf('ada', 390);
  await visit(seat, '/tasks');
  const panel = await openStatements(seat.page);
  await panel.getByRole('button', { name: 'Plan of statement 2' }).click();
  await panel.getByRole('list', { name: 'Plan for any parameters' }).waitFor();
  expect(await findings(seat.page)).toEqual([]);
  await seat.page.keyboard.press('Escape');
  await expect.poll(() => panel.count()).toBe(0);
  // The keyboard is back where it was.
  await expect
    .poll(() => seat.page.evaluate(() => document.activeElement?.textContent))
    .toMatch(/statements?, /);
});

test('the sign-in page', async () => {
  const seat = await openSeat(390);
  await visit(seat, '/sign-in');
  expect(await findings(seat.page)).toEqual([]);
});
