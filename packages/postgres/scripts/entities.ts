import { entitiesPage } from '@reference/entity-diagram';
import { getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import * as schema from '../src/schemas/index.ts';

const vendors = [
  'github',
  'slack',
  'jira',
  'linear',
  'notion',
  'google',
  'youtube',
  'spotify',
  'x',
] as const;
const vendorOf = (table: PgTable) =>
  vendors.find((vendor) => getTableName(table).startsWith(`${vendor}_`));

const tablesOf = (vendor?: (typeof vendors)[number]) =>
  Object.fromEntries(
    Object.entries(schema).filter(([, value]) => is(value, PgTable) && vendorOf(value) === vendor),
  );

/** ENTITIES.md: our own tables, then those of each vendor. */
export const entities = (): string =>
  entitiesPage({
    title: '@ait/postgres',
    groups: {
      'Connections, sync, chat, goals': tablesOf(),
      ...Object.fromEntries(vendors.map((vendor) => [vendor, tablesOf(vendor)])),
    },
    omit: ['created_at', 'updated_at'],
  });
