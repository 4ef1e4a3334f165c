import type { DatabaseName } from '../server/database-names.ts';

/** A schema package as the schema screen shows it. */
export interface SchemaPackage {
  /** In the address of its page, and the name of its folder. */
  readonly slug: 'db' | 'postgres' | 'tasks' | 'tenancy';
  readonly name: string;
  readonly database: DatabaseName;
  readonly title: string;
  /** The technique that its schema demonstrates. */
  readonly teaches: string;
  /** From the project's root. */
  readonly migrations: string;
}

export const schemaPackages: readonly SchemaPackage[] = [
  {
    slug: 'db',
    database: 'pagespace',
    name: '@pagespace/db',
    title: 'Workspace',
    teaches: 'Trees of pages, rights, messages, search: one statement a question.',
    migrations: 'packages/db/drizzle',
  },
  {
    slug: 'postgres',
    database: 'ait',
    name: '@ait/postgres',
    title: 'Connectors',
    teaches: 'Rows of other services under the vendors’ own ids, upserted in bulk.',
    migrations: 'packages/postgres/src/migrations',
  },
  {
    slug: 'tasks',
    database: 'tasks',
    name: '@reference/tasks',
    title: 'Tasks',
    teaches: 'Data that belongs to a user, sealed secrets, a state machine, leases.',
    migrations: 'packages/tasks/drizzle',
  },
  {
    slug: 'tenancy',
    database: 'tenancy',
    name: '@reference/tenancy',
    title: 'Tenancy',
    teaches: 'Organisations kept apart by row security, and vector search under it.',
    migrations: 'packages/tenancy/drizzle',
  },
];

export type PackageSlug = SchemaPackage['slug'];

export const findPackage = (slug: string): SchemaPackage | undefined =>
  schemaPackages.find((known) => known.slug === slug);
