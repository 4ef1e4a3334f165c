import { seedPassword } from '@pagespace/db/seed';
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** The cookies of Ada, signed in to a running demo. */
export async function signedIn(browser: Browser, baseURL: string) {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await submitSignIn(page, 'ada@example.com', seedPassword);
  await page.waitForURL('**/guide');
  const cookies: Cookies = await context.cookies();
  await context.close();
  return cookies;
}

/** Fills the form in and sends it; whether it was right is for the caller to see. */
export async function submitSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

export type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;
