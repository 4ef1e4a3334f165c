import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { screens } from './addresses.ts';
import { openSeat, type Seat, seatOf, statementsOf, visit } from './browser.ts';
import { openStatements } from './statements.ts';

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

describe.each([
  ['wide and light', 1440, 'light'],
  ['on a phone and dark', 390, 'dark'],
] as const)('every screen %s', (_, width, colorScheme) => {
  let seat: Seat;
  beforeAll(async () => {
    seat = await seatOf('ada', width);
    await seat.page.emulateMedia({ colorScheme });
  });

  test.each(Object.entries(screens))('%s', async (name, path) => {
    await visit(seat, path);
    expect(await findings(seat.page)).toEqual([]);
    expect(seat.complaints).toEqual([]);
    const overflow = await seat.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
    expect(await statementsOf(seat)).toBeLessThanOrEqual(mostStatements[name] ?? 3);
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
