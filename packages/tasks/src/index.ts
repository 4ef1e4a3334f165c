export { createTasksClient } from './client.ts';
export type { Db, Tx } from './database.ts';
export { migrationsFolder } from './migrations.ts';
export type { OAuthIdentity } from './queries/identities.ts';
export * from './queries/index.ts';
export type { TagOfTask, TaskRecord, TaskRef, TaskWithTags } from './queries/task-columns.ts';
export * from './schema/index.ts';
