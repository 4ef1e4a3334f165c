// Every exported query, called by one user with another's ids. A new query fails here until it has a case.
import { DbError, NotFoundError } from '@reference/kit';
import { isPgEnum } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Db } from '../src/database.ts';
import * as tasksPackage from '../src/index.ts';
import type * as queries from '../src/queries/index.ts';
import { addVictim, canaries, everythingOf, mark, rowsOf, type Victim } from './victim.ts';
import { addUser, keyring, openWorkbench, type Workbench } from './workbench.ts';

type Query = (db: Db, ...rest: never[]) => Promise<unknown>;
type Queries = {
  [K in keyof typeof queries as (typeof queries)[K] extends Query ? K : never]: (typeof queries)[K];
};
type ScopedName = {
  [K in keyof Queries]: Queries[K] extends (db: Db, params: infer P) => unknown
    ? P extends { readonly userId: string }
      ? K
      : never
    : never;
}[keyof Queries];

/** A query's answer for a row that is not this user's. */
type Answer = 'not found' | 'undefined' | 'own';
type Case = [answer: Answer, call: (db: Db, userId: string, ids: Victim) => Promise<unknown>];

const tokens = { accessToken: 'token-of-the-stranger', username: 'stranger' };

const scoped: Record<ScopedName, Case> = {
  addTaskTag: ['not found', (db, userId, ids) => tasksPackage.addTaskTag(db, { ...ids, userId })],
  appendLogs: [
    'not found',
    (db, userId, { taskId }) =>
      tasksPackage.appendLogs(db, { userId, taskId, lines: [{ message: 'a' }] }),
  ],
  appendMessage: [
    'not found',
    (db, userId, { taskId }) =>
      tasksPackage.appendMessage(db, { userId, taskId, role: 'user', content: 'a' }),
  ],
  createConnector: [
    'own',
    (db, userId) =>
      tasksPackage.createConnector(db, {
        userId,
        keyring,
        name: 'a',
        baseUrl: 'https://example.com',
      }),
  ],
  createTag: [
    'own',
    (db, userId) => tasksPackage.createTag(db, { userId, name: mark.slice(0, 6) }),
  ],
  createTask: [
    'not found',
    (db, userId, { connectorId }) =>
      tasksPackage.createTask(db, { userId, prompt: 'a', mcpServerIds: [connectorId] }),
  ],
  createTasks: [
    'not found',
    (db, userId, { connectorId }) =>
      tasksPackage.createTasks(db, {
        userId,
        tasks: [{ prompt: 'a' }, { prompt: 'a', mcpServerIds: [connectorId] }],
      }),
  ],
  deleteConnector: [
    'not found',
    (db, userId, { connectorId }) => tasksPackage.deleteConnector(db, { userId, connectorId }),
  ],
  deleteKey: [
    'not found',
    (db, userId) => tasksPackage.deleteKey(db, { userId, provider: 'openai' }),
  ],
  deleteTag: [
    'not found',
    (db, userId, { tagId }) => tasksPackage.deleteTag(db, { userId, tagId }),
  ],
  deleteUser: [
    'own',
    async (db) => {
      const userId = await addUser(db);
      await tasksPackage.deleteUser(db, { userId });
    },
  ],
  eraseUser: [
    'own',
    async (db) => {
      const userId = await addUser(db);
      await tasksPackage.eraseUser(db, { userId });
    },
  ],
  exportUser: [
    'own',
    async (db, userId) => {
      const written: unknown[] = [];
      await tasksPackage.exportUser(db, { userId, write: async (rows) => void written.push(rows) });
      return written;
    },
  ],
  getConnector: [
    'undefined',
    (db, userId, { connectorId }) => tasksPackage.getConnector(db, { userId, connectorId }),
  ],
  getDailyUsage: ['own', (db, userId) => tasksPackage.getDailyUsage(db, { userId })],
  getKey: [
    'undefined',
    (db, userId) => tasksPackage.getKey(db, { userId, keyring, provider: 'openai' }),
  ],
  getOAuthTokens: [
    'undefined',
    (db, userId) => tasksPackage.getOAuthTokens(db, { userId, keyring, provider: 'vercel' }),
  ],
  getPreferences: ['own', (db, userId) => tasksPackage.getPreferences(db, { userId })],
  getSetting: [
    'own',
    (db, userId) => tasksPackage.getSetting(db, { userId, key: 'maxSandboxDuration' }),
  ],
  getSettings: ['own', (db, userId) => tasksPackage.getSettings(db, { userId })],
  getTaskById: [
    'undefined',
    (db, userId, { taskId }) => tasksPackage.getTaskById(db, { userId, taskId }),
  ],
  getUser: ['own', (db, userId) => tasksPackage.getUser(db, { userId })],
  getUserTasks: [
    'own',
    async (db, userId, { tagId }) => [
      await tasksPackage.getUserTasks(db, { userId }),
      await tasksPackage.getUserTasks(db, { userId, deleted: true }),
      await tasksPackage.getUserTasks(db, { userId, tagId }),
      await tasksPackage.getUserTasks(db, { userId, text: mark }),
      await tasksPackage.getUserTasks(db, { userId, status: 'processing' }),
    ],
  ],
  linkAccount: [
    'own',
    (db, userId) =>
      tasksPackage.linkAccount(db, {
        userId,
        keyring,
        ...tokens,
        provider: 'vercel',
        externalId: 'of-the-stranger',
      }),
  ],
  listAccounts: ['own', (db, userId) => tasksPackage.listAccounts(db, { userId })],
  listConnectors: ['own', (db, userId) => tasksPackage.listConnectors(db, { userId })],
  listKeys: ['own', (db, userId) => tasksPackage.listKeys(db, { userId })],
  listTags: ['own', (db, userId) => tasksPackage.listTags(db, { userId })],
  listTaskLogs: [
    'not found',
    (db, userId, { taskId }) => tasksPackage.listTaskLogs(db, { userId, taskId }),
  ],
  listTaskMessages: [
    'not found',
    (db, userId, { taskId }) => tasksPackage.listTaskMessages(db, { userId, taskId }),
  ],
  removeTaskTag: [
    'not found',
    (db, userId, ids) => tasksPackage.removeTaskTag(db, { ...ids, userId }),
  ],
  renewLease: [
    'not found',
    (db, userId, { taskId }) =>
      tasksPackage.renewLease(db, { userId, taskId, leaseToken: 'any', progress: 1 }),
  ],
  requireConnectorSecrets: [
    'not found',
    (db, userId, { connectorId }) =>
      tasksPackage.requireConnectorSecrets(db, { userId, connectorId, keyring }),
  ],
  requireTaskById: [
    'not found',
    (db, userId, { taskId }) => tasksPackage.requireTaskById(db, { userId, taskId }),
  ],
  requireUser: ['own', (db, userId) => tasksPackage.requireUser(db, { userId })],
  resetPreference: [
    'own',
    (db, userId) => tasksPackage.resetPreference(db, { userId, key: 'defaultAgent' }),
  ],
  resetSetting: [
    'own',
    (db, userId) => tasksPackage.resetSetting(db, { userId, key: 'maxSandboxDuration' }),
  ],
  restoreTask: [
    'not found',
    (db, userId, { deletedTaskId }) =>
      tasksPackage.restoreTask(db, { userId, taskId: deletedTaskId }),
  ],
  setKey: [
    'own',
    (db, userId) =>
      tasksPackage.setKey(db, { userId, keyring, provider: 'openai', value: 'of the stranger' }),
  ],
  setPreference: [
    'own',
    (db, userId) => tasksPackage.setPreference(db, { userId, key: 'theme', value: 'dark' }),
  ],
  setSetting: [
    'own',
    (db, userId) => tasksPackage.setSetting(db, { userId, key: 'maxSandboxDuration', value: 18 }),
  ],
  setTaskTags: [
    'not found',
    (db, userId, { taskId }) => tasksPackage.setTaskTags(db, { userId, taskId, tagIds: [] }),
  ],
  softDeleteTask: [
    'not found',
    (db, userId, { taskId }) => tasksPackage.softDeleteTask(db, { userId, taskId }),
  ],
  takeDailyMessages: [
    'own',
    (db, userId) => tasksPackage.takeDailyMessages(db, { userId, count: 1 }),
  ],
  transitionTask: [
    'not found',
    (db, userId, { taskId }) => tasksPackage.transitionTask(db, { userId, taskId, to: 'stopped' }),
  ],
  unlinkAccount: [
    'not found',
    (db, userId) => tasksPackage.unlinkAccount(db, { userId, provider: 'vercel' }),
  ],
  updateConnector: [
    'not found',
    (db, userId, { connectorId }) =>
      tasksPackage.updateConnector(db, { userId, connectorId, keyring, changes: { name: 'a' } }),
  ],
  updateTag: [
    'not found',
    (db, userId, { tagId }) =>
      tasksPackage.updateTag(db, { userId, tagId, changes: { name: 'a' } }),
  ],
  updateTask: [
    'not found',
    (db, userId, { taskId }) =>
      tasksPackage.updateTask(db, { userId, taskId, changes: { title: 'a' } }),
  ],
};

/** Queries of no one user, and why there are any. */
const unscoped: Record<Exclude<keyof Queries, ScopedName>, string> = {
  upsertUser: 'signs in: finds out who the user is',
  getUserByIdentity: 'finds out who a user of another system is here, shows no token',
  claimTasks: 'for workers: takes tasks of all users, and gives each with its userId',
  rotateEncryptionKey: 'for operators: seals every secret anew, shows none',
  listKeyUsage: 'for operators: counts, no rows',
  getKeyRetirement: 'for operators: a count, no rows',
};

/** Exported functions that do not touch the database. */
const pure = ['canTransition', 'createTasksClient', 'DailyLimitError'];

let bench: Workbench;
let victim: Victim;
beforeAll(async () => {
  bench = await openWorkbench();
  victim = await addVictim(bench.db);
});
afterAll(() => bench.close());

const settle = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return await work;
  } catch (error) {
    return error;
  }
};
const nowhere: Victim = {
  userId: 'nowhere',
  taskId: 'nowhere',
  deletedTaskId: 'nowhere',
  tagId: 'nowhere',
  connectorId: 'nowhere',
};

describe('every exported query', () => {
  it('has a case here', () => {
    const exported = Object.entries(tasksPackage)
      .filter(([, value]) => typeof value === 'function' && !isPgEnum(value))
      .map(([name]) => name)
      .filter((name) => !pure.includes(name));
    expect(exported.sort()).toEqual([...Object.keys(scoped), ...Object.keys(unscoped)].sort());
  });

  it.each(Object.entries(scoped))('%s keeps to its user', async (_, [answer, call]) => {
    const stranger = await addUser(bench.db);
    const before = await rowsOf(bench.db, victim.userId);
    const outcome = await settle(call(bench.db, stranger, victim));

    expect(await rowsOf(bench.db, victim.userId)).toEqual(before);
    if (answer === 'not found') expect(outcome).toBeInstanceOf(NotFoundError);
    if (answer === 'undefined') expect(outcome).toBeUndefined();
    if (answer === 'own') expect(outcome).not.toBeInstanceOf(Error);
    const shown = everythingOf(outcome);
    for (const leak of [mark, ...Object.values(victim), ...Object.values(canaries)]) {
      expect(shown).not.toContain(leak);
    }
    if (answer === 'not found') {
      const missing = await settle(call(bench.db, stranger, nowhere));
      expect(describeError(missing)).toEqual(describeError(outcome));
    }
  });

  it('is called with the ids of a victim who has rows to lose in every table', async () => {
    for (const [table, rows] of Object.entries(await rowsOf(bench.db, victim.userId))) {
      expect(rows, table).not.toEqual([]);
    }
  });
});

const describeError = (error: unknown) =>
  error instanceof DbError ? error.toJSON() : `not an error: ${error}`;
