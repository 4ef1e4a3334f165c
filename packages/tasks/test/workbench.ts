import { randomBytes } from 'node:crypto';
import { type Client, type ClientConfig, createKeyring, type Keyring } from '@reference/kit';
import { createTestDatabase } from '@reference/local-postgres';
import { migrate } from '@reference/migrator';
import { createTasksClient } from '../src/client.ts';
import type { Db } from '../src/database.ts';
import { migrationsFolder } from '../src/migrations.ts';
import { setSetting } from '../src/queries/settings.ts';
import { createTask } from '../src/queries/tasks.ts';
import { upsertUser } from '../src/queries/users.ts';
import type * as schema from '../src/schema/index.ts';

/** A migrated database of one test file's own, and a pool on it. */
export interface Workbench extends Client<typeof schema> {
  readonly url: string;
  /** Another pool on the same database. Close it in the test. */
  connect(config?: Partial<ClientConfig>): Client<typeof schema>;
}

/** Call in `beforeAll`, and its `close` in `afterAll`. */
export async function openWorkbench(config: Partial<ClientConfig> = {}): Promise<Workbench> {
  const database = await createTestDatabase({ migrations: migrationsFolder, migrate });
  const connect = (overrides: Partial<ClientConfig> = {}) =>
    createTasksClient({
      url: database.url,
      max: database.maxConnections,
      // Fifty connections opened at once on a busy machine take longer than the default.
      connectTimeoutSeconds: 60,
      ...config,
      ...overrides,
    });
  const client = connect();
  return {
    ...client,
    url: database.url,
    connect,
    close: async () => {
      await client.close();
      await database.close();
    },
  };
}

/** Keys of this test process; the first seals. */
const keyBytes = new Map<string, Uint8Array>();
export function testKeyring(...ids: [string, ...string[]]): Keyring {
  return createKeyring({
    current: ids[0],
    keys: Object.fromEntries(ids.map((id) => [id, keyOf(id)])),
  });
}

function keyOf(id: string): Uint8Array {
  const bytes = keyBytes.get(id) ?? randomBytes(32);
  keyBytes.set(id, bytes);
  return bytes;
}

/** The ENCRYPTION_KEYS of `testKeyring(...ids)`, for a child process. */
export const testKeysFor = (...ids: string[]): string =>
  ids.map((id) => `${id}:${Buffer.from(keyOf(id)).toString('base64')}`).join(',');

export const keyring = testKeyring('k1');

let counter = 0;

/** Signs a new person in, who may send any number of messages. */
export async function addUser(db: Db): Promise<string> {
  counter += 1;
  const { user } = await upsertUser(db, {
    keyring,
    provider: 'github',
    externalId: `${process.pid}-${counter}`,
    accessToken: `gho_token_of_person_${counter}`,
    username: `person${counter}`,
  });
  await setSetting(db, { userId: user.id, key: 'maxMessagesPerDay', value: 1_000_000 });
  return user.id;
}

/** Creates a pending task. */
export async function addTask(db: Db, userId: string, prompt = 'Fix the build'): Promise<string> {
  const task = await createTask(db, { userId, prompt });
  return task.id;
}

/** A value as it comes from outside, where no type holds. */
export const untyped = (value: unknown) => JSON.parse(JSON.stringify(value));
