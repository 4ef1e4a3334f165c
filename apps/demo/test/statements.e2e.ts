import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { repeatsOf } from '../src/statements/read-statements.ts';
import recorded from '../src/statements/screens-of-tables.json' with { type: 'json' };
import { productPage, screens } from './addresses.ts';
import { type Seat, seatOf } from './browser.ts';
import { openStatements, tablesShown } from './statements.ts';

let ada: Seat;
beforeAll(async () => {
  ada = await seatOf('ada');
});

/** The words of a plan that lie outside of it, are clipped, or stand in a column of a few letters. */
function cutOff(plan: Element): string[] {
  const { left, right } = plan.getBoundingClientRect();
  return [...plan.querySelectorAll('p, span')]
    .filter((words) => {
      const at = words.getBoundingClientRect();
      const isOutside = at.left < left - 1 || at.right > Math.min(right, innerWidth) + 1;
      const isClipped = words.clientWidth > 0 && words.scrollWidth > words.clientWidth + 1;
      return words.textContent && (isOutside || isClipped || (words.matches('p') && at.width < 96));
    })
    .map(({ textContent }) => textContent);
}

/** What scrolls sideways in a panel, apart from its SQL. */
function sidewaysIn(panel: Element): string[] {
  return [panel, ...panel.querySelectorAll('*')]
    .filter(
      (element) =>
        element.scrollWidth > element.clientWidth + 1 &&
        ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) &&
        !element.matches('pre, .code'),
    )
    .map(({ className }) => className);
}

describe('the statements of a screen', () => {
  test('name the query function and the very lines that sent them', async () => {
    const { page } = ada;
    await ada.goTo('/tasks?text=zebra-words');
    const panel = await openStatements(page);
    await panel.getByText('slowest', { exact: true }).waitFor();
    expect(await panel.getByLabel('Request').textContent()).toMatch(
      /GET \/tasks\?text \(\d+ in [\d.,]+ ms\)/,
    );
    const list = panel
      .getByRole('listitem')
      .filter({ has: page.getByRole('link', { name: 'getUserTasks' }) });
    await list.waitFor();
    expect(await list.textContent()).toMatch(/\d+ rows?, [\d.]+ ms/);
    expect(await list.textContent()).toContain('$1 text');
    const code = list.getByRole('list', { name: /^Code that sent/ }).getByRole('listitem');
    const places = await code.allTextContents();
    expect(places.length).toBeGreaterThan(1);
    const root = fileURLToPath(new URL('../../..', import.meta.url));
    for (const place of places) {
      const [, path = '', line = ''] = /^(\S.*):(\d+) /.exec(place) ?? [];
      const lines = (await readFile(`${root}/${path}`, 'utf8')).split('\n');
      expect(lines[Number(line) - 1], place).toMatch(/\w\(|await/);
    }
    expect(places.at(-1)).toContain('apps/demo/src/app/(app)/tasks/page.tsx');
  });

  test('hold no value: neither what was searched nor an id of the person', async () => {
    const { page } = ada;
    await ada.goTo('/knowledge/acme?q=zebrafish');
    const panel = await openStatements(page);
    await panel.getByRole('link', { name: 'searchChunks' }).first().waitFor();
    expect(await panel.textContent()).not.toMatch(
      /zebrafish|ada@|(?!0{8})[0-9a-f]{8}-[0-9a-f]{4}-/,
    );
  });

  test('are explained when one asks, under the settings of their transaction', async () => {
    const { page } = ada;
    await ada.goTo('/knowledge/acme?q=index');
    const panel = await openStatements(page);
    const search = panel.getByRole('listitem').filter({ hasText: 'document_chunks' }).first();
    await search.getByRole('button', { name: /^Plan of/ }).click();
    const plan = search.getByRole('list', { name: 'Plan for any parameters' });
    await plan.waitFor();
    expect(await plan.textContent()).toMatch(/Scan.*document_chunks/s);
  });

  test.each([
    ['a page of the workspace', productPage('Launch plan')],
    ['a search', '/knowledge/acme?q=index'],
  ])('have plans that a phone shows whole: %s', async (_, path) => {
    const { page, context, goTo } = await seatOf('ada', 390);
    await goTo(path);
    const panel = await openStatements(page);
    const buttons = panel.getByRole('button', { name: /^Plan of statement/ });
    const plans = panel.getByRole('list', { name: 'Plan for any parameters' });
    for (let left = await buttons.count(); left > 0; left -= 1) {
      await buttons.first().click();
      await expect.poll(() => buttons.count()).toBe(left - 1);
    }
    expect(await plans.count()).toBeGreaterThan(1);
    for (const plan of await plans.all()) expect(await plan.evaluate(cutOff)).toEqual([]);
    expect(await panel.evaluate(sidewaysIn)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    // An open window of the workspace goes on asking, as the same person.
    await context.close();
  });

  test('lead to a table, and a table to the screens that use it', async () => {
    const { page } = ada;
    await ada.goTo('/tasks');
    const panel = await openStatements(page);
    await panel.getByRole('link', { name: 'task_tags', exact: true }).first().click();
    await page.waitForURL('**/schema/tasks/tables/task_tags');
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByRole('heading', { name: /^Screens that use it/ }).waitFor();
    await details.getByRole('link', { name: 'tasks', exact: true }).last().click();
    await page.waitForURL('**/tasks');
  });

  test('are of one’s own requests only', async () => {
    await ada.goTo('/tasks');
    const panel = await openStatements(ada.page);
    const theirs = await panel.getByLabel('Request').inputValue();
    const zoe = await seatOf('zoe');
    await zoe.goTo('/settings/tokens');
    const own = await openStatements(zoe.page);
    const ids = await own
      .getByLabel('Request')
      .locator('option')
      .evaluateAll((options) => options.map((option) => option.getAttribute('value')));
    expect(ids).not.toContain(theirs);
  });
});

test('a text that a request sends again and again is marked', () => {
  const one = { database: 'tasks', text: 'select a from b where id = $1' } as const;
  const setting = { database: 'tasks', text: 'set local role x' } as const;
  expect(repeatsOf([one, one, one])).toEqual([0, 0, 0]);
  expect(repeatsOf([one, one, one, one])).toEqual([4, 4, 4, 4]);
  const list = (parameters: string) => ({
    ...one,
    text: `select a from b where id in (${parameters})`,
  });
  expect(repeatsOf([list('$1'), list('$1, $2'), list('$1'), list('$1, $2, $3')])[0]).toBe(4);
  expect(repeatsOf([setting, setting, setting, setting])).toEqual([0, 0, 0, 0]);
  expect(repeatsOf([one, one, { ...one, database: 'ait' }, one])).toEqual([0, 0, 0, 0]);
});

test('the screens of each table are those whose statements name it', async () => {
  const { page } = ada;
  expect(recorded.map(({ href }) => href)).toEqual(Object.values(screens));
  // A few of each area: the screens' own tests visit the others.
  for (const { screen, href, tables } of recorded.filter((_, index) => index % 6 === 0)) {
    await ada.goTo(href);
    await openStatements(page);
    expect(tables, screen).toEqual(expect.arrayContaining(await tablesShown(page)));
  }
});
