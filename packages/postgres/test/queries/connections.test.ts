import { createKeyring } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { eq, getTableName, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import * as queries from '../../src/queries/index.ts';
import { sampleSets } from '../../src/samples/sample-sets.ts';
import {
  connectorConfigInsertSchema,
  connectorConfigs,
  connectorConfigUpdateSchema,
  oauthTokenInsertSchema,
  oauthTokens,
  oauthTokenUpdateSchema,
} from '../../src/schemas/index.ts';
import * as worker from '../../src/worker.ts';
import { connect, keyring, openDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

const missing = { code: 'NOT_FOUND' };

describe('connecting', () => {
  test('seals the config, lists without secrets, opens for its owner', async () => {
    const { db } = database;
    await connect(db, 'ada');
    const connectorConfigId = await queries.createConnection(db, {
      keyring,
      userId: 'ada',
      providerSlug: 'github',
      name: 'work',
      config: { token: 'hunter2' },
    });
    const stored = await db
      .select()
      .from(connectorConfigs)
      .where(eq(connectorConfigs.userId, 'ada'));
    expect(JSON.stringify(stored)).not.toContain('hunter2');
    const { items } = await queries.getConnections(db, { userId: 'ada' });
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({ name: 'work', providerSlug: 'github', status: 'pending' });
    expect(items[0]).not.toHaveProperty('encryptedConfig');
    expect(
      await queries.requireConnectionConfig(db, { keyring, userId: 'ada', connectorConfigId }),
    ).toEqual({ token: 'hunter2' });
    await queries.updateConnectionConfig(db, {
      keyring,
      userId: 'ada',
      connectorConfigId,
      config: { token: 'hunter3' },
    });
    expect(
      await queries.requireConnectionConfig(db, { keyring, userId: 'ada', connectorConfigId }),
    ).toEqual({ token: 'hunter3' });
  });

  test('lists what can be connected by name', async () => {
    const { db } = database;
    await worker.upsertProviders(
      db,
      ['Zulip', 'Asana', 'Miro'].map((name) => ({
        slug: name.toLowerCase(),
        name,
        authType: 'oauth2',
      })),
    );
    const names = (await queries.listEnabledProviders(db)).map(({ name }) => name);
    const added = names.filter((name) => /^[AMZ]/.test(name));
    expect(added).toEqual(['Asana', 'Miro', 'Zulip']);
  });

  test('refuses a second one of that name, an unknown and a disabled provider', async () => {
    const { db } = database;
    const params = { keyring, userId: 'bob', name: 'work', config: {} };
    await queries.createConnection(db, { ...params, providerSlug: 'github' });
    await expect(
      queries.createConnection(db, { ...params, providerSlug: 'github' }),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(
      queries.createConnection(db, { ...params, providerSlug: 'gitlab' }),
    ).rejects.toMatchObject(missing);
    await worker.upsertProviders(db, [{ slug: 'old', name: 'Old', authType: 'basic' }]);
    await db.execute(sql`update providers set is_enabled = false where slug = 'old'`);
    await expect(
      queries.createConnection(db, { ...params, providerSlug: 'old' }),
    ).rejects.toMatchObject(missing);
    await expect(
      queries.createConnection(db, { ...params, providerSlug: 'github', name: 'x'.repeat(256) }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT', message: expect.stringContaining('name') });
  });

  test('another person sees and changes nothing', async () => {
    const { db } = database;
    const { connectorConfigId } = await connect(db, 'carol');
    const theirs = { userId: 'mallory', connectorConfigId };
    expect(await queries.getConnection(db, theirs)).toBeUndefined();
    expect((await queries.getConnections(db, { userId: 'mallory' })).items).toEqual([]);
    await expect(queries.requireConnectionConfig(db, { keyring, ...theirs })).rejects.toMatchObject(
      missing,
    );
    await expect(
      queries.updateConnectionConfig(db, { keyring, config: {}, ...theirs }),
    ).rejects.toMatchObject(missing);
    await expect(queries.disconnect(db, theirs)).rejects.toMatchObject(missing);
    expect(await queries.getConnection(db, { userId: 'carol', connectorConfigId })).toMatchObject({
      id: connectorConfigId,
    });
  });
});

describe('tokens', () => {
  test('are sealed, open again, and are bound to their connection and column', async () => {
    const { db } = database;
    const { connectorConfigId } = await connect(db);
    const other = await connect(db);
    const [row] = await db
      .select()
      .from(oauthTokens)
      .where(eq(oauthTokens.connectorConfigId, connectorConfigId));
    expect(JSON.stringify(row)).not.toMatch(/access-1|refresh-1/);
    expect(await worker.requireOauthTokens(db, { keyring, connectorConfigId })).toMatchObject({
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
    });
    await db
      .update(oauthTokens)
      .set({ accessToken: row?.accessToken ?? '' })
      .where(eq(oauthTokens.connectorConfigId, other.connectorConfigId));
    await expect(
      worker.requireOauthTokens(db, { keyring, connectorConfigId: other.connectorConfigId }),
    ).rejects.toMatchObject({ code: 'SEALING' });
    await db
      .update(oauthTokens)
      .set({ accessToken: row?.refreshToken ?? '' })
      .where(eq(oauthTokens.connectorConfigId, connectorConfigId));
    await expect(
      worker.requireOauthTokens(db, { keyring, connectorConfigId }),
    ).rejects.toMatchObject({ code: 'SEALING' });
  });

  test('do not open with another key', async () => {
    const { db } = database;
    const { connectorConfigId } = await connect(db);
    const wrong = createKeyring({ current: 'k1', keys: { k1: new Uint8Array(32).fill(9) } });
    const unknown = createKeyring({ current: 'k2', keys: { k2: new Uint8Array(32).fill(9) } });
    for (const ring of [wrong, unknown]) {
      await expect(
        worker.requireOauthTokens(db, { keyring: ring, connectorConfigId }),
      ).rejects.toMatchObject({ code: 'SEALING' });
    }
  });

  test('of a revoked, a switched off, a tokenless and a missing connection are refused', async () => {
    const { db } = database;
    const { connectorConfigId, userId } = await connect(db);
    await worker.markConnectionRevoked(db, { connectorConfigId });
    const forbidden = { code: 'FORBIDDEN' };
    await expect(
      worker.requireOauthTokens(db, { keyring, connectorConfigId }),
    ).rejects.toMatchObject(forbidden);
    await expect(
      queries.saveOauthTokens(db, {
        keyring,
        userId,
        connectorConfigId,
        tokens: { accessToken: 'x' },
      }),
    ).rejects.toMatchObject(forbidden);
    expect(
      await db
        .select()
        .from(oauthTokens)
        .where(eq(oauthTokens.connectorConfigId, connectorConfigId)),
    ).toEqual([]);
    expect(await worker.markConnectionError(db, { connectorConfigId })).toBe(false);
    expect(await queries.getConnection(db, { userId, connectorConfigId })).toMatchObject({
      status: 'revoked',
    });

    const off = await connect(db);
    await db.execute(
      sql`update connector_configs set is_enabled = false where id = ${off.connectorConfigId}`,
    );
    await expect(
      worker.requireOauthTokens(db, { keyring, connectorConfigId: off.connectorConfigId }),
    ).rejects.toMatchObject(forbidden);
    const pending = await queries.createConnection(db, {
      keyring,
      userId: 'dora',
      providerSlug: 'github',
      name: 'pending',
      config: {},
    });
    for (const id of [pending, 'nobody']) {
      await expect(
        worker.requireOauthTokens(db, { keyring, connectorConfigId: id }),
      ).rejects.toMatchObject(missing);
    }
  });

  test('a sync or a report of success revives no revoked connection', async () => {
    const { db } = database;
    const { connectorConfigId, userId } = await connect(db);
    await worker.markConnectionRevoked(db, { connectorConfigId });
    expect(await worker.markConnectionActive(db, { connectorConfigId })).toBe(false);
    expect(await queries.getConnection(db, { userId, connectorConfigId })).toMatchObject({
      status: 'revoked',
    });
    const waiting = await queries.createConnection(db, {
      keyring,
      userId,
      providerSlug: 'github',
      name: 'not authorised yet',
      config: {},
    });
    expect(await worker.markConnectionActive(db, { connectorConfigId: waiting })).toBe(false);
  });

  test('in clear are refused by the database and by the schemas', async () => {
    const { db } = database;
    const { connectorConfigId } = await connect(db);
    const plain = [
      sql`update oauth_tokens set access_token = 'gho_plain' where connector_config_id = ${connectorConfigId}`,
      sql`update oauth_tokens set refresh_token = 'ghr_plain' where connector_config_id = ${connectorConfigId}`,
      sql`update connector_configs set encrypted_config = '{"token":"plain"}' where id = ${connectorConfigId}`,
    ];
    for (const statement of plain) {
      await expect(db.execute(statement)).rejects.toMatchObject({ sqlstate: '23514' });
    }
    const tokens = { connectorConfigId, accessToken: 'gho_plain' };
    const config = { userId: 'a', providerId: 'b', name: 'c', encryptedConfig: '{}' };
    expect(oauthTokenInsertSchema.safeParse(tokens).success).toBe(false);
    expect(oauthTokenUpdateSchema.safeParse({ refreshToken: 'ghr_plain' }).success).toBe(false);
    expect(connectorConfigInsertSchema.safeParse(config).success).toBe(false);
    expect(connectorConfigUpdateSchema.safeParse({ encryptedConfig: '{}' }).success).toBe(false);
  });

  test('an error shows no token', async () => {
    const error = await queries
      .saveOauthTokens(database.db, {
        keyring,
        userId: 'nobody',
        connectorConfigId: 'nobody',
        tokens: { accessToken: 'hunter2' },
      })
      .catch((thrown: unknown) => thrown);
    expect(`${error} ${JSON.stringify(error)} ${(error as Error).stack}`).not.toContain('hunter2');
  });
});

describe.skipIf(!capabilities.concurrency)('tokens under concurrency', () => {
  test('a reader sees the old pair or the new one, never half of each', async () => {
    const { db } = database;
    const { userId, connectorConfigId } = await connect(db);
    const reader = database.openClient().db;
    let isRotating = true;
    const rotate = async () => {
      for (let n = 2; n <= 40; n++) {
        const tokens = { accessToken: `access-${n}`, refreshToken: `refresh-${n}` };
        await queries.saveOauthTokens(db, { keyring, userId, connectorConfigId, tokens });
      }
      isRotating = false;
    };
    const read = async () => {
      const seen = new Set<string>();
      while (isRotating) {
        const tokens = await worker.requireOauthTokens(reader, { keyring, connectorConfigId });
        expect(tokens.refreshToken?.split('-')[1]).toBe(tokens.accessToken.split('-')[1]);
        seen.add(tokens.accessToken);
      }
      return seen.size;
    };
    const [, versions] = await Promise.all([rotate(), read()]);
    expect(versions).toBeGreaterThan(1);
  });

  test('of several workers that renew one asks the provider', async () => {
    const { db } = database;
    const { connectorConfigId } = await connect(db);
    const other = database.openClient().db;
    const watcher = database.openClient().queryClient;
    let asked = 0;
    const renew = (handle: typeof db) =>
      worker.refreshOauthTokens(handle, {
        keyring,
        connectorConfigId,
        isFresh: ({ accessToken }) => accessToken === 'access-2',
        refresh: async () => {
          asked += 1;
          // Until each of the others waits for this one, or has asked as well.
          await vi.waitFor(
            async () => {
              const [row] = await watcher`
                select count(*)::int as waiting from pg_stat_activity
                where wait_event_type = 'Lock' and datname = current_database()`;
              expect(row?.waiting + asked).toBeGreaterThanOrEqual(4);
            },
            { timeout: 30_000 },
          );
          return { accessToken: 'access-2', refreshToken: 'refresh-2' };
        },
      });
    const results = await Promise.all([renew(db), renew(other), renew(db), renew(other)]);
    expect(asked).toBe(1);
    expect(results.map(({ accessToken }) => accessToken)).toEqual(Array(4).fill('access-2'));
  }, 60_000);
});

test('the provider is asked once, also when the database then refuses: it takes a refresh token once', async () => {
  const { db } = database;
  const { connectorConfigId } = await connect(db);
  // The server's error for one of two transactions that cannot both commit.
  await db.execute(sql`create function refuse_tokens() returns trigger language plpgsql as
    $$ begin raise exception 'try again' using errcode = 'serialization_failure'; end $$`);
  await db.execute(sql`create trigger refuse_tokens before update on oauth_tokens
    for each row execute function refuse_tokens()`);
  let asked = 0;
  try {
    await expect(
      worker.refreshOauthTokens(db, {
        keyring,
        connectorConfigId,
        isFresh: () => false,
        refresh: async () => {
          asked += 1;
          return { accessToken: 'access-2' };
        },
      }),
    ).rejects.toMatchObject({ sqlstate: '40001' });
  } finally {
    await db.execute(sql`drop function refuse_tokens() cascade`);
  }
  expect(asked).toBe(1);
});

describe('disconnecting', () => {
  test('deletes every row of that connection in every table, and no other', async () => {
    const { db } = database;
    const leaving = await connect(db, 'eve');
    const staying = await connect(db, 'eve');
    for (const { upsert } of sampleSets) {
      await upsert(db, leaving.connectorConfigId, 10);
      await upsert(db, staying.connectorConfigId, 10);
    }
    const target = { connectorConfigId: leaving.connectorConfigId, entity: 'github.issue' };
    const fetchPage = async () => ({ rows: [], cursor: { page: 1 }, isLast: true });
    await worker.runSync(db, target, { fetchPage, store: worker.upsertGithubIssues });

    const tables = [
      ...sampleSets.map(({ table }) => table),
      getTableName(oauthTokens),
      'connector_sync_states',
    ];
    const count = async (id: string) => {
      const counts: number[] = [];
      for (const table of tables) {
        const [row] = await db.execute<{ count: number }>(
          sql`select count(*)::int as count from ${sql.identifier(table)} where connector_config_id = ${id}`,
        );
        counts.push(row?.count ?? -1);
      }
      return counts;
    };
    expect((await count(leaving.connectorConfigId)).every((n) => n > 0)).toBe(true);
    const before = await count(staying.connectorConfigId);
    await queries.disconnect(db, leaving);
    expect(await count(leaving.connectorConfigId)).toEqual(tables.map(() => 0));
    expect(await count(staying.connectorConfigId)).toEqual(before);
    expect(await queries.getConnection(db, leaving)).toBeUndefined();
  });

  test('two people who connect one workspace keep separate rows', async () => {
    const { db } = database;
    const one = await connect(db, 'one');
    const two = await connect(db, 'two');
    const set = sampleSets[0];
    await set?.upsert(db, one.connectorConfigId, 5);
    await set?.upsert(db, two.connectorConfigId, 5);
    await queries.disconnect(db, one);
    const { items } = await queries.getGithubRepositories(db, two);
    expect(items.length).toBeGreaterThan(1);
    expect(items.every((row) => row.connectorConfigId === two.connectorConfigId)).toBe(true);
  });
});
