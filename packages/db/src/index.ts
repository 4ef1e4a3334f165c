export { closeDb, createDb, db } from './client.ts';
export type { Db, Tx } from './database.ts';
export { migrationsFolder } from './migrations.ts';
export * from './queries/auth.ts';
export * from './queries/core.ts';
export * from './queries/members.ts';
export * from './queries/permissions.ts';
export * from './schema/index.ts';
