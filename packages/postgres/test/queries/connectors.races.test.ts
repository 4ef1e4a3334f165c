import { capabilities } from '@reference/local-postgres';
import { race } from '@reference/races';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresClient } from '../../src/postgres.client.ts';
import type { PostgresDatabase } from '../../src/queries/database.ts';
import * as queries from '../../src/queries/index.ts';
import {
  connectorConfigs,
  connectorSyncStates,
  githubCommits,
  oauthTokens,
} from '../../src/schemas/index.ts';
import * as worker from '../../src/worker.ts';
import { connect, keyring, openDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let clients: ReturnType<typeof createPostgresClient>[] = [];
beforeAll(async () => {
  database = await openDatabase();
  clients = [1, 2, 3].map(() => createPostgresClient({ url: database.url, max: 1 }));
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await database.close();
});

type Scene = Awaited<ReturnType<typeof setup>>;
const setup = async () => connect(database.db);
/** Connected, and not given any tokens yet. */
const setupPending = async () => {
  const made = await setup();
  await database.db
    .delete(oauthTokens)
    .where(eq(oauthTokens.connectorConfigId, made.connectorConfigId));
  await database.db
    .update(connectorConfigs)
    .set({ status: 'pending' })
    .where(eq(connectorConfigs.id, made.connectorConfigId));
  return made;
};

const tokens = (accessToken: string) => ({ accessToken, refreshToken: `${accessToken}-next` });
const save = (db: PostgresDatabase, scene: Scene) =>
  queries.saveOauthTokens(db, { ...scene, keyring, tokens: tokens('saved') });
const refresh = (db: PostgresDatabase, { connectorConfigId }: Scene) =>
  worker.refreshOauthTokens(db, {
    keyring,
    connectorConfigId,
    isFresh: () => false,
    refresh: async () => tokens('refreshed'),
  });
const revoke = (db: PostgresDatabase, scene: Scene) => worker.markConnectionRevoked(db, scene);
const commit = (n: number) => ({
  sha: `sha-${n}`,
  message: 'fix',
  url: 'https://github.com/acme/widgets',
  repositoryId: 'repo-1',
  repositoryName: 'widgets',
  repositoryFullName: 'acme/widgets',
  committedAt: new Date(Date.UTC(2026, 0, 1, 0, n)),
});
const sync = (db: PostgresDatabase, scene: Scene) => syncPages(db, scene, 3);
const syncPages = (db: PostgresDatabase, { connectorConfigId }: Scene, pages: number) =>
  worker.runSync(
    db,
    { connectorConfigId, entity: 'github.commit' },
    {
      fetchPage: async (cursor) => {
        const start = Number(cursor?.next ?? 0);
        return {
          rows: [commit(start)],
          cursor: { next: start + 1 },
          isLast: start % pages === pages - 1,
        };
      },
      store: worker.upsertGithubCommits,
    },
  );

/** A revoked connection holds no tokens, and one that holds tokens is not pending. */
async function check({ connectorConfigId }: Scene): Promise<void> {
  const [found] = await database.db
    .select({
      status: connectorConfigs.status,
      tokens: sql`count(${oauthTokens.id})`.mapWith(Number),
    })
    .from(connectorConfigs)
    .leftJoin(oauthTokens, eq(oauthTokens.connectorConfigId, connectorConfigs.id))
    .where(eq(connectorConfigs.id, connectorConfigId))
    .groupBy(connectorConfigs.id);
  if (found?.status === 'revoked') expect(found.tokens).toBe(0);
  if (found?.tokens === 1) expect(found.status).not.toBe('pending');
}

describe.skipIf(!capabilities.concurrency)('a revoked connection', () => {
  const run = (
    name: string,
    calls: ((db: PostgresDatabase, scene: Scene) => Promise<unknown>)[],
    scene = setup,
  ) => race({ name, connections: clients.map(({ db }) => db), setup: scene, calls, check });

  test('holds no tokens: markConnectionRevoked × saveOauthTokens of the first pair', async () => {
    await run('markConnectionRevoked × saveOauthTokens', [revoke, save], setupPending);
  });

  test('holds no tokens: markConnectionRevoked × refreshOauthTokens × saveOauthTokens', async () => {
    await run('markConnectionRevoked × refreshOauthTokens × saveOauthTokens', [
      revoke,
      refresh,
      save,
    ]);
  });

  test('stays revoked: markConnectionRevoked × runSync × markConnectionError', async () => {
    await race({
      name: 'markConnectionRevoked × runSync × markConnectionError',
      // About as long as one page takes, so that either comes first.
      spreadMs: 60,
      connections: clients.map(({ db }) => db),
      setup,
      calls: [
        revoke,
        (db, scene) => syncPages(db, scene, 1),
        (db, scene) => worker.markConnectionError(db, scene),
      ],
      check: async (scene, [revoked]) => {
        await check(scene);
        expect(revoked?.ok).toBe(true);
        const found = await queries.getConnection(database.db, scene);
        expect(found?.status).toBe('revoked');
      },
    });
  });
});

describe.skipIf(!capabilities.concurrency)('two workers and a person', () => {
  test('disconnect × runSync × runSync: nothing of the connection stays', async () => {
    await race({
      name: 'disconnect × runSync × runSync',
      connections: clients.map(({ db }) => db),
      setup,
      calls: [(db, scene: Scene) => queries.disconnect(db, scene), sync, sync],
      check: async ({ connectorConfigId }, [disconnected]) => {
        expect(disconnected?.ok).toBe(true);
        const commits = await database.db.$count(
          githubCommits,
          eq(githubCommits.connectorConfigId, connectorConfigId),
        );
        expect(commits).toBe(0);
      },
    });
  });

  test('runSync × runSync × updateConnectionConfig: each page is stored and counted once', async () => {
    await race({
      name: 'runSync × runSync × updateConnectionConfig',
      connections: clients.map(({ db }) => db),
      setup,
      calls: [
        sync,
        sync,
        (db, scene: Scene) =>
          queries.updateConnectionConfig(db, { ...scene, keyring, config: { workspace: 'b' } }),
      ],
      check: async ({ connectorConfigId }, outcomes) => {
        expect(outcomes.every(({ ok }) => ok)).toBe(true);
        const [state] = await database.db
          .select({ rowsSeen: connectorSyncStates.rowsSeen, cursor: connectorSyncStates.cursor })
          .from(connectorSyncStates)
          .where(eq(connectorSyncStates.connectorConfigId, connectorConfigId));
        const commits = await database.db.$count(
          githubCommits,
          eq(githubCommits.connectorConfigId, connectorConfigId),
        );
        expect([state?.rowsSeen, state?.cursor?.next]).toEqual([commits, commits]);
      },
    });
  });
});
