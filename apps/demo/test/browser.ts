import { type Person, seedPassword } from '@pagespace/db/seed';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { submitSignIn } from './sign-in.ts';

export const home = inject('demoUrl');

/** A window of somebody's own, with cookies of its own. */
export interface Seat {
  readonly page: Page;
  /** The screen, without what the server still sends to be put into it. */
  readonly main: Locator;
  readonly context: BrowserContext;
  /** Opens an address, and waits until all that the server sent is in its place. */
  goTo(path: string): Promise<void>;
  /** Loads the page again, and waits in the same way. */
  reload(): Promise<void>;
  /** Errors and exceptions from the page's console. */
  readonly complaints: string[];
}

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
});
afterAll(() => browser.close());

// The accessibility tree of each window when a test fails: the only trace of a rare failure.
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  for (const context of browser.contexts()) {
    for (const page of context.pages()) {
      const text = await page.locator('body').ariaSnapshot();
      console.error(`${page.url()}\n${text.slice(0, 4_000)}`);
    }
  }
});

export async function openSeat(width = 1440): Promise<Seat> {
  const context = await browser.newContext({
    baseURL: home,
    viewport: { width, height: width < 500 ? 844 : 900 },
  });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  // React moves what it streams from hidden boxes into the screen (of one not found a box stays), and
  // then takes over the elements: what a script types before that, faster than people do, can be lost.
  // The hidden inputs by which a form names its server action stay the server's.
  const settled = () =>
    page.waitForFunction(
      () =>
        document.querySelector('main h1')?.textContent === 'Not found' ||
        (document.querySelector('[hidden][id^="S:"]') === null &&
          [
            ...document.querySelectorAll(
              'main :is(form, button, textarea, select, input:not([type=hidden]))',
            ),
          ].every((element) => Object.keys(element).some((key) => key.startsWith('__react')))),
    );
  const goTo = async (path: string) => {
    await page.goto(path);
    await settled();
  };
  const reload = async () => {
    await page.reload();
    await settled();
  };
  return { page, main: page.getByRole('main'), context, complaints, goTo, reload };
}

const cookies = new Map<Person, Awaited<ReturnType<BrowserContext['cookies']>>>();

/** A window of somebody who signed in once for all windows of this file: one session for them all. */
export async function seatOf(person: Person, width?: number): Promise<Seat> {
  const known = cookies.get(person);
  if (known) {
    const seat = await openSeat(width);
    await seat.context.addCookies(known);
    return seat;
  }
  const seat = await signIn(person, width);
  cookies.set(person, await seat.context.cookies());
  return seat;
}

/** A window in which somebody has just signed in: a session of its own. */
export async function signIn(person: Person, width?: number): Promise<Seat> {
  const seat = await openSeat(width);
  await submitSignIn(seat.page, `${person}@example.com`, seedPassword);
  await seat.page.waitForURL('**/guide');
  return seat;
}

/** Goes to a screen, and waits until nothing on it is being loaded and the status line has its cost. */
export async function visit({ page, complaints }: Seat, path: string): Promise<void> {
  complaints.length = 0;
  await page.goto(path);
  await page.locator('main h1').first().waitFor();
  await page.waitForFunction(
    () =>
      document.querySelector('[role=status][aria-label=Loading]') === null &&
      document.querySelector('[data-testid=cost]:empty') === null,
  );
}

/** Statements that the screen in a window took, as the status line says. */
export async function statementsOf({ page }: Seat): Promise<number> {
  return Number.parseInt((await page.getByTestId('cost').textContent()) ?? '', 10);
}
