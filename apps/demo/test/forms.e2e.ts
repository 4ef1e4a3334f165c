// People go on writing while a request is under way. Each form is sent with a server that answers at
// once, late, or not at all, while somebody types on; afterwards every character is somewhere.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { productPage } from './addresses.ts';
import { openSeat, type Seat, seatOf, signIn } from './browser.ts';
import { composers, type FormCase, forms } from './forms.ts';

let ada: Seat;
beforeAll(async () => {
  ada = await seatOf('ada');
});

type Server = number | 'away' | 'broken';
const servers: readonly Server[] = [0, 100, 400, 'away', 'broken'];
const isAway = (server: Server) => typeof server === 'string';
const more = ' and more';

/** Makes the server's actions late, unreachable, or answer 500. */
async function answerLike(page: Page, server: Server): Promise<void> {
  await page.unroute('**/*');
  await page.route('**/*', async (route) => {
    if (!('next-action' in route.request().headers())) return route.fallback();
    if (server === 'away') return route.abort();
    if (server === 'broken') return route.fulfill({ status: 500, body: 'broken' });
    await new Promise((resolve) => setTimeout(resolve, Number(server)));
    return route.fallback();
  });
}

async function come(page: Page, { path, open, field, fill, text }: FormCase): Promise<string> {
  await page.unroute('**/*');
  await ada.goTo(path);
  await open?.(page);
  await fill?.(page);
  const words = text();
  await field(page).fill(words);
  return words;
}

/** Sends the form around a field, and types on in the very next moment: faster than any server. */
async function sendAndType(field: Locator, words: string): Promise<void> {
  await field.evaluate(async (element: HTMLInputElement | HTMLTextAreaElement, typed) => {
    element.form?.requestSubmit();
    await Promise.resolve();
    const prototype =
      element instanceof HTMLTextAreaElement ? HTMLTextAreaElement : HTMLInputElement;
    const write = Object.getOwnPropertyDescriptor(prototype.prototype, 'value')?.set;
    write?.call(element, `${element.value}${typed}`);
    element.dispatchEvent(new Event('input', { bubbles: true }));
  }, words);
}

const settled = (field: Locator) =>
  expect
    .poll(() =>
      field.evaluate(
        (element: HTMLInputElement) => element.form?.querySelector('[aria-busy]') === null,
      ),
    )
    .toBe(true);

describe.each(Object.entries(forms))('%s', (_, form) => {
  test.each(servers)('what is typed while the server takes %s stays', async (server) => {
    const { page } = ada;
    const words = await come(page, form);
    await answerLike(page, server);
    const field = form.field(page);
    await sendAndType(field, more);
    await settled(field);
    expect(await field.inputValue()).toBe(`${words}${more}`);
    if (isAway(server)) {
      await page
        .getByText(/The server does not answer/)
        .first()
        .waitFor();
    }
    await page.unroute('**/*');
  });
});

describe.each(Object.entries(composers))('%s', (_, composer) => {
  test.each(servers)('what is typed while the server takes %s stays', async (server) => {
    const { page } = ada;
    const words = await come(page, composer);
    await answerLike(page, server);
    const field = composer.field(page);
    await sendAndType(field, more);
    // The box had been emptied: what is in it now is only what was typed since.
    await expect.poll(() => field.inputValue()).toBe(more);
    await page.getByText(words, { exact: true }).first().waitFor();
    if (!isAway(server)) {
      await expect.poll(() => page.getByRole('list', { name: 'Not sent yet' }).count()).toBe(0);
      await field.fill('');
      return;
    }
    await page
      .getByText(/The server does not answer/)
      .first()
      .waitFor();
    await page.unroute('**/*');
    await page.getByRole('button', { name: 'Send again' }).first().click();
    await expect.poll(() => page.getByRole('list', { name: 'Not sent yet' }).count()).toBe(0);
    await page.getByText(words, { exact: true }).first().waitFor();
    await field.fill('');
  });
});

test('eight messages sent back to back arrive, in their order', async () => {
  const { page } = ada;
  await ada.goTo(productPage('general'));
  await answerLike(page, 100);
  const box = page.getByRole('textbox', { name: 'Message' });
  const sent = Array.from({ length: 8 }, (_, n) => `back to back ${n}`);
  for (const text of sent) {
    await box.pressSequentially(text);
    await box.press('Enter');
  }
  await page.unroute('**/*');
  await expect
    .poll(() => page.getByRole('log').getByText('back to back').allTextContents())
    .toEqual(sent);
});

describe('what is not sent', () => {
  const address = productPage('Interview notes');
  const editor = (page: Page) => page.getByLabel('Text, in Markdown');

  test('a document’s words outlive a reload, another screen and a new sign-in; nobody else has them', async () => {
    const { page, context, ...seat } = await signIn('ada');
    await seat.goTo(address);
    await page.getByRole('button', { name: 'Edit' }).click();
    await editor(page).fill('Not saved yet.');
    await seat.reload();
    await expect.poll(() => editor(page).inputValue()).toBe('Not saved yet.');
    await seat.goTo('/tasks');
    await context.clearCookies({ name: 'demo_session' });
    const sign = async (name: string) => {
      await page.goto('/sign-in');
      await page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
      await page.waitForURL('**/guide');
      await seat.goTo(address);
    };
    await sign('Ben');
    await page.getByRole('button', { name: 'Edit' }).waitFor();
    await context.clearCookies({ name: 'demo_session' });
    await sign('Ada');
    await expect.poll(() => editor(page).inputValue()).toBe('Not saved yet.');

    await answerLike(page, 400);
    await editor(page).press('Control+s');
    await editor(page).press('End');
    await editor(page).pressSequentially(' More.');
    await page.getByText('the words you typed since are not saved yet').first().waitFor();
    await page.unroute('**/*');
    expect(await editor(page).inputValue()).toBe('Not saved yet. More.');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Edit' }).waitFor();
    await page.getByText('Not saved yet. More.').waitFor();
  });

  test('a comment and a new task outlive a reload', async () => {
    const { page } = ada;
    await ada.goTo(productPage('Launch plan'));
    await page.getByLabel('Comment').fill('Half a thought');
    await ada.reload();
    await expect.poll(() => page.getByLabel('Comment').inputValue()).toBe('Half a thought');
    await page.getByLabel('Comment').fill('');
    await ada.goTo('/tasks');
    await page.getByRole('button', { name: 'New task' }).click();
    await page.getByLabel('Instructions').fill('Half a task');
    await ada.reload();
    await page.getByRole('button', { name: 'New task' }).click();
    await expect.poll(() => page.getByLabel('Instructions').inputValue()).toBe('Half a task');
    await page.getByLabel('Instructions').fill('');
  });

  test('a secret is kept nowhere, so that leaving asks', async () => {
    const { page } = ada;
    await ada.goTo('/settings/providers');
    await page.getByLabel('New key for xAI').fill('a secret');
    expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain('a secret');
    const asked = page.waitForEvent('dialog');
    void page.getByRole('link', { name: 'Sessions' }).click();
    const dialog = await asked;
    expect(dialog.message()).toContain('would be lost');
    await dialog.dismiss();
    expect(await page.getByLabel('New key for xAI').inputValue()).toBe('a secret');
    await page.getByLabel('New key for xAI').fill('');
  });
});

test('a wrong password stays to be mended, and so does what is typed meanwhile', async () => {
  const { page, ...seat } = await openSeat();
  await seat.goTo('/sign-in');
  await page.getByLabel('E-mail address').fill('hal@example.com');
  const field = page.getByLabel('Password');
  await field.fill('a wrong one');
  await answerLike(page, 400);
  await sendAndType(field, more);
  await settled(field);
  await page.getByText('No account has this address and password.').waitFor();
  expect(await field.inputValue()).toBe(`a wrong one${more}`);
});

test('there is no other form: what clears itself by its own rules fails here', async () => {
  const sources = fileURLToPath(new URL('../src', import.meta.url));
  const files = (await readdir(sources, { recursive: true })).filter((name) =>
    name.endsWith('.tsx'),
  );
  const own: string[] = [];
  for (const file of files) {
    const text = await readFile(join(sources, file), 'utf8');
    if (/<form\b|\.reset\(\)/.test(text)) own.push(file);
  }
  expect(own.sort()).toEqual(['ui/composer.tsx', 'ui/form.tsx']);
});
