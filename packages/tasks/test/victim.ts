import { getTableName, is, sql } from 'drizzle-orm';
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core';
import type { Db } from '../src/database.ts';
import {
  appendLogs,
  appendMessage,
  createConnector,
  createTag,
  createTask,
  linkAccount,
  setKey,
  setPreference,
  setSetting,
  setTaskTags,
  softDeleteTask,
  transitionTask,
  upsertUser,
} from '../src/index.ts';
import * as schema from '../src/schema/index.ts';
import { keyring } from './workbench.ts';

/** Part of everything that the victim stores in clear, so that its appearance is a leak. */
export const mark = 'victimsown';

/** Every secret the victim stores. None may appear anywhere but in the answer to its owner. */
export const canaries = {
  accessToken: 'gho_canary-access-4f1c9a7e2b',
  refreshToken: 'ghr_canary-refresh-8d2e6b1f0c',
  linkedAccessToken: 'vcl_canary-linked-7a3b9c5d1e',
  linkedRefreshToken: 'vcr_canary-linkedrefresh-2c4e6a8b0d',
  key: 'sk-canary-key-9e8d7c6b5a4f3e2d1c',
  clientSecret: 'ocs_canary-client-1a2b3c4d5e6f',
  env: 'canary-env-5e4d3c2b1a0f9e8d7c6b',
} as const;

/** The rows that others try to reach. */
export interface Victim {
  readonly userId: string;
  readonly taskId: string;
  readonly deletedTaskId: string;
  readonly tagId: string;
  readonly connectorId: string;
}

/** A user with a row in every table. */
export async function addVictim(db: Db): Promise<Victim> {
  const { user } = await upsertUser(db, {
    keyring,
    provider: 'github',
    externalId: `${mark}-identity`,
    accessToken: canaries.accessToken,
    refreshToken: canaries.refreshToken,
    scope: mark,
    username: mark,
    email: `${mark}@example.com`,
    name: mark,
  });
  const userId = user.id;
  await linkAccount(db, {
    userId,
    keyring,
    provider: 'vercel',
    externalId: `${mark}-linked`,
    accessToken: canaries.linkedAccessToken,
    refreshToken: canaries.linkedRefreshToken,
    username: mark,
  });
  await setKey(db, { userId, keyring, provider: 'openai', value: canaries.key });
  const connector = await createConnector(db, {
    userId,
    keyring,
    name: mark,
    type: 'local',
    command: mark,
    oauthClientSecret: canaries.clientSecret,
    env: { TOKEN: canaries.env },
  });
  await setSetting(db, { userId, key: 'maxSandboxDuration', value: 17 });
  await setPreference(db, {
    userId,
    key: 'defaultAgent',
    value: { agent: 'codex', model: mark },
  });
  const tag = await createTag(db, { userId, name: mark });
  const task = await createTask(db, { userId, prompt: mark, mcpServerIds: [connector.id] });
  const taskId = task.id;
  await setTaskTags(db, { userId, taskId, tagIds: [tag.id] });
  await appendLogs(db, { userId, taskId, lines: [{ message: mark }] });
  await appendMessage(db, { userId, taskId, role: 'user', content: mark });
  await transitionTask(db, { userId, taskId, to: 'processing' });
  const deleted = await createTask(db, { userId, prompt: mark });
  await softDeleteTask(db, { userId, taskId: deleted.id });
  return { userId, taskId, deletedTaskId: deleted.id, tagId: tag.id, connectorId: connector.id };
}

export const allTables = Object.values<unknown>(schema).filter((value) => is(value, PgTable));

/** Every row of a user, of every table, as the database has it. */
export async function rowsOf(db: Db, userId: string): Promise<Record<string, unknown[]>> {
  const rows: Record<string, unknown[]> = {};
  for (const table of allTables) {
    const name = getTableName(table);
    const owner = getTableConfig(table).columns.some((column) => column.name === 'user_id')
      ? sql.identifier('user_id')
      : sql.identifier('id');
    rows[name] = await db.execute(
      sql`select to_jsonb(owned) as row from ${table} as owned where ${owner} = ${userId} order by 1`,
    );
  }
  return rows;
}

/** Everything an error or a result could show: its own fields, message, stack and causes. */
export function everythingOf(value: unknown, seen = new Set<unknown>()): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (seen.has(value)) return '';
  seen.add(value);
  const names = [...Object.getOwnPropertyNames(value)];
  const parts = names.map((name) => `${name}=${everythingOf(Reflect.get(value, name), seen)}`);
  const symbols = Object.getOwnPropertySymbols(value).map((symbol) =>
    everythingOf(Reflect.get(value, symbol), seen),
  );
  return [...parts, ...symbols, JSON.stringify(value)].join('\n');
}
