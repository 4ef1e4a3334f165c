import * as drizzle from 'drizzle-orm';
import * as pgCore from 'drizzle-orm/pg-core';
import { npmVersion } from 'drizzle-orm/version';
import { UsageError } from '../errors.ts';

/** As `peerDependencies` of package.json says. */
const supported = /^0\.45\.\d+$/;

// Checked first, before a class extends an export that another version lacks.
if (!supported.test(npmVersion)) {
  throw new UsageError(
    `@reference/kit is tested with drizzle-orm 0.45 and does not run on ${npmVersion}. Install drizzle-orm@^0.45.0, or take the kit of a later version.`,
  );
}

/**
 * Exports that other versions of Drizzle lack. Read from the namespace, because an import by name would
 * fail as a SyntaxError before the line above could say why.
 */
export const { createTableRelationsHelpers, extractTablesRelationalConfig } = drizzle;
export const { PgArray, PgDatabase, PgPreparedQuery, PgTransaction } = pgCore;
