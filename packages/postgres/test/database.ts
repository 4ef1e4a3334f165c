import { createKeyring } from '@reference/kit';
import { createTestDatabase } from '@reference/local-postgres';
import { migrate } from '@reference/migrator';
import { createPostgresClient } from '../src/postgres.client.ts';
import { createConnection } from '../src/queries/connections.queries.ts';
import type { PostgresDatabase } from '../src/queries/database.ts';
import { saveOauthTokens } from '../src/queries/oauth-tokens.queries.ts';
import { upsertProviders } from '../src/queries/providers.worker.ts';

export const keyring = createKeyring({ current: 'k1', keys: { k1: new Uint8Array(32).fill(1) } });

/** A migrated database of the test file's own. */
export async function openDatabase() {
  const database = await createTestDatabase({
    migrations: new URL('../src/migrations', import.meta.url),
    migrate,
  });
  const clients = [openClient()];
  function openClient() {
    return createPostgresClient({ url: database.url, max: database.maxConnections });
  }
  const [first] = clients;
  if (!first) throw new TypeError('unreachable');
  return {
    url: database.url,
    db: first.db,
    sql: first.queryClient,
    /** Another pool: other sessions on the same database. */
    openClient() {
      const client = openClient();
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await database.close();
    },
  };
}

export type TestDatabase = Awaited<ReturnType<typeof openDatabase>>;

let counter = 0;

/** A connection with tokens of a person's own to a provider that exists from then on. */
export async function connect(
  db: PostgresDatabase,
  userId = `user-${++counter}`,
  providerSlug = 'github',
): Promise<{ userId: string; connectorConfigId: string }> {
  await upsertProviders(db, [{ slug: providerSlug, name: providerSlug, authType: 'oauth2' }]);
  const connectorConfigId = await createConnection(db, {
    keyring,
    userId,
    providerSlug,
    name: `connection ${++counter}`,
    config: { workspace: 'acme' },
  });
  await saveOauthTokens(db, {
    keyring,
    userId,
    connectorConfigId,
    tokens: { accessToken: 'access-1', refreshToken: 'refresh-1' },
  });
  return { userId, connectorConfigId };
}
