import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { audit } from '../src/audit.ts';
import { writeBaseline } from '../src/baseline.ts';

let folder = '';
let schema: string[] = [];

const COLUMNS = `import { text, timestamp } from 'drizzle-orm/pg-core';
export const key = () => text().primaryKey();
export const times = {
  createdAt: timestamp('created_at').notNull().defaultNow(),
};
export const seenAt = () => timestamp('seen_at');
`;
const SCHEMA = `import { pgTable, text } from 'drizzle-orm/pg-core';
import { key, seenAt, times } from './columns.ts';
export const users = pgTable('users', { id: key(), seenAt: seenAt(), ...times });
export const pages = pgTable('pages', { id: key(), seenAt: seenAt(), ownerId: text('owner_id').references(() => users.id, { onDelete: 'cascade' }), ...times });
export const notes = pgTable('notes', { id: key(), ...times });
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'audit-shared-'));
  schema = [join(folder, 'schema.ts')];
  await writeFile(join(folder, 'columns.ts'), COLUMNS);
  await writeFile(join(folder, 'schema.ts'), SCHEMA);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('what one shared column causes is one finding, at the shared column', async () => {
  const { findings } = await audit({ schema, root: folder });
  const zones = findings.filter(({ rule }) => rule === 'timestamp-zone');
  expect(zones.map(({ object, also, location }) => ({ object, also, location }))).toEqual([
    {
      object: 'notes.created_at',
      also: ['pages.created_at', 'users.created_at'],
      location: { file: 'columns.ts', line: 4, column: 3 },
    },
    {
      object: 'pages.seen_at',
      also: ['users.seen_at'],
      location: { file: 'columns.ts', line: 6, column: 14 },
    },
  ]);
  expect(zones[0]?.message).toContain('as in 2 other tables');
});

test('a waiver takes its table out of the group, and a baseline knows every table of it', async () => {
  const waiver = { rule: 'timestamp-zone', at: 'pages.*', reason: 'Written by a clock in UTC.' };
  await writeFile(
    join(folder, 'audit.config.ts'),
    `export default { schema: 'schema.ts', waivers: [${JSON.stringify(waiver)}] };`,
  );
  const report = await audit({ config: join(folder, 'audit.config.ts') });
  const created = report.findings.filter(
    ({ rule, object }) => rule === 'timestamp-zone' && object.endsWith('created_at'),
  );
  expect(created.map(({ object, also, waived }) => [object, also, waived !== undefined])).toEqual([
    ['notes.created_at', ['users.created_at'], false],
    ['pages.created_at', undefined, true],
  ]);
  const baseline = join(folder, 'baseline.json');
  await writeBaseline(baseline, [report]);
  expect(await readFile(baseline, 'utf8')).toContain('"object": "users.created_at"');
  const known = await audit({ config: join(folder, 'audit.config.ts'), baseline });
  expect(known.rules.every(({ open }) => open === 0)).toBe(true);
});
