import {
  migrationsFolder as connectors,
  createConversation,
  createPostgresClient,
} from '@ait/postgres';
import {
  accountClosed,
  accountClosedSchema,
  closeAccount,
  createDb,
  createUser,
  issueSession,
  verifyPassword,
  verifySession,
  migrationsFolder as workspace,
} from '@pagespace/db';
import { findText } from '@reference/audit/testing';
import { createKeyring } from '@reference/kit';
import { relayOnce } from '@reference/kit/outbox-relay';
import { capabilities, createTestDatabase } from '@reference/local-postgres';
import { migrate } from '@reference/migrator';
import {
  createTask,
  createTasksClient,
  migrationsFolder as tasksFolder,
  upsertUser,
} from '@reference/tasks';
import {
  createUser as createMember,
  createTenancy,
  createConversation as createTenantConversation,
  provisionTenant,
  migrationsFolder as tenancyFolder,
  withTenant,
} from '@reference/tenancy';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Databases, eraseEverywhere, erasures } from '../src/erasure/erase-everywhere.ts';

const keyring = createKeyring({ current: 'k1', keys: { k1: new Uint8Array(32).fill(1) } });
const password = 'a made-up password';

/** The four databases, migrated, and a client of each that sees everything. */
async function openAll() {
  const open = async (migrations: URL | string, needsVector = false) => {
    const database = await createTestDatabase({ migrations, migrate, needsVector });
    return {
      ...database,
      sql: postgres(database.url, { max: 1, onnotice: () => {} }),
    };
  };
  const [db, ait, tasks, tenancy] = [
    await open(workspace),
    await open(connectors),
    await open(tasksFolder),
    await open(tenancyFolder, true),
  ];
  const clients = [
    createDb({ url: db.url, max: Math.min(4, db.maxConnections) }),
    createPostgresClient({ url: ait.url, max: Math.min(4, ait.maxConnections) }),
    createTasksClient({ url: tasks.url, max: Math.min(4, tasks.maxConnections) }),
    await createTenancy({
      url: tenancy.url,
      max: Math.min(4, tenancy.maxConnections),
      role: 'tenancy_app',
    }),
  ] as const;
  const databases: Databases = {
    pagespace: clients[0].db,
    ait: clients[1].db,
    tasks: clients[2].db,
    tenancy: clients[3],
  };
  return {
    databases,
    find: async (texts: readonly string[]) => {
      const found: string[] = [];
      for (const { sql } of [db, ait, tasks, tenancy]) found.push(...(await findText(sql, texts)));
      return found;
    },
    async close() {
      for (const client of clients) await client.close();
      for (const { sql, close } of [db, ait, tasks, tenancy]) {
        await sql.end();
        await close();
      }
    },
  };
}

// On PGlite alone, each of the four has one connection, and takes minutes.
describe.skipIf(!capabilities.concurrency)('erasing in all databases', () => {
  let all: Awaited<ReturnType<typeof openAll>>;
  let tenantId: string;
  beforeAll(async () => {
    all = await openAll();
    const { tenant } = await provisionTenant(all.databases.tenancy, {
      name: 'Acme',
      slug: 'acme',
      owner: { email: 'owner@example.com' },
    });
    tenantId = tenant.id;
  });
  afterAll(() => all.close());

  let counter = 0;

  /** Someone with a row in each database. */
  async function addPerson() {
    const { pagespace, ait, tasks, tenancy } = all.databases;
    const email = `canary${++counter}@example.com`;
    const { id: userId } = await createUser(pagespace, { email, password });
    await createConversation(ait, { userId, title: 'canary' });
    const { user } = await upsertUser(tasks, {
      keyring,
      provider: 'github',
      externalId: userId,
      accessToken: 'made up',
      username: 'canary',
      email,
    });
    await createTask(tasks, { userId: user.id, prompt: 'canary' });
    const member = await withTenant(tenancy, tenantId, async (tx) => {
      const made = await createMember(tx, { email });
      await createTenantConversation(tx, { userId: made.id, title: 'canary' });
      return made;
    });
    return { userId, email, tasksUserId: user.id, memberId: member.id };
  }

  test('a closed account has no session and no way in, and is erased in every database', async () => {
    const { pagespace } = all.databases;
    const person = await addPerson();
    const other = await addPerson();
    const { token } = await issueSession(pagespace, person);
    await closeAccount(pagespace, person);
    expect(await verifySession(pagespace, { token })).toBeUndefined();
    expect(await verifyPassword(pagespace, { email: person.email, password })).toBeUndefined();
    const erase = async (payload: unknown) =>
      eraseEverywhere(all.databases, accountClosedSchema.parse(payload));
    const handlers = { [accountClosed]: ({ payload }: { payload: unknown }) => erase(payload) };
    expect(await relayOnce(pagespace, { handlers })).toBe(1);
    expect(await all.find([person.userId, person.email])).toEqual([]);
    expect(await relayOnce(pagespace, { handlers })).toBe(0);
    const left = await all.find([other.userId, other.email]);
    expect(left.length).toBeGreaterThan(4);
    await eraseEverywhere(all.databases, other);
    expect(await all.find(['canary'])).toEqual([]);
  });

  test('a worker that dies after any of the databases leaves the event, and the next one finishes', async () => {
    const { pagespace } = all.databases;
    for (let done = 0; done <= 4; done++) {
      const person = await addPerson();
      await closeAccount(pagespace, person);
      let delivered = 0;
      // Dies: it neither ends nor fails, until its lease is over and nobody hears of it.
      await relayOnce(pagespace, {
        leaseSeconds: 0.2,
        handlers: {
          [accountClosed]: async (_, signal) => {
            for (const { erase } of erasures(all.databases, person).slice(0, done)) await erase();
            delivered += 1;
            await new Promise<void>((resolve) => {
              if (signal.aborted) resolve();
              signal.addEventListener('abort', () => resolve());
            });
            throw new Error('Killed.');
          },
        },
      });
      expect(delivered).toBe(1);
      await pagespace.execute(`update outbox_events set "dueAt" = now() - interval '1 s'`);
      const taken = await relayOnce(pagespace, {
        handlers: { [accountClosed]: () => eraseEverywhere(all.databases, person) },
      });
      // With the account its event is gone.
      expect(taken).toBe(done < 4 ? 1 : 0);
    }
    expect(await all.find(['canary'])).toEqual([]);
  });

  test('what the person writes while being erased is refused or goes too; a neighbour’s writes stay', async () => {
    const { pagespace, tasks, tenancy } = all.databases;
    const neighbour = await addPerson();
    const writeAs = ({ userId, tasksUserId, memberId }: typeof neighbour) => [
      issueSession(pagespace, { userId }),
      createTask(tasks, { userId: tasksUserId, prompt: 'zqlate' }),
      withTenant(tenancy, tenantId, (tx) =>
        createTenantConversation(tx, { userId: memberId, title: 'zqlate' }),
      ),
    ];
    const erased: (typeof neighbour)[] = [];
    for (let round = 0; round < 5; round++) {
      const person = await addPerson();
      const [erasing, ...rest] = await Promise.allSettled([
        eraseEverywhere(all.databases, person),
        ...writeAs(neighbour),
        ...writeAs(person),
      ]);
      expect(erasing.status).toBe('fulfilled');
      expect(rest.slice(0, 3).map(({ status }) => status)).toEqual(Array(3).fill('fulfilled'));
      erased.push(person);
    }
    await eraseEverywhere(all.databases, neighbour);
    expect(await all.find(['canary', 'zqlate', ...erased.flatMap(Object.values)])).toEqual([]);
  });
});
