// pnpm screens-of-tables: writes down which tables each screen of a running demo asks for.
import { writeFile } from 'node:fs/promises';
import { chromium } from 'playwright-core';
import { screens } from './addresses.ts';
import { signedIn } from './sign-in.ts';
import { openStatements, tablesShown } from './statements.ts';

const baseURL = process.env.DEMO_URL ?? 'http://localhost:3000';
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const context = await browser.newContext({ baseURL });
  await context.addCookies(await signedIn(browser, baseURL));
  const page = await context.newPage();
  const recorded: { screen: string; href: string; tables: string[] }[] = [];
  for (const [screen, href] of Object.entries(screens)) {
    await page.goto(href);
    // Requests that the screen sends after it has loaded.
    await page.waitForTimeout(1500);
    await openStatements(page);
    recorded.push({ screen, href, tables: await tablesShown(page) });
  }
  const file = new URL('../src/statements/screens-of-tables.json', import.meta.url);
  await writeFile(file, `${JSON.stringify(recorded, null, 2)}\n`);
} finally {
  await browser.close();
}
