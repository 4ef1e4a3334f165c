import { beforeAll, describe, expect, test } from 'vitest';
import { product, productPage } from './addresses.ts';
import { type Seat, seatOf } from './browser.ts';

let ada: Seat;
let ben: Seat;
beforeAll(async () => {
  ada = await seatOf('ada');
  ben = await seatOf('ben');
});

describe('the tree', () => {
  test('a page is made, renamed, moved by keyboard, thrown away and brought back', async () => {
    const { page } = ada;
    await ada.goTo(product);
    await page.getByRole('tree').waitFor();
    await page.getByRole('button', { name: 'New page' }).click();
    await page.getByLabel('Title').fill('Retrospective');
    await page.getByRole('button', { name: 'Make the page' }).click();
    await page.getByRole('heading', { level: 1, name: 'Retrospective' }).waitFor();

    await page.getByRole('button', { name: 'More for this page' }).click();
    await page.getByRole('menuitem', { name: 'Rename' }).click();
    await page.getByLabel('Title').fill('Looking back');
    await page.getByRole('button', { name: 'Rename' }).click();
    await page.getByRole('heading', { level: 1, name: 'Looking back' }).waitFor();

    const lines = () => page.getByRole('treeitem').allTextContents();
    await page.getByRole('treeitem', { name: 'Looking back' }).waitFor();
    expect((await lines()).at(-1)).toBe('Looking back');
    await page.getByRole('tree').focus();
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(async () => (await lines()).at(-2)).toBe('Looking back');

    await page.getByRole('button', { name: 'More for this page' }).click();
    await page.getByRole('menuitem', { name: 'To the trash' }).click();
    await expect.poll(lines).not.toContain('Looking back');
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(lines).toContain('Looking back');
    await page.getByRole('heading', { level: 1, name: 'Looking back' }).waitFor();
    await page.getByRole('button', { name: 'More for this page' }).click();
    await page.getByRole('menuitem', { name: 'To the trash' }).click();
    await expect.poll(lines).not.toContain('Looking back');
    await ada.goTo(`${product}/trash`);
    await page.getByRole('button', { name: 'Restore Looking back' }).click();
    await expect.poll(lines).toContain('Looking back');
  });

  test('a page is dragged into a folder', async () => {
    const { page } = ada;
    await ada.goTo(productPage('Assistant'));
    const assistant = page.getByRole('treeitem', { name: 'Assistant' });
    await assistant.dragTo(page.getByRole('treeitem', { name: 'Research' }));
    await expect.poll(() => assistant.getAttribute('aria-level')).toBe('2');
  });
});

describe('a document', () => {
  test('two people write at once: the second is shown both texts and loses nothing', async () => {
    await ada.goTo(productPage('Interview notes'));
    await ben.goTo(productPage('Interview notes'));
    for (const { page } of [ada, ben]) await page.getByRole('button', { name: 'Edit' }).click();
    await ada.page.getByLabel('Text, in Markdown').fill('Ada was here.');
    await ben.page.getByLabel('Text, in Markdown').fill('Ben was here.');
    await ada.page.getByRole('button', { name: 'Save' }).click();
    await ada.page.getByRole('paragraph').filter({ hasText: 'Ada was here.' }).waitFor();
    await ben.page.getByRole('button', { name: 'Save' }).click();
    await ben.page.getByText('Somebody saved this page while you wrote').waitFor();
    expect(await ben.page.getByText('Ada was here.').isVisible()).toBe(true);
    expect(await ben.page.getByLabel('Yours').inputValue()).toBe('Ben was here.');
    await ben.page.getByRole('button', { name: 'Save mine over it' }).click();
    await ben.page.getByRole('button', { name: 'Edit' }).waitFor();
    await ada.reload();
    await ada.page.getByText('Ben was here.').waitFor();
  });

  test('no script in Markdown or on a canvas runs', async () => {
    const { page, complaints } = ada;
    let alarms = 0;
    page.on('dialog', (dialog) => {
      alarms += 1;
      void dialog.dismiss();
    });
    const attack =
      '<script>alert(1)</script> <img src=x onerror=alert(2)> [link](javascript:alert(3)) stored';
    await ada.goTo(productPage('Interview notes'));
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByLabel('Text, in Markdown').fill(attack);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Edit' }).waitFor();
    await ada.reload();
    await page.getByText('stored').first().waitFor();
    const links = await page
      .locator('.markdown a')
      .evaluateAll((all) => all.map((a) => a.getAttribute('href')));
    expect(links.filter((href) => href?.startsWith('javascript:'))).toEqual([]);
    expect(await page.locator('.markdown script, .markdown img').count()).toBe(0);
    await ada.goTo(productPage('Architecture sketch'));
    expect(await page.locator('iframe').getAttribute('sandbox')).toBe('');
    expect(alarms).toBe(0);
    complaints.length = 0;
  });

  test('a comment is written and answered', async () => {
    const { page } = ben;
    await ben.goTo(productPage('Launch plan'));
    await page.getByLabel('Comment').fill('Who tells support?');
    await page.getByLabel('Comment').press('Enter');
    await page.getByText('Who tells support?').first().waitFor();
    await page.getByRole('button', { name: '1 reply' }).first().click();
    await page.getByText('the rehearsal took four days').waitFor();
  });
});

test('search marks the words, and finds nothing of what one may not see', async () => {
  await ada.goTo('/search?q=rollback');
  expect(await ada.page.locator('mark').first().textContent()).toMatch(/rollback/i);
  const zoe = await seatOf('zoe');
  await zoe.goTo('/search?q=rollback');
  await zoe.page.getByText('No page that you may see has these words').waitFor();
});

test('a page is shared: there it is; revoked: not found', async () => {
  const dmitri = await seatOf('dmitri');
  const address = productPage('Architecture sketch');
  await dmitri.goTo(address);
  await dmitri.page.getByRole('heading', { name: 'Not found' }).waitFor();

  const { page } = ada;
  await ada.goTo(address);
  await page.getByRole('button', { name: 'Share' }).click();
  await page.getByLabel('E-mail address').fill('dmitri@example.com');
  await page.getByRole('dialog').getByRole('button', { name: 'Share', exact: true }).click();
  await page.getByRole('button', { name: /^Revoke Dmitri/ }).waitFor();
  await dmitri.reload();
  await dmitri.page.getByRole('heading', { level: 1, name: 'Architecture sketch' }).waitFor();
  expect(await dmitri.page.getByRole('button', { name: 'Share' }).count()).toBe(0);
  await dmitri.goTo('/notifications');
  await dmitri.page.getByText('shares a page with you').first().waitFor();

  await page.getByRole('button', { name: /^Revoke Dmitri/ }).click();
  await page.getByRole('button', { name: 'Revoke', exact: true }).last().click();
  // The question hides the list behind it, so an absent button alone does not say that it is done.
  await page.getByText('Nobody yet.').waitFor();
  await dmitri.goTo(address);
  await dmitri.page.getByRole('heading', { name: 'Not found' }).waitFor();
});

test('a channel: two people at once, a reaction and a thread', async () => {
  for (const seat of [ada, ben]) await seat.goTo(productPage('general'));
  const line = ada.page.getByRole('textbox', { name: 'Message' });
  await line.fill('Shall we ship on Tuesday?');
  await line.press('Enter');
  const arrived = ben.page.getByText('Shall we ship on Tuesday?');
  await arrived.waitFor();
  await arrived.hover();
  await ben.page
    .getByRole('button', { name: /^React to Ada/ })
    .last()
    .click();
  await ben.page.getByRole('menuitem', { name: '👍' }).click();
  await ada.page.getByRole('button', { name: '👍, 1' }).waitFor();
  await arrived.hover();
  await ben.page
    .getByRole('button', { name: /^Answer Ada/ })
    .last()
    .click();
  await ben.page.getByLabel('Reply').fill('Yes, after the rehearsal.');
  await ben.page.getByLabel('Reply').press('Enter');
  await ada.page.getByRole('button', { name: '1 reply' }).click();
  await ada.page.getByText('Yes, after the rehearsal.').waitFor();
});

test('the AI chat says that it is an echo, and shows the tool it called', async () => {
  const { page } = ada;
  await ada.goTo(productPage('Assistant'));
  await page.getByText('Echo, offline').waitFor();
  await page.getByLabel('Question').fill('Where is the launch plan?');
  await page.getByLabel('Question').press('Enter');
  await page.getByText('You wrote: “Where is the launch plan?”').waitFor();
  await page.getByText('search_pages').last().click();
  await page.getByText('"Launch plan"').last().waitFor();
});

test('a file is checked by its content, stored, counted, and removed', async () => {
  const { page } = ada;
  await ada.goTo(productPage('Interview.pdf'));
  // Tests beside this one store some bytes for Ada as well.
  const nearlyNothing = page.getByText(/You have stored \d+ B of 50 MB/);
  await nearlyNothing.waitFor();
  const picker = page.getByLabel('File to upload');
  await picker.setInputFiles({
    name: '../../evil.html.png',
    mimeType: 'image/png',
    buffer: Buffer.from([0, 1, 2, 3, 255, 254]),
  });
  await page.getByText('Only PDF, PNG, JPEG, GIF and plain text are taken.').first().waitFor();
  const text = Buffer.from('a note '.repeat(1000));
  await picker.setInputFiles({ name: 'note.txt', mimeType: 'text/plain', buffer: text });
  await page.getByText('You have stored 7 kB of 50 MB').waitFor();
  const href = (await page.getByRole('link', { name: 'Download' }).getAttribute('href')) ?? '';
  const saved = await page.request.get(href);
  expect(saved.headers()['content-disposition']).toContain('attachment');
  expect((await saved.body()).equals(text)).toBe(true);
  const zoe = await seatOf('zoe');
  expect((await zoe.page.request.get(href)).status()).toBe(404);
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await nearlyNothing.waitFor();
});
