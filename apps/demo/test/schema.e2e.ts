import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { productPage } from './addresses.ts';
import { type Seat, seatOf } from './browser.ts';

let ada: Seat;
beforeAll(async () => {
  ada = await seatOf('ada');
});

const packages = [
  ['db', 'Workspace'],
  ['postgres', 'Connectors'],
  ['tasks', 'Tasks'],
  ['tenancy', 'Tenancy'],
] as const;

/** Whether the middle of a box is inside the drawing. */
async function inView(page: Page, box: Locator): Promise<boolean> {
  const [drawn, frame] = await Promise.all([
    box.boundingBox(),
    page.getByRole('region', { name: 'Entity diagram' }).boundingBox(),
  ]);
  if (!drawn || !frame) return false;
  const [x, y] = [drawn.x + drawn.width / 2 - frame.x, drawn.y + drawn.height / 2 - frame.y];
  return x > 0 && x < frame.width && y > 0 && y < frame.height;
}

test.each(packages)('the diagram of %s has every table of its database', async (slug) => {
  const { page } = ada;
  await ada.goTo(`/schema/${slug}`);
  const details = page.getByRole('complementary', { name: 'Details' });
  const said = await details.getByText('tables', { exact: true }).locator('..').textContent();
  const boxes = page.locator('.react-flow__node-table');
  await expect.poll(() => boxes.count()).toBe(Number(/\d+/.exec(said ?? '')?.[0]));
  const [first] = await boxes.evaluateAll((all) =>
    all.map((box) => box.getBoundingClientRect().width),
  );
  expect(first).toBeGreaterThan(20);
  expect(await page.locator('.react-flow__edge').count()).toBeGreaterThan(0);
});

describe('on a phone', () => {
  test('the tables are a list with their references, and the drawing opens at a size to read', async () => {
    const { page, goTo } = await seatOf('ada', 390);
    await goTo('/schema/db');
    const diagram = page.getByRole('region', { name: 'Entity diagram' });
    const boxes = diagram.locator('.react-flow__node-table');
    expect(await boxes.first().isVisible()).toBe(false);
    const details = page.getByRole('complementary', { name: 'Details' });
    const listed = details.getByRole('link', { name: /^page_tags/ });
    expect(await listed.textContent()).toMatch(/points to .*pages/);
    await diagram.getByRole('button', { name: 'Show the drawing' }).click();
    // A column's name, and not only the table's, is written in the boxes.
    await expect.poll(() => boxes.first().textContent()).toMatch(/text|timestamptz/);
    await expect
      .poll(() =>
        boxes.evaluateAll((all) => all.some((box) => box.getBoundingClientRect().left > 0)),
      )
      .toBe(true);
    expect((await boxes.first().boundingBox())?.width).toBeGreaterThan(120);
    await diagram.getByLabel('Go to a table').selectOption('pages');
    await page.waitForURL('**/schema/db/tables/pages');
    await expect
      .poll(() => inView(page, diagram.locator('.react-flow__node-table[data-id="pages"]')))
      .toBe(true);
    await diagram.getByRole('button', { name: 'Hide the drawing' }).click();
    await details.getByRole('heading', { name: 'pages', exact: true }).waitFor();
    expect(await boxes.first().isVisible()).toBe(false);
  });
});

describe('a table', () => {
  test('opens by a click in the diagram, and shows columns, indexes, policies and its source', async () => {
    const { page } = ada;
    await ada.goTo('/schema/tenancy');
    await page.locator('.react-flow__node-table[data-id="documents"]').click();
    await page.waitForURL('**/schema/tenancy/tables/documents');
    const details = page.getByRole('complementary', { name: 'Details' });
    await details.getByRole('heading', { name: 'documents', exact: true }).waitFor();
    await details.getByRole('heading', { name: /^Columns \(\d+\)/ }).waitFor();
    await details.getByRole('heading', { name: /^Indexes \(\d+\)/ }).waitFor();
    await details.getByRole('heading', { name: /^Policies \(\d+\)/ }).waitFor();
    await details
      .getByText(/row security/)
      .first()
      .waitFor();
    await details.getByText(/packages\/tenancy\/src\/schema\/.*\.ts:\d+/).waitFor();
    expect(
      await details.getByRole('region', { name: 'Source of documents' }).textContent(),
    ).toContain('pgTable');
    await page.getByRole('link', { name: 'Close the table' }).click();
    await page.waitForURL('**/schema/tenancy');
  });

  test('opens by keyboard and by its name, and stands in view', async () => {
    const { page } = ada;
    await ada.goTo('/schema/db');
    await page.getByLabel('Go to a table').selectOption('pages');
    await page.waitForURL('**/schema/db/tables/pages');
    const box = page.locator('.react-flow__node-table[data-id="pages"]');
    await expect.poll(() => inView(page, box)).toBe(true);
    await ada.goTo('/schema/tasks');
    await page.locator('.react-flow__node-table[data-id="tags"]').focus();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/schema/tasks/tables/tags');
  });

  test('that does not exist is not found', async () => {
    await ada.goTo('/schema/db/tables/pg_authid');
    await ada.page.getByRole('heading', { name: 'Not found' }).waitFor();
  });
});

test('migrations: each with its state, when and how long', async () => {
  const { page } = ada;
  await ada.goTo('/schema/db');
  await page.getByRole('link', { name: 'Migrations' }).click();
  const table = page.getByRole('region', { name: 'Migrations of @pagespace/db' });
  await table.waitFor();
  const lines = await table.locator('tbody tr').allTextContents();
  expect(lines.length).toBeGreaterThan(3);
  for (const line of lines) expect(line).toMatch(/^\d{4}_\w+applied.*ms/);

  await ada.goTo('/schema/tenancy/migrations');
  await page.getByRole('link', { name: '0003_force_and_grants' }).click();
  await page.waitForURL('**/migrations/0003_force_and_grants');
  await page.getByText('row-security-on').first().waitFor();
  const code = (name: RegExp) => page.getByRole('region', { name }).textContent();
  expect(await code(/^SQL of/)).toMatch(/force row level security/i);
  expect(await code(/^Down migration of/)).toMatch(/no force row level security/i);
  await ada.goTo('/schema/db/migrations/..%2F..%2Fpackage');
  await page.getByRole('heading', { name: 'Not found' }).waitFor();
});

test('the audit: every rule, and each finding with its table and its source', {
  timeout: 360_000,
}, async () => {
  const { page } = ada;
  await ada.goTo('/schema/db');
  await page.getByRole('link', { name: 'Audit', exact: true }).click();
  const rules = page.getByRole('region', { name: 'Rules held against @pagespace/db' });
  // It reads every source of the package, in a process of its own.
  await rules.waitFor({ timeout: 240_000 });
  expect(await rules.locator('tbody tr').count()).toBeGreaterThan(50);
  // `audit plans` runs those on a database filled for it, which takes minutes.
  const needing = await rules.locator('tbody tr', { hasText: 'needs' }).locator('td').all();
  const states = await Promise.all(needing.map((cell) => cell.textContent()));
  expect(states.filter((text) => text?.startsWith('needs '))).toEqual(Array(5).fill('needs plans'));
  const waived = page.getByRole('list', { name: 'Waived findings' });
  const finding = waived.getByRole('listitem').filter({ hasText: 'audit_entries.driveId' });
  await finding.getByText(/packages\/db\/src\/schema\/audit\.ts:\d+/).click();
  await expect
    .poll(() => finding.getByRole('region', { name: /audit\.ts from line/ }).textContent())
    .toContain('driveId');
  await finding.getByRole('link', { name: 'audit_entries.driveId' }).click();
  await page.waitForURL('**/schema/db/tables/audit_entries');
});

describe('the query lab', () => {
  test('runs a query and shows its SQL, plan, time, count and answer', async () => {
    const { page, main } = ada;
    await ada.goTo('/schema/tasks/queries');
    await page.getByRole('link', { name: 'getUserTasks', exact: true }).click();
    await page.getByLabel('limit').fill('5');
    await page.getByRole('button', { name: 'Run' }).click();
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByRole('heading', { name: 'Statement 1' }).waitFor();
    const facts = await result.locator('dl').textContent();
    expect(facts).toMatch(/statement1\D/);
    expect(facts).toMatch(/first call[\d.]+ ms/);
    expect(facts).toMatch(/items5$/);
    expect(await result.getByRole('region', { name: 'SQL of statement 1' }).textContent()).toMatch(
      /select[\s\S]*from[\s\S]*tasks/,
    );
    await result
      .getByText(/Index Scan/)
      .first()
      .waitFor();
    await result.getByText('Rows as the planner estimates them.').waitFor();
    // Backticks of the doc comment are code on the screen.
    const said = main.locator('header p').filter({ hasText: 'Returns a page' });
    expect(await said.textContent()).not.toContain('`');
    expect(await said.locator('code').allTextContents()).toEqual(['nextCursor']);
    expect(
      await result.getByRole('region', { name: 'The query’s answer' }).textContent(),
    ).toContain('"title"');
  });

  test('takes back what a query wrote', async () => {
    const { page, main } = ada;
    await ada.goTo('/schema/tasks/queries/createTask');
    await page.getByRole('button', { name: 'Run' }).click();
    await main.getByText('taken back', { exact: true }).waitFor();
    const answer = await page.getByRole('region', { name: 'The query’s answer' }).textContent();
    const id = /"id": "([^"]+)"/.exec(answer ?? '')?.[1] ?? 'none';
    await ada.goTo(`/tasks/${id}`);
    await page.getByRole('heading', { name: 'Not found' }).waitFor();
  });

  test('has something to run every query on, once one has looked at a page', async () => {
    await ada.goTo(productPage('Launch plan'));
    for (const [slug] of packages) {
      await ada.goTo(`/schema/${slug}/queries`);
      await ada.page.waitForURL(/\/queries\/.+/);
      const links = ada.page.getByRole('navigation', { name: 'Queries' }).getByRole('link');
      await links.first().waitFor();
      const hrefs = await links.evaluateAll((all) => all.map((one) => one.getAttribute('href')));
      for (const href of hrefs) {
        const answer = await ada.context.request.get(href ?? '');
        expect(await answer.text(), href ?? '').not.toContain('Nothing to run it on');
      }
    }
  });

  test.each(packages)('runs a query of %s', async (slug) => {
    const { page } = ada;
    await ada.goTo(`/schema/${slug}/queries`);
    await page.waitForURL(/\/queries\/.+/);
    const links = page.getByRole('navigation', { name: 'Queries' }).getByRole('link');
    await links.first().waitFor();
    expect(await links.count()).toBeGreaterThan(5);
    await page.getByRole('button', { name: 'Run' }).click();
    const result = page.getByRole('region', { name: 'Result' });
    await result.getByRole('heading', { name: 'Statement 1' }).waitFor();
  });
});
