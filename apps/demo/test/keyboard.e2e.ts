// Every job of the application with the keyboard alone, dragging included. No click and no fill here.
import { driveId } from '@pagespace/db/seed';
import { beforeAll, describe, expect, test } from 'vitest';
import { productPage } from './addresses.ts';
import { openSeat, type Seat, seatOf } from './browser.ts';
import { choose, enter, isFocused, tabTo } from './keyboard.ts';

const notes = `/drives/${driveId('notes')}`;
let ada: Seat;
beforeAll(async () => {
  ada = await seatOf('ada');
});

const button = (name: string | RegExp) => ada.page.getByRole('button', { name, exact: true });
const type = (text: string) => ada.page.keyboard.type(text);
const keys = async (...pressed: string[]) => {
  for (const key of pressed) await ada.page.keyboard.press(key);
};
const heading = (name: string) => ada.page.getByRole('heading', { level: 1, name }).waitFor();
const hasFocus = (locator: Parameters<typeof isFocused>[0]) =>
  expect.poll(() => isFocused(locator)).toBe(true);

async function makePage(title: string, kind = 'D') {
  await enter(ada.page, button('New page'));
  await hasFocus(ada.page.getByLabel('Title'));
  await type(title);
  await keys('Tab');
  await type(kind);
  await keys('Enter');
  const { page } = ada;
  if (await page.getByRole('dialog').isVisible()) await enter(page, button('Make the page'));
  await heading(title);
}

test('one signs in as a person of the list, and skips to the content', async () => {
  const { page, goTo } = await openSeat();
  await goTo('/sign-in');
  await enter(page, page.getByRole('button', { name: /^Zoe/ }));
  await page.waitForURL('**/guide');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await enter(page, page.getByRole('link', { name: 'Skip to the content' }));
  await expect.poll(() => isFocused(page.locator('main#screen'))).toBe(true);
  await enter(
    page,
    page
      .getByRole('button', { name: 'Account of Zoe Fischer' })
      .or(page.getByRole('button', { name: /^Account of/ })),
  );
  await page.keyboard.press('Escape');
  await expect.poll(() => isFocused(page.getByRole('button', { name: /^Account of/ }))).toBe(true);
});

describe('pages', () => {
  test('made, renamed, written in, commented on', async () => {
    const { page } = ada;
    await ada.goTo(notes);
    await page.getByRole('tree').waitFor();
    await makePage('By keys');

    await choose(page, button('More for this page'), 'Rename');
    await hasFocus(page.getByLabel('Title'));
    await keys('Escape');
    await hasFocus(button('More for this page'));
    await choose(page, button('More for this page'), 'Rename');
    await keys('Control+a');
    await type('By keys alone');
    await keys('Enter');
    await heading('By keys alone');
    await hasFocus(button('More for this page'));

    await enter(page, button('Edit'));
    await hasFocus(page.getByLabel('Text, in Markdown'));
    await type('First words.');
    await keys('Control+s');
    await page.getByText('Saved as revision').first().waitFor();
    await hasFocus(page.getByLabel('Text, in Markdown'));
    await type(' And more.');
    await enter(page, button('Save'));
    await page.getByRole('paragraph').filter({ hasText: 'First words. And more.' }).waitFor();
    await hasFocus(button('Edit'));

    await tabTo(page, page.getByLabel('Comment'));
    await type('Said by keys');
    await keys('Enter');
    await page.getByRole('listitem').filter({ hasText: 'Said by keys' }).waitFor();
  });

  test.each([
    ['Sheet', 'a,b', 'columnheader'],
    ['Canvas', '<p>Drawn by keys</p>', 'textbox'],
  ])('a %s is written and saved', async (kind, text) => {
    const { page } = ada;
    await ada.goTo(notes);
    await page.getByRole('tree').waitFor();
    await makePage(`${kind} by keys`, kind);
    await enter(page, button('Edit'));
    await hasFocus(page.locator('textarea').first());
    await type(text);
    await enter(page, button('Save'));
    await hasFocus(button('Edit'));
    if (kind === 'Sheet') await page.getByRole('columnheader', { name: 'b' }).waitFor();
    else await page.frameLocator('iframe').getByText('Drawn by keys').waitFor();
  });

  test('a page of the tree is opened, moved, put back, put into another, and thrown away', async () => {
    const { page } = ada;
    const lines = () => page.getByRole('treeitem').allTextContents();
    await ada.goTo(notes);
    await page.getByRole('tree').waitFor();
    await makePage('Moved by keys');
    const before = await lines();
    const first = before.length;
    expect(before.at(-1)).toBe('Moved by keys');

    const moved = page.getByRole('treeitem', { name: 'Moved by keys' });
    await tabTo(page, page.getByRole('tree'));
    await keys('Space');
    await page.getByText('Moved by keys is picked up').waitFor({ state: 'attached' });
    // Faster than the server: each step begins where the one before it ended.
    await keys('ArrowUp', 'ArrowUp');
    await expect.poll(async () => (await lines()).indexOf('Moved by keys')).toBe(first - 3);
    await page
      .getByText(`Moved by keys is ${first - 2} of ${first} at the top`)
      .waitFor({ state: 'attached' });
    await keys('Escape');
    await expect.poll(lines).toEqual(before);

    await keys('Space', 'ArrowRight');
    await expect.poll(() => moved.getAttribute('aria-level')).toBe('2');
    await keys('Space');
    await page.getByText('It is put down.').waitFor({ state: 'attached' });
    await keys('Alt+ArrowLeft');
    await expect.poll(() => moved.getAttribute('aria-level')).toBe('1');

    await keys('Home', 'Enter');
    await heading('Diary');
    await tabTo(page, page.getByRole('tree'));
    await keys('End', 'Enter');
    await heading('Moved by keys');
    await choose(page, button('More for this page'), 'To the trash');
    await expect.poll(lines).not.toContain('Moved by keys');
    // The key that every message says it hears.
    await keys('F8');
    await enter(page, button('Undo'));
    await expect.poll(lines).toContain('Moved by keys');
  });

  test('shared, and not shared any more', async () => {
    const { page } = ada;
    await ada.goTo(notes);
    await page.getByRole('tree').waitFor();
    await makePage('Shared by keys');
    await enter(page, button('Share'));
    await hasFocus(page.getByLabel('E-mail address'));
    await type('emi@example.com');
    await keys('Enter');
    await enter(page, page.getByRole('button', { name: /^Revoke Emi/ }));
    await enter(page, button('Revoke').last());
    await page.getByText('Nobody yet.').waitFor();
    await tabTo(page, page.getByLabel('Uses'));
    await type('1');
    await keys('Enter');
    await enter(page, page.getByRole('button', { name: /^End the link/ }));
    await page.getByText('revoked').waitFor();
    // The first Escape may take a message away that says what was done.
    await keys('Escape');
    if (await page.getByRole('dialog').isVisible()) await keys('Escape');
    await hasFocus(button('Share'));
  });
});

test('a message is sent, reacted to, changed and answered in its thread', async () => {
  const { page } = ada;
  await ada.goTo(notes);
  await page.getByRole('tree').waitFor();
  await makePage('Channel by keys', 'Channel');
  await tabTo(page, page.getByRole('textbox', { name: 'Message' }));
  await type('Sent by keys');
  await keys('Enter');
  await page.getByRole('log').getByText('Sent by keys').waitFor();
  await choose(page, page.getByRole('button', { name: /^React to/ }), '🎉');
  await page.getByRole('button', { name: '🎉, 1' }).waitFor();
  await choose(page, button('More for this message'), 'Edit');
  await hasFocus(page.getByLabel('The message’s new text'));
  await keys('Escape');
  await hasFocus(button('More for this message'));
  await choose(page, button('More for this message'), 'Edit');
  await hasFocus(page.getByLabel('The message’s new text'));
  await keys('Control+a');
  await type('Changed by keys');
  await keys('Control+s');
  await page.getByRole('log').getByText('Changed by keys').waitFor();
  await enter(page, page.getByRole('button', { name: /^Answer/ }));
  await tabTo(page, page.getByRole('textbox', { name: 'Reply' }));
  await type('Answered by keys');
  await keys('Enter');
  await page.getByText('Answered by keys').first().waitFor();
  await keys('Escape');
  await expect
    .poll(() => isFocused(page.getByRole('button', { name: /^Answer/ }).first()))
    .toBe(true);
});

test('a question is asked and changed', async () => {
  const { page } = ada;
  await ada.goTo(productPage('Assistant'));
  await tabTo(page, page.getByLabel('Question'));
  await type('Asked by keys?');
  await keys('Enter');
  await page.getByText('You wrote: “Asked by keys?”').waitFor();
});

test('a task is made, tagged, stopped, thrown away and brought back', async () => {
  const { page, main } = ada;
  await ada.goTo('/tasks');
  await enter(page, button('New task'));
  await hasFocus(page.getByLabel('Instructions'));
  await type('Count these words.');
  await tabTo(page, page.getByLabel('Title (optional)'));
  await type('Task by keys');
  await keys('Enter');
  await heading('Task by keys');
  await choose(page, button('Tags'), 'docs');
  await main.getByRole('listitem').filter({ hasText: 'docs' }).first().waitFor();
  await enter(page, button('Delete'));
  await page.waitForURL('**/tasks');
  await keys('F8');
  await enter(page, button('Undo'));
  await heading('Task by keys');
});

test('a wish is set, a key stored and forgotten, a role chosen', async () => {
  const { page } = ada;
  await ada.goTo('/settings/notifications');
  const box = page.getByRole('checkbox', { name: 'Mention: By mail' });
  await tabTo(page, box);
  const was = await box.isChecked();
  for (const is of [!was, was]) {
    const stored = page.waitForResponse((response) => response.request().method() === 'POST');
    await keys('Space');
    await stored;
    expect(await box.isChecked()).toBe(is);
  }

  await ada.goTo('/settings/providers');
  await tabTo(page, page.getByLabel('New key for Google'));
  await type('made-up-key-for-google');
  await keys('Enter');
  await enter(page, button('Forget the key for Google'));
  await enter(page, button('Forget'));
  await page.getByText('Nothing set up.').first().waitFor();

  await ada.goTo(`/drives/${driveId('product')}/members`);
  const role = page.getByLabel(/^Role of Chlo/);
  await tabTo(page, role);
  await keys('ArrowUp');
  await expect.poll(() => role.inputValue()).toBe('ADMIN');
  await page.getByText('The role is changed.').first().waitFor();
  await hasFocus(role);
  await keys('ArrowDown');
  await expect.poll(() => role.inputValue()).toBe('MEMBER');
});

test('a document of an organisation is added and deleted', async () => {
  const { page } = ada;
  await ada.goTo('/knowledge/globex');
  await enter(page, button('Add a document'));
  await hasFocus(page.getByRole('textbox', { name: 'Title' }));
  await type('Added by keys');
  await tabTo(page, page.getByRole('textbox', { name: 'Text' }));
  await type('Words typed by keys.');
  await keys('Control+s');
  await enter(page, button('Delete Added by keys'));
  await enter(page, button('Delete').last());
  await expect.poll(() => button('Delete Added by keys').count()).toBe(0);
});

describe('the schema', () => {
  test('a table is chosen, a query run, and its statements opened and closed', async () => {
    const { page } = ada;
    await ada.goTo('/schema/tasks/queries/getUserTasks');
    await tabTo(page, page.getByLabel('limit'));
    await keys('Enter');
    await page.getByText('Statement 1').waitFor();

    const cost = page.getByTestId('cost').getByRole('button');
    await enter(page, cost);
    await page.getByRole('dialog', { name: 'Statements' }).waitFor();
    await enter(page, page.getByRole('button', { name: 'Plan of statement 1' }));
    await page.getByRole('list', { name: 'Plan for any parameters' }).waitFor();
    await keys('Escape');
    await hasFocus(cost);

    await ada.goTo('/schema/tenancy');
    await tabTo(page, page.getByLabel('Go to a table'));
    await type('documents');
    await page.waitForURL('**/tables/documents');
  });
});

describe('what a screen reader is told', () => {
  test('every control has a name', async () => {
    const { page } = ada;
    for (const path of [
      '/tasks',
      productPage('general'),
      productPage('Launch plan'),
      '/schema/db',
    ]) {
      await ada.goTo(path);
      const nameless = await page
        .locator('button, a[href], input:not([type=hidden]), select, textarea, [role=treeitem]')
        .evaluateAll((all) =>
          all
            .filter((element) => {
              const labels = 'labels' in element ? [...(element.labels as NodeList)] : [];
              const label = element.getAttribute('aria-label') ?? element.textContent?.trim();
              return !label && labels.length === 0 && !element.closest('[aria-hidden=true]');
            })
            .map((element) => element.outerHTML.slice(0, 120)),
        );
      expect(nameless, path).toEqual([]);
    }
  });
});
