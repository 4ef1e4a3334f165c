import { openSession, type Session } from '../run/session.ts';
import { type BookkeepingNames, tablesOf } from '../run/tables.ts';
import { addressOf, type Target } from '../run/target.ts';
import { CATALOG_SQL, detailedSql, type ObjectKind } from './queries.ts';

export interface CatalogObject {
  readonly kind: ObjectKind;
  /** Qualified and quoted; a column, constraint, trigger or policy after its table. */
  readonly name: string;
  /** The server's own spelling. */
  readonly definition: string;
}

/** Everything a database's schema consists of, in a fixed order. */
export type Catalog = readonly CatalogObject[];

export interface DescribeOptions {
  /** Schemas to leave out. The bookkeeping tables are always left out. */
  readonly without?: readonly string[];
  readonly bookkeeping?: BookkeepingNames;
  /**
   * Also details of the database rather than of the schema: owners, revoked rights, disabled
   * objects and settings of the planner. Default false.
   */
  readonly details?: boolean;
}

/** The catalog as a transaction sees it whose search_path is empty. */
export const catalogWithin = async (
  session: Session,
  options: DescribeOptions = {},
): Promise<Catalog> => {
  const { names } = tablesOf(options.bookkeeping);
  const [server] = options.details
    ? await session.rows<{ version: number }>(
        "select current_setting('server_version_num')::integer as version",
      )
    : [];
  return await session.rows<{ kind: ObjectKind; name: string; definition: string }>(
    server ? detailedSql(server.version) : CATALOG_SQL,
    [['drizzle', ...(options.without ?? [])], names.schema, names.relations],
  );
};

/** The catalog as seen by an open session. */
export const catalogOf = async (
  session: Session,
  options: DescribeOptions = {},
): Promise<Catalog> => {
  await session.run("begin read only; set local search_path = ''; set local jit = off");
  try {
    return await catalogWithin(session, options);
  } finally {
    await session.run('commit').catch(() => {});
  }
};

/**
 * Describes a database: schemas, extensions, types, tables, columns, constraints, indexes (with
 * those that are invalid), views, functions, triggers, policies, row security, grants, comments. It
 * leaves out owners, which differ between databases that are meant to be equal.
 */
export const describeCatalog = async (
  target: Target,
  options: DescribeOptions = {},
): Promise<Catalog> => {
  const session = await openSession(addressOf(target), 'migrator');
  try {
    return await catalogOf(session, options);
  } finally {
    await session.close();
  }
};
