import { beforeAll, expect, test } from 'vitest';
import { type Seat, seatOf } from './browser.ts';

let ada: Seat;
beforeAll(async () => {
  ada = await seatOf('ada');
});

/** Runs a step of the guide. @returns what it saw */
async function run(title: RegExp, verb: string): Promise<string> {
  const step = ada.main.getByRole('listitem').filter({
    has: ada.page.getByRole('heading', { level: 2, name: title }),
  });
  await step.getByRole('button', { name: verb }).click();
  await step.getByText(/^(holds|does not hold)$/).waitFor({ timeout: 150_000 });
  return (await step.textContent()) ?? '';
}

// Two steps start the migrator or the audit in a process of its own, which takes its time beside others.
test('the guide’s steps do what they say, and show what they saw', {
  timeout: 400_000,
}, async () => {
  await ada.goTo('/guide');
  const isolation = await run(/Two people/, 'Ask as each of them');
  expect(isolation).toMatch(/Zoe lists drives, with the same function0 drives/);
  expect(isolation).toMatch(/Zoe opens it by its idnot found/);
  expect(isolation).toMatch(/0 of Acme’s/);
  const conflict = await run(/Two windows/, 'Save twice');
  expect(conflict).toMatch(/saves its older revisionrefused: /);
  expect(conflict).toMatch(/“The first window’s words”holds/);
  const migration = await run(/rehearsed/, 'There and back');
  expect(migration).toMatch(/\d migrations? in \d+ ms/);
  expect(migration).toMatch(/before and afternoneholds/);
  const rename = await run(/renamed/, 'Rename it in steps');
  expect(rename).toMatch(/in one statementdanger: /);
  expect(rename).toMatch(/expand_max_minutes, backfill_max_minutes, .*contract_max_duration/);
  expect(rename.match(/\d+ writes, none refused/g)).toHaveLength(2);
  expect(rename).toMatch(/columns differ0/);
  expect(rename).toMatch(/20000 of 20000.*tasks_max_duration_checkholds/);
  const finding = await run(/audit finds/, 'Add a table without its index');
  expect(finding).toMatch(/foreign-key-index: no index leads with task_id/);
  expect(finding).toMatch(/the finding is goneholds/);
  // Nothing of it stays.
  await ada.goTo('/drives');
  expect(await ada.main.getByText('A drive of the guide').count()).toBe(0);
});
