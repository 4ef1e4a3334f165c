import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { repeatsOf } from '../src/statements/read-statements.ts';
import recorded from '../src/statements/screens-of-tables.json' with { type: 'json' };
import { screens } from './addresses.ts';
import { type Seat, seatOf } from './browser.ts';
import { openStatements, tablesShown } from './statements.ts';

let ada: Seat;
beforeAll(async () => {
  ada = await seatOf('ada');
});

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
