import { beforeAll, expect, test } from 'vitest';
import { type Seat, seatOf } from './browser.ts';

let ben: Seat;
beforeAll(async () => {
  ben = await seatOf('ben');
});

const rows = () => ben.page.locator('tbody tr');

test('GitHub’s recordings are imported page by page, and again add nothing', async () => {
  const { page, main } = ben;
  await ben.goTo('/connectors');
  await main.getByText('You have no connection yet').waitFor();
  await page.getByRole('button', { name: 'Connect GitHub’s recordings' }).click();
  await main.getByText('No pull requests here').waitFor();

  const bar = page.getByRole('progressbar', { name: 'Documents imported' });
  const seen = new Set<string | null>();
  await page.getByRole('button', { name: 'Import' }).click();
  const said = page.getByRole('region', { name: 'Import' }).getByRole('status');
  await expect
    .poll(
      async () => {
        seen.add(await bar.getAttribute('aria-valuenow'));
        return said.textContent();
      },
      { timeout: 30_000, interval: 20 },
    )
    .toMatch(/Done\.$/);
  expect(seen.size).toBeGreaterThan(2);
  const first = (await said.textContent()) ?? '';
  expect(first).toMatch(
    /^(\d+) of \1 documents; \d+ documents held nothing that is stored.*: [1-9]\d* rows inserted/,
  );
  await expect.poll(() => rows().count()).toBeGreaterThan(0);

  await page.getByRole('button', { name: 'Import' }).click();
  await expect
    .poll(() => said.textContent(), { timeout: 30_000 })
    .toMatch(/: 0 rows inserted, \d+ updated, [1-9]\d* unchanged\. Done\.$/);
});

test('every table of the vendor has its rows, and goes on as one scrolls', async () => {
  const { page } = ben;
  await ben.goTo('/connectors');
  await page.getByRole('link', { name: 'GitHub' }).click();
  for (const name of ['Issues', 'Commits', 'Repositories']) {
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('region', { name }).waitFor();
    await expect.poll(() => rows().count()).toBeGreaterThan(0);
  }
  const ada = await seatOf('ada');
  await ada.goTo('/connectors');
  await ada.page.getByRole('link', { name: 'Slack' }).click();
  const messages = ada.page.locator('tbody tr');
  await messages.first().waitFor();
  await messages.last().scrollIntoViewIfNeeded();
  await expect.poll(() => messages.count()).toBe(60);
});

test('one feed has all services, newest first; a disconnected one is gone from it', async () => {
  const { page, main } = ben;
  await ben.goTo('/connectors/activity');
  await main.getByText('github', { exact: false }).first().waitFor();
  const times = await page
    .locator('main time')
    .evaluateAll((all) => all.map((time) => time.getAttribute('datetime') ?? ''));
  expect(times.length).toBeGreaterThan(10);
  expect(times).toEqual(times.toSorted().reverse());

  await ben.goTo('/connectors');
  await page.getByRole('link', { name: 'GitHub' }).click();
  await page.getByRole('button', { name: 'Disconnect' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('all rows that were fetched through it are deleted').waitFor();
  await dialog.getByRole('button', { name: 'Disconnect' }).click();
  await main.getByText('You have no connection yet').waitFor();
  await ben.goTo('/connectors/activity');
  await main.getByText('Nothing has happened yet').waitFor();
});
