import type { BrowserContext } from 'playwright-core';
import { expect, test } from 'vitest';
import { product, productPage } from './addresses.ts';
import { home, openSeat, signIn } from './browser.ts';

const status = async (context: BrowserContext, path: string) =>
  (await context.request.get(path, { maxRedirects: 0 })).status();

test('addresses of what is not one’s own answer like those of nothing', async () => {
  const { context, page } = await signIn('zoe');
  const secret = productPage('Launch plan');
  for (const path of [`${secret}/messages`, `${secret}/file?id=x`, `${secret}/events`]) {
    expect(await status(context, path), path).toBe(404);
  }
  const tree = await context.request.get(`${product}/tree`);
  expect(await tree.json()).toMatchObject({ roots: [] });
  for (const path of [product, secret, `${product}/members`, `${product}/trash`]) {
    await page.goto(path);
    await page.getByRole('heading', { name: 'Not found' }).waitFor();
    expect(await page.content()).not.toContain('We ship the search rewrite');
  }
});

test('nobody gets in without a session, nor out of the folder of files', async () => {
  const { context } = await openSeat();
  for (const path of [product, '/settings/tokens', '/tasks', '/schema']) {
    const answer = await context.request.get(path);
    expect(new URL(answer.url()).pathname, path).toBe('/sign-in');
  }
  for (const path of [`${product}/tree`, `${product}/unread`, '/status']) {
    expect(await status(context, path), path).toBe(401);
  }
  const ada = await signIn('ada');
  for (const id of ['../../../../etc/passwd', '..%2f..%2fetc%2fpasswd', '%00']) {
    const path = `${productPage('Interview.pdf')}/file?id=${id}`;
    expect(await status(ada.context, path), id).toBe(404);
  }
});

test('an action with another person’s ids changes nothing, and one from another site is refused', async () => {
  const ada = await signIn('ada');
  const zoe = await signIn('zoe');
  const address = productPage('Risks');
  await ada.goTo(address);
  const sent = ada.page.waitForRequest(
    (request) => request.method() === 'POST' && 'next-action' in request.headers(),
  );
  await ada.page.getByRole('button', { name: 'More for this page' }).click();
  await ada.page.getByRole('menuitem', { name: 'Rename' }).click();
  await ada.page.getByLabel('Title').fill('Risks');
  const renames = ada.page.waitForRequest((request) =>
    (request.postData() ?? '').includes('title'),
  );
  await ada.page.getByRole('button', { name: 'Rename' }).click();
  await sent;
  const request = await renames;
  const replay = (context: BrowserContext, origin: string) =>
    context.request.post(address, {
      headers: {
        'next-action': request.headers()['next-action'] ?? '',
        'content-type': request.headers()['content-type'] ?? 'text/plain;charset=UTF-8',
        origin,
      },
      data: (request.postData() ?? '').replace('"title":"Risks"', '"title":"Taken over"'),
    });
  const asZoe = await replay(zoe.context, home);
  expect(await asZoe.text()).toContain('NOT_FOUND');
  const elsewhere = await replay(ada.context, 'https://elsewhere.example');
  expect(elsewhere.ok()).toBe(false);
  await ada.reload();
  await ada.page.getByRole('heading', { level: 1, name: 'Risks' }).waitFor();
});
