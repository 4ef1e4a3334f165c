import { seedPassword } from '@pagespace/db/seed';
import type { Browser, BrowserContext } from 'playwright-core';

/** The cookies of Ada, signed in to a running demo. */
export async function signedIn(browser: Browser, baseURL: string) {
  const context = await browser.newContext({ baseURL });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill('ada@example.com');
  await page.getByLabel('Password').fill(seedPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/drives');
  const cookies: Cookies = await context.cookies();
  await context.close();
  return cookies;
}

export type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;
