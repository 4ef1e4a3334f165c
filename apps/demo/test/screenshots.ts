// pnpm screenshots <folder>: every screen of a running demo, light and dark, wide and on a phone.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import { screens } from './addresses.ts';
import { signedIn } from './sign-in.ts';
import { openStatements } from './statements.ts';

const [folder = 'screenshots', only = ''] = process.argv.slice(2);
const baseURL = process.env.DEMO_URL ?? 'http://localhost:3000';
const widths = [1440, 1024, 390] as const;
const themes = ['light', 'dark'] as const;

/** Nothing is being loaded, and the fonts are there. */
async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('[role=status][aria-label=Loading], [aria-busy=true]') === null,
  );
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  await page.waitForTimeout(700);
}

/** A screen before it is pictured: the lab with a query's result. */
const first: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  'query lab': async (page) => {
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByText('Statement 1').waitFor();
  },
  statements: async (page) => {
    const panel = await openStatements(page);
    await panel.getByRole('button', { name: 'Plan of statement 2' }).click();
    await panel.getByRole('list', { name: 'Plan for any parameters' }).waitFor();
    await panel.getByRole('heading', { name: /^2\./ }).scrollIntoViewIfNeeded();
  },
  guide: async (page) => {
    await page.getByRole('button', { name: 'Ask as each of them' }).click();
    await page.getByText('holds', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Save twice' }).click();
    await page.getByText('holds', { exact: true }).nth(1).waitFor();
  },
};

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
});
try {
  await mkdir(folder, { recursive: true });
  const cookies = await signedIn(browser, baseURL);
  for (const width of widths) {
    for (const colorScheme of themes) {
      const context = await browser.newContext({
        baseURL,
        colorScheme,
        viewport: { width, height: width < 500 ? 844 : 900 },
      });
      const page = await context.newPage();
      const picture = async (name: string, path: string) => {
        if (!name.match(only)) return;
        await page.goto(path);
        await settled(page);
        await first[name]?.(page);
        await settled(page);
        const file = `${name.replaceAll(' ', '-').toLowerCase()}-${colorScheme}-${width}.png`;
        await page.screenshot({ path: join(folder, file) });
      };
      await picture('sign in', '/sign-in');
      await context.addCookies(cookies);
      for (const [name, path] of Object.entries({ ...screens, statements: '/tasks' })) {
        await picture(name, path);
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
}
