import { asc, eq } from 'drizzle-orm';
import { type ProviderDataSelect, providers } from '../schemas/index.ts';
import type { PostgresDatabase } from './database.ts';

const columns = {
  id: providers.id,
  slug: providers.slug,
  name: providers.name,
  description: providers.description,
  logoUrl: providers.logoUrl,
  authType: providers.authType,
  configSchema: providers.configSchema,
  isEnabled: providers.isEnabled,
  createdAt: providers.createdAt,
  updatedAt: providers.updatedAt,
};

/**
 * Lists the providers that a person can connect, by name; at most as many as the code has
 * connectors.
 */
export async function listEnabledProviders(db: PostgresDatabase): Promise<ProviderDataSelect[]> {
  return db
    .select(columns)
    .from(providers)
    .where(eq(providers.isEnabled, true))
    .orderBy(asc(providers.name))
    .limit(200);
}
