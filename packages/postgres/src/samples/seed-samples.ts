import type { Keyring } from '@reference/kit';
import { createConnection } from '../queries/connections.queries.ts';
import { addResults, noRows, type UpsertResult } from '../queries/entity/upsert.ts';
import { getConnections, type PostgresDatabase } from '../queries/index.ts';
import { saveOauthTokens } from '../queries/oauth-tokens.queries.ts';
import { sampleSets } from './sample-sets.ts';

const name = 'Sample';

/**
 * Connects a person to every provider and fills every vendor table. A second call changes nothing.
 *
 * @param params.userId the person to connect; default `sample`
 * @param params.rows how many per table
 * @param params.onTable called after each table
 */
export async function seedSamples(
  db: PostgresDatabase,
  params: {
    readonly keyring: Keyring;
    readonly userId?: string | undefined;
    readonly rows: number;
    readonly onTable?: ((table: string, result: UpsertResult) => void) | undefined;
  },
): Promise<UpsertResult> {
  const connections = await connectAll(db, params.keyring, params.userId ?? 'sample');
  let total = noRows;
  for (const { provider, table, upsert } of sampleSets) {
    const result = await upsert(db, connections.get(provider) ?? '', params.rows);
    params.onTable?.(table, result);
    total = addResults(total, result);
  }
  return total;
}

async function connectAll(
  db: PostgresDatabase,
  keyring: Keyring,
  userId: string,
): Promise<Map<string, string>> {
  const { items } = await getConnections(db, { userId, limit: 200 });
  const ids = new Map(items.map(({ providerSlug, id }) => [providerSlug, id]));
  for (const providerSlug of new Set(sampleSets.map(({ provider }) => provider))) {
    if (ids.has(providerSlug)) continue;
    const connectorConfigId = await createConnection(db, {
      keyring,
      userId,
      providerSlug,
      name,
      config: {},
    });
    await saveOauthTokens(db, {
      keyring,
      userId,
      connectorConfigId,
      tokens: { accessToken: `sample-${providerSlug}` },
    });
    ids.set(providerSlug, connectorConfigId);
  }
  return ids;
}
