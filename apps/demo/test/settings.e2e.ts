import { beforeAll, expect, test } from 'vitest';
import { type Seat, seatOf } from './browser.ts';

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
