import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { capabilities } from '@reference/local-postgres';
import {
  describeCatalog,
  dumpCatalog,
  readConfig,
  scratchOnServer,
  verify,
} from '@reference/migrator';
import { is } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import { entities } from '../scripts/entities.ts';
import * as database from '../src/index.ts';
import { migrationsFolder } from '../src/migrations.ts';
import * as schema from '../src/schema/index.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const tables = Object.entries(schema).flatMap(([name, value]) =>
  is(value, PgTable) ? [{ name, table: value, config: getTableConfig(value) }] : [],
);

test('schema.sql is what the migrations make', async () => {
  const committed = await readFile(file('../schema.sql'), 'utf8');
  expect(dumpCatalog(await describeCatalog(workspace.url))).toBe(committed);
});

test.skipIf(!capabilities.concurrency)(
  'every migration goes up, down and up again, and agrees with schema and snapshot',
  async () => {
    const { problems, reversed } = await verify({
      folder: migrationsFolder,
      scratch: scratchOnServer(workspace.url),
      config: await readConfig(file('../drizzle.config.ts')),
      dump: file('../schema.sql'),
    });
    expect(problems).toEqual([]);
    expect(reversed).toBeGreaterThan(0);
  },
  120_000,
);

test('ENTITIES.md shows the schema as it is (pnpm docs:diagram)', async () => {
  expect(await readFile(file('../ENTITIES.md'), 'utf8')).toBe(entities());
});

describe.each(tables)('$name', ({ name, config }) => {
  test('has timestamps, named keys with an action, and an index that leads with each', () => {
    const columns = config.columns.map((column) => column.name);
    expect(columns).toContain('createdAt');
    expect(columns).toContain('updatedAt');
    const leading = [
      ...config.indexes.map(({ config: index }) => index.columns.map(nameOf)),
      ...config.uniqueConstraints.map((unique) => unique.columns.map(nameOf)),
      ...config.primaryKeys.map((key) => key.columns.map(nameOf)),
    ];
    for (const key of config.foreignKeys) {
      const own = key.reference().columns.map(nameOf);
      expect(key.getName()).toMatch(/_fkey$/);
      expect(key.onDelete, key.getName()).toMatch(/^(cascade|set null|restrict)$/);
      const served = leading.some((index) => own.every((column, at) => index[at] === column));
      expect(served, `${key.getName()} has no index`).toBe(true);
    }
  });

  test('exports its Zod schemas and relations', () => {
    const single = singularOf(name);
    for (const verb of ['insert', 'select', 'update']) {
      expect(database).toHaveProperty(`${verb}${single}Schema`);
    }
    if (config.foreignKeys.length > 0) expect(database).toHaveProperty(`${name}Relations`);
  });
});

const nameOf = (column: object) => ('name' in column ? String(column.name) : '');

const singularOf = (name: string) => {
  const single = name.endsWith('ies') ? `${name.slice(0, -3)}y` : name.replace(/(?<!tatu)s$/, '');
  return `${single.charAt(0).toUpperCase()}${single.slice(1)}`;
};

test('insert schemas ask for what an insert asks for, and no more', () => {
  expectTypeOf<schema.NewUser>().toExtend<z.input<typeof schema.insertUserSchema>>();
  expectTypeOf<schema.NewSession>().toExtend<z.input<typeof schema.insertSessionSchema>>();
  expectTypeOf<schema.NewRefreshToken>().toExtend<
    z.input<typeof schema.insertRefreshTokenSchema>
  >();
  expectTypeOf<schema.NewDeviceToken>().toExtend<z.input<typeof schema.insertDeviceTokenSchema>>();
  expectTypeOf<schema.NewVerificationToken>().toExtend<
    z.input<typeof schema.insertVerificationTokenSchema>
  >();
  expectTypeOf<schema.NewMcpToken>().toExtend<z.input<typeof schema.insertMcpTokenSchema>>();
  expectTypeOf<schema.NewDrive>().toExtend<z.input<typeof schema.insertDriveSchema>>();
  expectTypeOf<schema.NewPage>().toExtend<z.input<typeof schema.insertPageSchema>>();
  expectTypeOf<schema.NewChatMessage>().toExtend<z.input<typeof schema.insertChatMessageSchema>>();
  expectTypeOf<schema.NewPageComment>().toExtend<z.input<typeof schema.insertPageCommentSchema>>();
  expectTypeOf<schema.NewTag>().toExtend<z.input<typeof schema.insertTagSchema>>();
  expectTypeOf<schema.NewPagePermission>().toExtend<
    z.input<typeof schema.insertPagePermissionSchema>
  >();
  expectTypeOf<schema.NewDriveMember>().toExtend<z.input<typeof schema.insertDriveMemberSchema>>();
  expectTypeOf<schema.NewNotification>().toExtend<
    z.input<typeof schema.insertNotificationSchema>
  >();
  expectTypeOf<schema.NewEmailNotificationLog>().toExtend<
    z.input<typeof schema.insertEmailNotificationLogSchema>
  >();
  expectTypeOf<schema.NewUserProfile>().toExtend<z.input<typeof schema.insertUserProfileSchema>>();
  expectTypeOf<schema.NewConnection>().toExtend<z.input<typeof schema.insertConnectionSchema>>();
  expectTypeOf<schema.NewDirectMessage>().toExtend<
    z.input<typeof schema.insertDirectMessageSchema>
  >();
  expectTypeOf<schema.NewPlan>().toExtend<z.input<typeof schema.insertPlanSchema>>();
  expectTypeOf<schema.NewSubscription>().toExtend<
    z.input<typeof schema.insertSubscriptionSchema>
  >();
  expectTypeOf<schema.NewSystemLog>().toExtend<z.input<typeof schema.insertSystemLogSchema>>();
  expectTypeOf<schema.NewApiMetric>().toExtend<z.input<typeof schema.insertApiMetricSchema>>();
  expectTypeOf<schema.NewErrorLog>().toExtend<z.input<typeof schema.insertErrorLogSchema>>();
  expectTypeOf<schema.NewActivityLog>().toExtend<z.input<typeof schema.insertActivityLogSchema>>();
});

test('update schemas leave out keys, owners and timestamps', () => {
  const fixed = ['id', 'createdAt', 'updatedAt', 'userId', 'ownerId', 'tokenHash'];
  for (const [name, value] of Object.entries(schema)) {
    if (!/^update.*Schema$/.test(name) || typeof value !== 'object' || !('shape' in value))
      continue;
    for (const column of fixed) expect(value.shape, name).not.toHaveProperty(column);
  }
});
