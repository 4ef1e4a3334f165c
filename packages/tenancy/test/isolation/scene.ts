import type postgres from 'postgres';

/** A connection or transaction, whichever a check is run through. */
export type Sql = postgres.ISql;

/** The surroundings of a check. Its changes are rolled back. */
export interface Scene {
  /** A superuser's, to look at what is really stored. */
  readonly admin: Sql;
  /** Two tenants with a row in every table. */
  readonly a: string;
  readonly b: string;
  readonly tables: readonly TenantTable[];
  /** Runs `work` as tenancy_app, with this tenant or with none, and rolls back. */
  asTenant<T>(tenant: string | undefined, work: (sql: Sql) => Promise<T>): Promise<T>;
}

export interface TenantTable {
  readonly name: string;
  /** The column that holds the tenant. */
  readonly key: string;
}

/**
 * A scene inside one open transaction of a superuser, so that a schema can be broken, checked and
 * restored by a rollback. Each step is a savepoint in which the session takes the role on.
 */
export function sceneWithin(
  sql: postgres.TransactionSql,
  subject: Pick<Scene, 'a' | 'b' | 'tables'>,
): Scene {
  return {
    ...subject,
    admin: sql,
    asTenant: (tenant, work) =>
      undone((step) => sql.savepoint(step), tenant, work, 'set local role tenancy_app'),
  };
}

/**
 * A scene on connections of their own: the superuser's, and a login role's. Where every session is the
 * superuser's (PGlite), each transaction of `app` takes the login's identity on: pass `authorize`.
 */
export function sceneThrough(
  app: postgres.Sql,
  admin: Sql,
  subject: Pick<Scene, 'a' | 'b' | 'tables'>,
  authorize?: string,
): Scene {
  const first = authorize && `set session authorization ${authorize}`;
  return {
    ...subject,
    admin,
    asTenant: (tenant, work) =>
      undone(
        async (step) => {
          try {
            await app.begin(step);
          } finally {
            // PGlite undoes it neither with the transaction nor by RESET.
            if (authorize) await app`set session authorization postgres`;
          }
        },
        tenant,
        work,
        first,
      ),
  };
}

async function undone<T>(
  open: (step: (sql: postgres.TransactionSql) => Promise<never>) => Promise<unknown>,
  tenant: string | undefined,
  work: (sql: Sql) => Promise<T>,
  first?: string,
): Promise<T> {
  const done: { value?: T } = {};
  const rollback = new Error('roll back');
  try {
    await open(async (sql) => {
      if (first) await sql.unsafe(first);
      await sql.unsafe(
        tenant ? `set local app.tenant_id = '${tenant}'` : `set local app.tenant_id = ''`,
      );
      done.value = await work(sql);
      throw rollback;
    });
  } catch (error) {
    if (error !== rollback) throw error;
  }
  return done.value as T;
}

/** The tables of the database, found in its catalog, so that a new one can't be forgotten. */
export async function discoverTables(sql: Sql): Promise<TenantTable[]> {
  const rows = await sql<{ name: string }[]>`
    select c.relname as name from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname`;
  return rows.map(({ name }) => ({ name, key: name === 'tenants' ? 'id' : 'tenant_id' }));
}

/** The SQLSTATE that `work` fails with; `ok` when it does not. */
export async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'ok';
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string')
      return error.code;
    throw error;
  }
}
