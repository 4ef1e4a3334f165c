import { beforeAll, expect, test } from 'vitest';
import { type Seat, seatOf } from './browser.ts';

let ada: Seat;
beforeAll(async () => {
  ada = await seatOf('ada');
});

const text = [
  '# Launch of the quokka',
  'The quokka programme starts in May. Its launch window is a secret of this organisation.',
  ...Array.from(
    { length: 40 },
    (_, n) => `## Step ${n + 1}\n\n${`Prepare part ${n} of it. `.repeat(20)}`,
  ),
].join('\n\n');

test('a document is added with progress, and found in three ways', async () => {
  const { page } = ada;
  await ada.goTo('/knowledge');
  await page.waitForURL('**/knowledge/acme');
  await page.getByRole('button', { name: 'Add a document' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Title').fill('Quokka programme');
  await dialog.getByLabel('Text').fill(text);
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog.getByText(/Splitting the text|passages embedded/).waitFor();
  await page.getByRole('row', { name: /Quokka programme.*ready/ }).waitFor();

  await page.getByLabel('Question or words').fill('quokka launch window');
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  for (const way of ['Vector', 'Text', 'Hybrid']) {
    const column = page.getByRole('region', { name: way, exact: true });
    const best = column.getByRole('listitem').first();
    expect(await best.textContent(), way).toContain('secret of this organisation');
    const scores = await column.getByRole('listitem').locator('span.font-mono').allTextContents();
    expect(scores.map(Number)).toEqual(scores.map(Number).toSorted((a, b) => b - a));
  }
  expect(await page.locator('mark').first().textContent()).toMatch(/quokka|launch|window/i);
});

test('the same search as another organisation shows nothing of the first', async () => {
  const { page, main } = ada;
  await ada.goTo('/knowledge/acme?q=quokka');
  await main.getByText('secret of this organisation').first().waitFor();
  await page.getByRole('link', { name: 'Globex' }).click();
  await page.waitForURL('**/knowledge/globex?q=quokka');
  await page
    .getByRole('region', { name: 'Text', exact: true })
    .getByText('Nothing found')
    .waitFor();
  expect(await page.getByRole('main').textContent()).not.toMatch(/quokka|secret of this/i);
  await ada.goTo('/knowledge/globex');
  await page.getByRole('region', { name: 'Documents' }).waitFor();
  expect(await page.content()).not.toContain('Quokka');
});

test('who is part of one organisation sees that one, who is part of none sees none', async () => {
  const chloe = await seatOf('chloe');
  await chloe.goTo('/knowledge');
  await chloe.page.waitForURL('**/knowledge/globex');
  expect(await chloe.page.getByRole('link', { name: 'Acme' }).count()).toBe(0);
  await chloe.goTo('/knowledge/acme?q=quokka');
  await chloe.page.getByRole('heading', { name: 'Not found' }).waitFor();
  const zoe = await seatOf('zoe');
  await zoe.goTo('/knowledge');
  await zoe.main.getByText('You are part of no organisation').waitFor();
});

test('a deleted document is found no more', async () => {
  const { page, main } = ada;
  await ada.goTo('/knowledge/acme');
  await page.getByRole('button', { name: 'Delete Quokka programme' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => main.getByText('Quokka programme').count()).toBe(0);
  await ada.goTo('/knowledge/acme?q=quokka');
  await page
    .getByRole('region', { name: 'Text', exact: true })
    .getByText('Nothing found')
    .waitFor();
});
