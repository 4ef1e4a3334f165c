import { BOOKKEEPING } from '../model/bookkeeping.ts';
import type { Table } from '../model/model.ts';

/** Namespaces that a platform makes and keeps: those of Supabase and of Neon Auth. */
const PLATFORM =
  /^(auth|storage|realtime|vault|graphql|graphql_public|pgsodium|supabase_\w+|neon_auth)$/;

/** Declared by name and columns alone, as what is only referred to is. */
const isBare = ({ foreignKeys, indexes, checks, policies }: Table): boolean =>
  foreignKeys.length === 0 &&
  checks.length === 0 &&
  policies.length === 0 &&
  indexes.every(({ constraint }) => constraint !== undefined);

/**
 * The tables that others keep and this schema declares in order to refer to them: what a package brings
 * (`authUsers` of drizzle-orm/supabase), a platform's own tables, declared by hand, and a migrator's.
 *
 * A project whose own tables stand in a namespace of such a name gives them keys and indexes.
 *
 * @param tables with their places; a table without a place is declared in none of the project's files
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
