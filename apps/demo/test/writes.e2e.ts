// Each write of the application with a server that is slow, unreachable, or broken: the person sees
// that it is at work, a second press asks nothing twice, the failure is said, and nothing is lost.
import type { Person } from '@pagespace/db/seed';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { productPageId } from './addresses.ts';
import { openSeat, type Seat, seatOf, signIn } from './browser.ts';
import { call, type ServerAction, serverActions } from './server-actions.ts';
import type { WriteCase } from './writes/write-case.ts';
import { reads, writes } from './writes.ts';

const seats = new Map<Person | 'nobody', Promise<Seat>>();
/** One window for all the writes of a person. */
function seatFor(who: Person | 'nobody'): Promise<Seat> {
  const seat = seats.get(who) ?? (who === 'nobody' ? openSeat() : seatOf(who));
  seats.set(who, seat);
  return seat;
}

let actions: ReadonlyMap<string, ServerAction>;
beforeAll(async () => {
  actions = new Map((await serverActions()).map((action) => [action.name, action]));
  // A session for Ada to end.
  await (await signIn('ada')).context.close();
  // Something for Dmitri to be notified of.
  const share = actions.get('workspace/sharing/actions share');
  const rights = { canEdit: false, canShare: false, canDelete: false, expiresAt: null };
  const input = { pageId: productPageId('Risks'), email: 'dmitri@example.com', ...rights };
  if (share) await call((await seatFor('ada')).context, share, { args: [input] });
});

const cases = Object.entries(writes).flatMap(([name, write]) =>
  'path' in write ? [[name, write] as const] : [],
);

test('every server action is a read, or a write with a case here or in forms.ts', () => {
  const written = Object.keys(writes).map((name) => name.split(':')[0] ?? name);
  expect([...new Set([...reads, ...written])].sort()).toEqual([...actions.keys()].sort());
});

const slowMs = 400;

/** Answers one action with 500 or not at all, after a while. @returns how often it was asked for */
async function refuse(
  page: Page,
  { id }: ServerAction,
  how: 'away' | 'broken',
  afterMs: number,
): Promise<() => number> {
  let count = 0;
  await page.route('**/*', async (route) => {
    if (route.request().headers()['next-action'] !== id) return route.fallback();
    count += 1;
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    if (how === 'away') return route.abort();
    return route.fulfill({ status: 500, body: 'broken' });
  });
  return () => count;
}

const atWork = (page: Page) =>
  page.getByText('The server is at work.').or(page.locator('[aria-busy=true]')).first();
const failure = (page: Page) => page.getByText(/The server does not answer/);

/** Takes away the messages of before. */
async function dismissAll(page: Page): Promise<void> {
  const dismiss = page.getByRole('button', { name: 'Dismiss' });
  while ((await dismiss.count()) > 0) await dismiss.first().click();
}

/** A window of a write, where one press asks for it. */
async function come({ who = 'ada', path, prepare }: WriteCase): Promise<Page> {
  const seat = await seatFor(who);
  await seat.page.unroute('**/*');
  await seat.goTo(path);
  await prepare?.(seat.page);
  return seat.page;
}

describe.each(cases)('%s', (name, write) => {
  test('slow, unreachable and broken', async () => {
    const action = actions.get(name.split(':')[0] ?? name);
    if (!action) throw new Error(`There is no action ${name}.`);
    const page = await come(write);
    const sentTo = await refuse(page, action, 'away', slowMs);
    await write.press(page);
    await atWork(page).waitFor({ state: 'attached' });
    // Somebody who sees nothing happen presses again.
    await page.evaluate(() => {
      const { activeElement } = document;
      if (activeElement instanceof HTMLElement && activeElement.ariaBusy) activeElement.click();
    });
    await failure(page).first().waitFor();
    await atWork(page).waitFor({ state: 'detached' });
    expect(sentTo()).toBe(1);
    await write.kept(page);
    await page.unroute('**/*');

    if (!write.isUndo) await dismissAll(page);
    const brokenFor = await refuse(page, action, 'broken', 0);
    await write.press(page);
    await expect.poll(brokenFor).toBe(1);
    await failure(page).first().waitFor();
    await write.kept(page);
    await page.unroute('**/*');
    await write.finish?.(page);
  });
});
