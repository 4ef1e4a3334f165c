import { beforeAll, expect, test } from 'vitest';
import { type Seat, seatOf } from './browser.ts';

let ada: Seat;
beforeAll(async () => {
  ada = await seatOf('ada');
});

test('a new task is claimed by the worker, logged live under a lease, finished and answered', async () => {
  const { page, main } = ada;
  await ada.goTo('/tasks');
  await page.getByRole('button', { name: 'New task' }).click();
  await page.getByLabel('Instructions').fill('Count the words of this prompt.');
  await page.getByLabel('Title (optional)').fill('Count words');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { level: 1, name: 'Count words' }).waitFor();
  // First come the tasks that the sample data left pending.
  const claimed = { timeout: 45_000 };
  await main.getByText('live', { exact: true }).waitFor(claimed);
  await main.getByText(/A worker holds it, attempt 1. Its lease ends at/).waitFor();
  const log = page.getByRole('region', { name: 'Log lines' });
  const bar = page.getByRole('progressbar', { name: 'Progress' });
  const lengths = new Set<number>();
  const progress = new Set<string | null>();
  await expect
    .poll(
      async () => {
        lengths.add(await log.locator('p').count());
        progress.add(await bar.getAttribute('aria-valuenow'));
        return main.getByText('completed', { exact: true }).count();
      },
      { timeout: 20_000 },
    )
    .toBe(1);
  expect(lengths.size).toBeGreaterThan(2);
  expect(progress.size).toBeGreaterThan(2);
  await log.getByText(/Claimed by worker \d+, attempt 1/).waitFor();
  await log.getByText('Done').waitFor();
  expect(await main.getByText(/A worker holds it/).count()).toBe(0);
  await main.getByText('Your prompt has 6 words.').waitFor();
  await page.getByLabel('Message').fill('Thank you.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('listitem').filter({ hasText: 'Thank you.' }).waitFor();
});

test('tags are put on a task and taken off, and filter the list with status and words', async () => {
  const { page, main } = ada;
  const shown = main.locator('header').getByRole('list', { name: 'Tags' }).getByRole('listitem');
  const toggle = async (name: string) => {
    await page.getByRole('button', { name: 'Tags' }).click();
    await page.getByRole('menuitem', { name }).click();
  };
  await ada.goTo('/tasks');
  await page.getByRole('link', { name: 'Count words' }).first().click();
  await toggle('urgent');
  await expect.poll(() => shown.allTextContents()).toEqual(['urgent']);
  await toggle('docs');
  await expect.poll(() => shown.allTextContents()).toEqual(['docs', 'urgent']);
  await toggle('docs');
  await expect.poll(() => shown.allTextContents()).toEqual(['urgent']);

  await ada.goTo('/tasks');
  await page.getByRole('link', { name: 'completed' }).click();
  await page.waitForURL('**/tasks?status=completed');
  await page.getByLabel('Words of the title or the prompt').fill('count');
  await page.getByLabel('Tag', { exact: true }).selectOption('urgent');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.waitForURL(/text=count/);
  await main.getByRole('link', { name: 'Count words' }).first().waitFor();
  const found = await main.getByRole('listitem').filter({ hasText: 'messages' }).allTextContents();
  for (const text of found) expect(text).toMatch(/count.*completed.*urgent/is);
  await ada.goTo('/tasks?text=zebra');
  await main.getByText('No task fits the filter').waitFor();
});

test('a key is stored, shown as its hint alone, and deleted', async () => {
  const { page } = ada;
  const key = 'sk-made-up-key-that-opens-nothing-7391';
  await ada.goTo('/tasks/settings');
  await page.getByLabel('Provider').selectOption('gemini');
  await page.getByLabel('Key', { exact: true }).fill(key);
  await page.getByRole('button', { name: 'Store' }).click();
  await page.getByRole('cell', { name: 'sk-…7391' }).waitFor();
  expect(await page.getByLabel('Key', { exact: true }).inputValue()).toBe('');
  await ada.reload();
  await page.getByRole('cell', { name: 'sk-…7391' }).waitFor();
  expect(await page.content()).not.toContain('opens-nothing');
  await page.getByRole('button', { name: 'Delete the key at gemini' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => page.getByRole('cell', { name: 'gemini' }).count()).toBe(0);
});

test('a deleted task is gone from the list, and a second person sees none of the first’s', async () => {
  const { page } = ada;
  await ada.goTo('/tasks');
  await page.getByRole('link', { name: 'Count words' }).first().click();
  await page.waitForURL(/\/tasks\/[\w-]+$/);
  const address = page.url();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL('**/tasks');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.waitForURL(address);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL('**/tasks');
  await ada.goTo(address);
  await page.getByRole('heading', { name: 'Not found' }).waitFor();
  const ben = await seatOf('ben');
  await ben.goTo('/tasks');
  await ben.main.getByText('You have no task yet').waitFor();
});
