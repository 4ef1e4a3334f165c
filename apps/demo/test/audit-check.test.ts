import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendActivityLogs, createDb, migrationsFolder } from '@pagespace/db';
import { createTestDatabase } from '@reference/local-postgres';
import { migrate } from '@reference/migrator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checkAuditTrail } from '../src/server/audit-check.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let client: ReturnType<typeof createDb>;
let folder: string;
beforeAll(async () => {
  database = await createTestDatabase({ migrations: migrationsFolder, migrate });
  client = createDb({ url: database.url, max: 1 });
  folder = await mkdtemp(join(tmpdir(), 'anchors-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await client.close();
  await database.close();
});

test('a chain is checked against the anchor of the last time, also if its head is gone with it', async () => {
  const { db, sql } = client;
  const check = () =>
    checkAuditTrail(
      { db, anchorFile: join(folder, 'deep', 'anchors.json') },
      new AbortController().signal,
    );
  const lines = ['one', 'other'].map((driveId) => ({ action: 'page.rename', driveId }));
  await appendActivityLogs(db, { lines });
  expect(await check()).toEqual([]);
  await appendActivityLogs(db, { lines });
  expect(await check()).toEqual([]);
  expect(await readdir(join(folder, 'deep'))).toEqual(['anchors.json']);
  await sql`alter table audit_entries disable trigger all`;
  await sql`alter table audit_heads disable trigger all`;
  await sql`delete from audit_entries where scope = 'drive one'`;
  await sql`delete from audit_heads where scope = 'drive one'`;
  for (const _ of ['found', 'and found again']) {
    expect(await check()).toEqual(['drive one: entry 1 is missing']);
  }
});
