import { sql } from 'drizzle-orm';
import { type ProviderDataTarget, providers } from '../schemas/index.ts';
import type { PostgresDatabase } from './database.ts';

/**
 * Adds or updates providers by slug, and does not write equal ones. It never overwrites
 * `isEnabled`, which belongs to the operator.
 *
 * @returns how many were added or changed
 */
export async function upsertProviders(
  db: PostgresDatabase,
  rows: readonly Omit<ProviderDataTarget, 'id' | 'isEnabled'>[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const written = await db
    .insert(providers)
    .values([...rows])
    .onConflictDoUpdate({
      target: providers.slug,
      set: {
        name: sql`excluded.name`,
        description: sql`excluded.description`,
        logoUrl: sql`excluded.logo_url`,
        authType: sql`excluded.auth_type`,
        configSchema: sql`excluded.config_schema`,
        updatedAt: sql`now()`,
      },
      setWhere: sql`(${providers.name}, ${providers.description}, ${providers.logoUrl}, ${providers.authType}, ${providers.configSchema})
        is distinct from (excluded.name, excluded.description, excluded.logo_url, excluded.auth_type, excluded.config_schema)`,
    })
    .returning({ id: providers.id });
  return written.length;
}
