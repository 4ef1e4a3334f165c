import { driveId, pageId } from '@pagespace/db/seed';
import { beforeAll, expect, test } from 'vitest';
import { productPage } from './addresses.ts';
import { openSeat, type Seat, seatOf } from './browser.ts';
import { answerOf, call, serverActions } from './server-actions.ts';

let ada: Seat;
let dmitri: Seat;
let zoe: Seat;
beforeAll(async () => {
  ada = await seatOf('ada');
  dmitri = await seatOf('dmitri');
  zoe = await seatOf('zoe');
});

const title = { level: 1 } as const;
const notFound = { name: 'Not found' } as const;

test('a grant that ran out before today opens nothing', async () => {
  await dmitri.goTo(productPage('Interview notes'));
  await dmitri.page.getByRole('heading', notFound).waitFor();
  await dmitri.goTo(productPage('Launch plan'));
  await dmitri.page.getByRole('heading', { ...title, name: 'Launch plan' }).waitFor();
});

test('a page that was shared until a moment from now is gone after it', async () => {
  const share = (await serverActions()).find(
    ({ name }) => name === 'workspace/sharing/actions share',
  );
  if (!share) throw new Error('There is no action that shares.');
  const grant = {
    pageId: pageId('product', 'Risks'),
    email: 'dmitri@example.com',
    canEdit: true,
    canShare: false,
    canDelete: false,
    expiresAt: new Date(Date.now() + 10_000).toISOString(),
  };
  const { code } = await answerOf(await call(ada.context, share, { args: [grant] }));
  expect(code).toBe('OK');
  await dmitri.goTo(productPage('Risks'));
  await dmitri.page.getByRole('heading', { ...title, name: 'Risks' }).waitFor();
  await expect
    .poll(async () => {
      await dmitri.reload();
      return dmitri.page.getByRole('heading', notFound).count();
    })
    .toBe(1);
  await ada.goTo(productPage('Risks'));
  await ada.page.getByRole('button', { name: 'Share' }).click();
  const line = ada.page.getByRole('listitem').filter({ hasText: 'Dmitri Ivanov' });
  await line.getByText('expired', { exact: true }).waitFor();
  await line.getByText(/Granted by Ada Lovelace/).waitFor();
});

test('the button of a dialog stays under the pointer while the dialog reads', async () => {
  const { page } = ada;
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await ada.goTo(productPage('Interview notes'));
  await page.route('**/pages/**', async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Share' }).click();
  const dialog = page.getByRole('dialog');
  const button = dialog.getByRole('button', { name: 'Share', exact: true });
  const before = await button.boundingBox();
  answer();
  await dialog.getByRole('listitem').filter({ hasText: 'Dmitri Ivanov' }).waitFor();
  await page.unroute('**/pages/**');
  expect(await button.boundingBox()).toEqual(before);
});

test('an invitation is for one address, works once, and ends with the membership', async () => {
  const { page } = ada;
  await ada.goTo('/drives');
  await page.getByRole('button', { name: 'New drive' }).click();
  await page.getByLabel('Name').fill('Guests');
  await page.getByRole('dialog').getByRole('button', { name: /drive/i }).click();
  await page.getByRole('heading', { ...title, name: 'Guests' }).waitFor();
  const drive = new URL(page.url()).pathname;
  await ada.goTo(`${drive}/members`);
  await page.getByLabel('E-mail address').fill('zoe@example.com');
  await page.getByRole('button', { name: 'Invite' }).click();
  const link = (await page.getByRole('status').locator('code').textContent()) ?? '';
  expect(link).toMatch(/\/invitation\?token=\w/);

  const accept = async (seat: Seat) => {
    await seat.goTo(link);
    await seat.page.getByRole('button', { name: 'Accept the invitation' }).click();
  };
  const ben = await seatOf('ben');
  await accept(ben);
  await ben.page.getByRole('alert').filter({ hasText: /\w/ }).waitFor();
  await ben.goTo(drive);
  await ben.page.getByRole('heading', notFound).waitFor();

  await zoe.goTo(drive);
  await zoe.page.getByRole('heading', notFound).waitFor();
  await accept(zoe);
  await zoe.page.waitForURL(`**${drive}`);
  await zoe.page.getByRole('heading', { ...title, name: 'Guests' }).waitFor();
  await zoe.goTo(`/drives/${driveId('product')}`);
  await zoe.page.getByRole('heading', notFound).waitFor();
  await accept(zoe);
  await zoe.page.getByRole('alert').filter({ hasText: /\w/ }).waitFor();

  await ada.goTo(`${drive}/members`);
  await page.getByRole('row', { name: /zoe@example.com.*accepted/ }).waitFor();
  await page.getByRole('button', { name: 'Remove Zoe Stranger' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  // While the dialog is open, the buttons behind it are hidden and count as gone.
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
  await expect
    .poll(() => page.getByRole('button', { name: 'Remove Zoe Stranger' }).count())
    .toBe(0);
  await zoe.goTo(drive);
  await zoe.page.getByRole('heading', notFound).waitFor();
});

test('a role of the drive opens every page to the member who is given it, until it is deleted', async () => {
  const { page } = ada;
  const secret = productPage('Interview notes');
  await dmitri.goTo(secret);
  await dmitri.page.getByRole('heading', notFound).waitFor();
  await ada.goTo(`/drives/${driveId('product')}/members`);
  const name = `Reader ${crypto.randomUUID()}`;
  const form = page.getByRole('form', { name: 'New role' });
  await form.getByLabel('Name of the role').fill(name);
  await form.getByRole('button', { name: 'Make the role' }).click();
  await page.getByLabel('Own role of Dmitri Ivanov').selectOption(name);
  await page.getByText('The role is changed.').first().waitFor();
  await dmitri.goTo(secret);
  await dmitri.page.getByRole('heading', { ...title, name: 'Interview notes' }).waitFor();
  await page.getByRole('button', { name: `Delete the role ${name}` }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('The role is deleted.').first().waitFor();
  await dmitri.goTo(secret);
  await dmitri.page.getByRole('heading', notFound).waitFor();
});

test('a link opens the page for someone without an account, as often as it says', async () => {
  const { page } = ada;
  await ada.goTo(productPage('Launch plan'));
  await page.getByRole('button', { name: 'Share' }).click();
  const links = page.getByRole('region', { name: 'Links' });
  await links.getByLabel('Uses').fill('1');
  await links.getByRole('button', { name: 'Make a link' }).click();
  const url = await links.getByRole('status').locator('code').textContent();
  const { page: stranger, context } = await openSeat();
  await stranger.goto(url ?? '');
  await stranger.getByRole('button', { name: 'Open the page' }).click();
  await stranger.getByRole('heading', { ...title, name: 'Launch plan' }).waitFor();
  await stranger.getByRole('listitem').filter({ hasText: 'Ben owns the migration' }).waitFor();
  await stranger.goto(url ?? '');
  await stranger.getByRole('button', { name: 'Open the page' }).click();
  await stranger.getByText('It cannot be opened').waitFor();
  await context.close();
  await ada.reload();
  await page.getByRole('button', { name: 'Share' }).click();
  await links.getByText('opened 1 of 1 times').first().waitFor();
});

test('a link that was just made is in view on a phone', async () => {
  const { page, goTo, context } = await seatOf('ada', 390);
  await goTo(productPage('Launch plan'));
  await page.getByRole('button', { name: 'Share' }).click();
  const links = page.getByRole('region', { name: 'Links' });
  await links.getByRole('button', { name: 'Make a link' }).click();
  const copy = links.getByRole('status').getByRole('button', { name: 'Copy' });
  await expect
    .poll(() =>
      copy.evaluate((button) => {
        const { x, y, width, height } = button.getBoundingClientRect();
        return button.contains(document.elementFromPoint(x + width / 2, y + height / 2));
      }),
    )
    .toBe(true);
  await context.close();
});
