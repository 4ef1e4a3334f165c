import type { Keyring } from '@reference/kit';
import { and, eq } from 'drizzle-orm';
import { createConnection } from '../queries/connections.queries.ts';
import type { PostgresDatabase } from '../queries/database.ts';
import { connectorConfigs, providers } from '../schemas/index.ts';

const name = 'Imported files';

/**
 * The connection that a person's imported files belong to, created on first use.
 * @param params.keyring called only to create it
 */
export async function ensureImportConnection(
  db: PostgresDatabase,
  params: {
    readonly userId: string;
    readonly providerSlug: string;
    readonly keyring: () => Keyring;
  },
): Promise<string> {
  const { userId, providerSlug } = params;
  const [found] = await db
    .select({ id: connectorConfigs.id })
    .from(connectorConfigs)
    .innerJoin(providers, eq(providers.id, connectorConfigs.providerId))
    .where(
      and(
        eq(connectorConfigs.userId, userId),
        eq(providers.slug, providerSlug),
        eq(connectorConfigs.name, name),
      ),
    )
    .limit(1);
  if (found) return found.id;
  return createConnection(db, {
    keyring: params.keyring(),
    userId,
    providerSlug,
    name,
    config: {},
  });
}
