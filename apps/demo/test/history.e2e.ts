import { driveId } from '@pagespace/db/seed';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { product } from './addresses.ts';
import { seatOf } from './browser.ts';
import { answerOf, call, serverActions } from './server-actions.ts';

test('the history of a page is compared and restored, by its editors only', async () => {
  const ada = await seatOf('ada');
  const actions = await serverActions();
  const run = async (name: string, input: unknown) => {
    const action = actions.find((each) => each.name === name);
    if (!action) throw new Error(`There is no action ${name}.`);
    return answerOf(await call(ada.context, action, { args: [input] }));
  };
  const created = await run('workspace/pages addPage', {
    driveId: driveId('product'),
    parentId: null,
    title: 'Recipe',
    type: 'DOCUMENT',
  });
  const { id: pageId } = z.object({ id: z.string() }).parse(created.value);
  const save = (revision: number, content: string) =>
    run('workspace/pages savePage', { pageId, revision, content });
  expect((await save(0, 'Flour\nWater\n')).code).toBe('OK');
  expect((await save(1, 'Flour\nMilk\n')).code).toBe('OK');

  const { page } = ada;
  const openHistory = async () => {
    await ada.goTo(`${product}/pages/${pageId}`);
    await page.getByRole('button', { name: 'More for this page' }).click();
    await page.getByRole('menuitem', { name: 'History' }).click();
  };
  await openHistory();
  const versions = page.getByRole('list', { name: 'Versions' });
  const first = versions.getByRole('listitem').filter({ hasText: 'Revision 1: Recipe' });
  await first.getByText(/Changed by Ada Lovelace/).waitFor();
  await first.getByRole('button', { name: 'Compare' }).click();
  const changes = first.getByRole('region', { name: 'Changes since this version' });
  await changes.waitFor();
  expect(await changes.locator('del').allInnerTexts()).toEqual(['- Water']);
  expect(await changes.locator('ins').allInnerTexts()).toEqual(['+ Milk']);
  await first.getByRole('button', { name: 'Restore' }).click();
  await page.getByText('The page is as it was at revision 1.', { exact: true }).waitFor();
  await expect
    .poll(async () => (await run('workspace/pages readPage', { pageId })).value)
    .toMatchObject({ content: 'Flour\nWater\n', revision: 3 });
  await openHistory();
  await expect.poll(() => versions.getByRole('listitem').count()).toBe(3);
});
