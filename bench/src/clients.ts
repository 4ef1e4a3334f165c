import { createDb, type Db } from '@pagespace/db';
import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import postgres from 'postgres';
import { type DrizzleNextQueries, drizzleNextQueries } from './drizzle-next/queries.ts';
import type { KyselyTables } from './kysely-tables.ts';
import { NamingClient } from './prepared-kysely.ts';
import { openPrisma, type PrismaClient } from './prisma/client.ts';

/** Each contestant's own pool, all of one size. */
export interface Clients {
  readonly db: Db;
  readonly raw: postgres.Sql;
  /** For a second contestant in raw SQL. */
  readonly secondRaw: postgres.Sql;
  readonly drizzle: PostgresJsDatabase;
  readonly kysely: Kysely<KyselyTables>;
  /** Over named statements. */
  readonly preparingKysely: Kysely<KyselyTables>;
  readonly drizzleNext: DrizzleNextQueries;
  /** Undefined where it is not installed: `prisma:install`. */
  readonly prisma: PrismaClient | undefined;
  close(): Promise<void>;
}

export const poolSize = 10;

export async function openClients(url: string): Promise<Clients> {
  const ours = createDb({ url, max: poolSize });
  const raw = postgres(url, { max: poolSize, onnotice: () => {} });
  const secondRaw = postgres(url, { max: poolSize, onnotice: () => {} });
  const forDrizzle = postgres(url, { max: poolSize, onnotice: () => {} });
  const forDrizzleNext = postgres(url, { max: poolSize, onnotice: () => {} });
  const kysely = new Kysely<KyselyTables>({
    dialect: new PostgresDialect({ pool: new pg.Pool({ connectionString: url, max: poolSize }) }),
  });
  const preparingKysely = new Kysely<KyselyTables>({
    dialect: new PostgresDialect({
      pool: new pg.Pool({ connectionString: url, max: poolSize, Client: NamingClient }),
    }),
  });
  const prisma = await openPrisma(url, poolSize);
  return {
    db: ours.db,
    raw,
    secondRaw,
    drizzle: drizzle(forDrizzle),
    kysely,
    preparingKysely,
    drizzleNext: drizzleNextQueries(forDrizzleNext),
    prisma,
    async close() {
      const pools = [raw, secondRaw, forDrizzle, forDrizzleNext];
      const kyselys = [kysely, preparingKysely];
      await Promise.all([
        ours.close(),
        prisma?.$disconnect(),
        ...kyselys.map((each) => each.destroy()),
        ...pools.map((pool) => pool.end()),
      ]);
    },
  };
}
