import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { audit } from '../src/audit.ts';

/** Inside the package, so that the schema finds drizzle-orm. */
const folder = fileURLToPath(
  new URL(`../node_modules/.cache/performance-${process.pid}/`, import.meta.url),
);
afterAll(() => rm(folder, { recursive: true, force: true }));

const tableOf = (n: number): string => `
export const things${n} = pgTable('things_${n}', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: varchar('name', { length: 200 }).notNull(),
  status: text('status').notNull(),
  isActive: boolean('is_active').notNull().default(true),
  meta: jsonb('meta').$type<{ a: string }>(),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow().$onUpdate(() => new Date()),
  parentId: uuid('parent_id').references((): AnyPgColumn => things${Math.max(0, n - 1)}.id, { onDelete: 'cascade' }),
}, (t) => [index('things_${n}_parent_id_idx').on(t.parentId)]);
export const things${n}Relations = relations(things${n}, ({ one, many }) => ({
  parent: one(things${Math.max(0, n - 1)}, { fields: [things${n}.parentId], references: [things${Math.max(0, n - 1)}.id], relationName: 'parent' }),
  children: many(things${n + 1 < 200 ? n + 1 : n}, { relationName: 'parent' }),
}));`;

test('two hundred tables take less than two seconds of the processor, without a database', async () => {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'schema.ts');
  await writeFile(
    path,
    `import { relations } from 'drizzle-orm';
import { type AnyPgColumn, boolean, index, jsonb, pgTable, text, timestamp, uuid, varchar } from 'drizzle-orm/pg-core';
${Array.from({ length: 200 }, (_, n) => tableOf(n)).join('')}`,
  );
  const before = process.cpuUsage();
  const report = await audit({ schema: [path] });
  const { user } = process.cpuUsage(before);
  expect(report.tables).toBe(200);
  expect(user / 1_000_000).toBeLessThan(2);
}, 30_000);
