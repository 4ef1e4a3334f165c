import type { Client } from '@reference/kit';
import { createTestDatabase } from '@reference/local-postgres';
import { migrate } from '@reference/migrator';
import { createDb } from '../src/client.ts';
import { migrationsFolder } from '../src/migrations.ts';
import type * as schema from '../src/schema/index.ts';

/** A migrated database of one test file's own, and a pool on it. */
export interface Workspace extends Client<typeof schema> {
  readonly url: string;
}

/** Call in `beforeAll`, and its `close` in `afterAll`. */
export async function openWorkspace(): Promise<Workspace> {
  const database = await createTestDatabase({ migrations: migrationsFolder, migrate });
  const client = createDb({ url: database.url, max: database.maxConnections });
  return {
    ...client,
    url: database.url,
    close: async () => {
      await client.close();
      await database.close();
    },
  };
}
