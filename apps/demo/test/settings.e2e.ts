import { beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type Seat, seatOf } from './browser.ts';

const exported = z.object({
  database: z.string(),
  table: z.string(),
  rows: z.array(z.record(z.string(), z.unknown())),
});

let dmitri: Seat;
beforeAll(async () => {
  dmitri = await seatOf('dmitri');
});

test('an access token is shown once, listed by its beginning, and revoked', async () => {
  const { page } = dmitri;
  await dmitri.goTo('/settings/tokens');
  await page.getByLabel('Name').fill('Nightly export');
  await page.getByLabel('pages:read').check();
  await page.getByRole('button', { name: 'Issue a token' }).click();
  const shown = page.getByRole('status').filter({ hasText: 'The token' });
  const token = (await shown.locator('code').textContent()) ?? '';
  expect(token).toMatch(/^mcp_[\w-]{40,}$/);
  const line = page.getByRole('row', { name: /Nightly export/ });
  await line.getByText('active').waitFor();
  expect(await line.textContent()).toContain(token.slice(0, 8));

  await dmitri.reload();
  await line.waitFor();
  expect(await page.content()).not.toContain(token);
  await page.getByRole('button', { name: 'Revoke Nightly export' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await line.getByText('revoked').first().waitFor();
});

test('a provider’s key is sealed, masked, replaced and forgotten', async () => {
  const { page } = dmitri;
  await dmitri.goTo('/settings/providers');
  const line = page.getByRole('listitem').filter({ hasText: 'Anthropic' });
  for (const key of ['sk-first-made-up-key', 'sk-second-made-up-key']) {
    await page.getByLabel('New key for Anthropic').fill(key);
    await line.getByRole('button', { name: 'Store' }).click();
    await line.getByText('key stored').waitFor();
    await expect.poll(() => page.getByLabel('New key for Anthropic').inputValue()).toBe('');
    await dmitri.reload();
    await line.getByText('••••••••').waitFor();
    expect(await page.content()).not.toContain('made-up-key');
  }
  await line.getByRole('button', { name: 'Forget' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
  await line.getByText('Nothing set up.').waitFor();
});

test('a wish about notifications is kept', async () => {
  const { page } = dmitri;
  await dmitri.goTo('/settings/notifications');
  const box = page
    .getByRole('row', { name: /^Mention/ })
    .getByRole('checkbox')
    .nth(1);
  await box.uncheck();
  await page.getByRole('row', { name: /^Mention/ }).waitFor();
  await expect
    .poll(async () => {
      await dmitri.reload();
      return box.isChecked();
    })
    .toBe(false);
});

test('one’s data of every database comes as a file, and another address erases nothing', async () => {
  const { page, context } = dmitri;
  await dmitri.goTo('/settings/data');
  const file = await (await context.request.get('/settings/export')).text();
  const lines = file
    .trim()
    .split('\n')
    .map((line) => exported.parse(JSON.parse(line)));
  expect(new Set(lines.map(({ database }) => database))).toContain('pagespace');
  const users = lines.find(({ database, table }) => database === 'pagespace' && table === 'users');
  expect(users?.rows).toEqual([expect.objectContaining({ email: 'dmitri@example.com' })]);
  expect(file).not.toContain('ada@example.com');

  await page.getByLabel('Your e-mail address, to confirm').fill('ada@example.com');
  await page.getByRole('button', { name: 'Erase my account' }).click();
  await page.getByText('That is not the address of this account.').waitFor();
  await dmitri.reload();
  await page.getByRole('heading', { level: 1, name: 'Your data' }).waitFor();
});
