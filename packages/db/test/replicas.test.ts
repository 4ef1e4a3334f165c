import { type Client, readFrom, walPosition } from '@reference/kit';
import {
  capabilities,
  type ReplicatedServer,
  startReplicatedServer,
} from '@reference/local-postgres';
import { migrate } from '@reference/migrator';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDb } from '../src/client.ts';
import type { Db } from '../src/database.ts';
import { migrationsFolder } from '../src/migrations.ts';
import { createPage, getPage } from '../src/queries/core.ts';
import type * as schema from '../src/schema/index.ts';
import { addDrive, addUser } from './people.ts';

describe.skipIf(!capabilities.ownServer)('a primary and a streaming replica', () => {
  let server: ReplicatedServer;
  let client: Client<typeof schema>;
  let replica: Client<typeof schema>;
  let userId: string;
  let driveId: string;
  beforeAll(async () => {
    server = await startReplicatedServer();
    // The standby stands first: a migration passes over it.
    const { host: standby } = new URL(server.replicaUrl);
    const { host } = new URL(server.primaryUrl);
    await migrate(server.primaryUrl.replace(host, `${standby},${host}`), {
      folder: migrationsFolder,
    });
    client = createDb({ url: server.primaryUrl, replicas: [server.replicaUrl], max: 2 });
    replica = createDb({ url: server.replicaUrl, max: 1 });
    userId = await addUser(client.db);
    driveId = await addDrive(client.db, userId);
    await caughtUp();
  }, 240_000);
  afterAll(async () => {
    await client?.close();
    await replica?.close();
    await server?.stop();
  });

  async function caughtUp(): Promise<void> {
    const after = await walPosition(client.db);
    const answersFrom = async () => isReplica(await readFrom(client.db, { after }));
    await vi.waitFor(async () => expect(await answersFrom()).toBe(true), {
      timeout: 30_000,
      interval: 20,
    });
  }

  const isReplica = async (db: Db) => {
    const [row] = await db.execute<{ replica: boolean }>(
      sql`select pg_is_in_recovery() as replica`,
    );
    return row?.replica;
  };

  it('users read what they wrote, from the primary while the replica is behind', async () => {
    await replica.sql`select pg_wal_replay_pause()`;
    const page = await createPage(client.db, {
      userId,
      page: { driveId, title: 'New', type: 'DOCUMENT' },
    });
    const after = await walPosition(client.db);
    const read = async (position?: string) =>
      getPage(await readFrom(client.db, { after: position }), { userId, pageId: page.id });
    try {
      expect(await read()).toBeUndefined();
      expect(await read(after)).toMatchObject({ title: 'New' });
      expect(await isReplica(await readFrom(client.db, { after }))).toBe(false);
    } finally {
      await replica.sql`select pg_wal_replay_resume()`;
    }
    await caughtUp();
    expect(await isReplica(await readFrom(client.db, { after }))).toBe(true);
    expect(await read(after)).toMatchObject({ title: 'New' });
  });
});
