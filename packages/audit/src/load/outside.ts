import { BOOKKEEPING } from '../model/bookkeeping.ts';
import type { Table } from '../model/model.ts';

/** Namespaces of a platform: those of Supabase and of Neon Auth. */
const PLATFORM =
  /^(auth|storage|realtime|vault|graphql|graphql_public|pgsodium|supabase_\w+|neon_auth)$/;

/** True for a table with only a name and columns, as one that is only referred to. */
const isBare = ({ foreignKeys, indexes, checks, policies }: Table): boolean =>
  foreignKeys.length === 0 &&
  checks.length === 0 &&
  policies.length === 0 &&
  indexes.every(({ constraint }) => constraint !== undefined);

/**
 * The tables that others own and this schema declares only to refer to them: a package's
 * (`authUsers` of drizzle-orm/supabase), a platform's, declared by hand, and a migrator's.
 *
 * A project's own tables in a namespace of such a name have keys and indexes.
 *
 * @param tables with their places; one without a place is in none of the project's files
 */
export const outsideTables = (tables: readonly Table[]): ReadonlySet<string> => {
  const own = new Set(tables.filter((table) => !isBare(table)).map(({ schema }) => schema));
  return new Set(
    tables
      .filter(
        ({ schema, name, location }) =>
          BOOKKEEPING.has(name) ||
          (schema !== undefined &&
            !own.has(schema) &&
            (location === undefined || PLATFORM.test(schema))),
      )
      .map(({ id }) => id),
  );
};
