import { expect, test } from 'vitest';
import { product } from './addresses.ts';
import { openSeat, signIn } from './browser.ts';
import { submitSignIn } from './sign-in.ts';

test('a wrong password tells nothing, and the sixth attempt has to wait', async () => {
  const { page } = await openSeat();
  const problem = page.getByRole('alert').filter({ hasText: /\w/ });
  for (let attempt = 0; attempt < 5; attempt += 1) {
    await submitSignIn(page, 'gus@example.com', 'not the password');
    await problem.waitFor();
    expect(await problem.first().textContent()).toBe('No account has this address and password.');
  }
  await submitSignIn(page, 'gus@example.com', 'reference-password');
  await problem.filter({ hasText: 'Too many attempts' }).waitFor();
});

test('no header that a client makes up opens the limit, or shuts out a right password', async () => {
  const { context, ...seat } = await openSeat();
  const problem = seat.page.getByRole('alert').filter({ hasText: /\w/ });
  await seat.goTo('/sign-in');
  const attempt = async (n: number) => {
    const made = `203.0.113.${n}`;
    await context.setExtraHTTPHeaders({
      'x-forwarded-for': made,
      'x-real-ip': made,
      forwarded: `for=${made}`,
      cookie: `demo_browser=made-up-${n}`,
    });
    await seat.page.getByLabel('E-mail address').fill('ivy@example.com');
    await seat.page.getByLabel('Password').fill(`wrong ${n}`);
    await seat.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await problem.first().waitFor();
    return problem.first().textContent();
  };
  const said = [];
  for (let n = 0; n < 7; n += 1) said.push(await attempt(n));
  expect(said.filter((text) => text?.startsWith('Too many'))).toHaveLength(2);

  const other = await openSeat();
  await other.context.setExtraHTTPHeaders({ 'x-forwarded-for': '203.0.113.1' });
  await submitSignIn(other.page, 'ben@example.com', 'reference-password');
  await other.page.waitForURL('**/guide');
});

test('the session is a cookie that scripts and other sites cannot use, new at every sign-in', async () => {
  const { page, context } = await signIn('ada');
  const cookie = async () => (await context.cookies()).find(({ name }) => name === 'demo_session');
  const first = await cookie();
  expect(first).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
  const answer = await page.goto(product);
  const policy = (await answer?.headerValue('content-security-policy')) ?? '';
  expect(policy).toMatch(/script-src 'self' 'nonce-[\w+/=]+' 'strict-dynamic'/);
  expect(policy.match(/script-src[^;]*/)?.[0]).not.toContain('unsafe-inline');

  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.waitForURL('**/sign-in');
  await context.addCookies(first ? [first] : []);
  await page.goto(product);
  expect(page.url()).toContain('/sign-in');
});

test('a session that its owner ended elsewhere is over', async () => {
  const here = await signIn('emi');
  const there = await signIn('emi');
  await here.goTo('/settings/sessions');
  await here.page.getByText('this browser').waitFor();
  await here.page.getByRole('button', { name: 'End all others' }).click();
  await here.page.getByRole('button', { name: 'End them' }).click();
  await here.page
    .getByText(/sessions? ended/)
    .first()
    .waitFor();
  await there.goTo('/drives');
  expect(there.page.url()).toContain('/sign-in');
  await here.goTo('/drives');
  expect(here.page.url()).toContain('/drives');
});

const newPassword = 'another reference password';

test('a new password ends every session of that person', async () => {
  const here = await signIn('emi');
  const there = await signIn('emi');
  await here.goTo('/settings/sessions');
  await here.page.getByLabel('Present password').fill('reference-password');
  await here.page.getByLabel('New password').fill(newPassword);
  await here.page.getByRole('button', { name: 'Change the password' }).click();
  await here.page.waitForURL('**/sign-in');
  for (const { page } of [here, there]) {
    await page.goto('/drives');
    expect(page.url()).toContain('/sign-in');
  }
  const old = await openSeat();
  await submitSignIn(old.page, 'emi@example.com', 'reference-password');
  await old.page.getByText('No account has this address and password.').waitFor();
});

// Last, because it shuts Emi out for a quarter of an hour; no other file signs her in.
test('whoever signed in with a browser before is not shut out of it by others’ attempts', async () => {
  const emi = await openSeat();
  await submitSignIn(emi.page, 'emi@example.com', newPassword);
  await emi.page.waitForURL('**/guide');
  const thief = await openSeat();
  for (let n = 0; n < 6; n += 1) {
    await submitSignIn(thief.page, 'emi@example.com', `guess ${n}`);
    await thief.page.getByRole('alert').filter({ hasText: /\w/ }).first().waitFor();
  }
  await thief.page.getByText('Too many attempts').waitFor();
  await emi.context.clearCookies({ name: 'demo_session' });
  await submitSignIn(emi.page, 'emi@example.com', newPassword);
  await emi.page.waitForURL('**/guide');
});
