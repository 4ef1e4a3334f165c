import { reindexLeftovers } from './run/leftovers.ts';
import { openSession, type Session } from './run/session.ts';
import { addressOf, type Target } from './run/target.ts';

/** A database or a collation whose order of text may have changed since its indexes were built. */
interface Versioned {
  /** Quoted. */
  readonly name: string;
  /** The version that its indexes were built with; null if none was recorded. */
  readonly recorded: string | null;
  /** The version of the system now; null if it has none (the C locales, musl, no ICU). */
  readonly actual: string | null;
}

/** A database's order of text, now and when its indexes were built. */
export interface CollationState {
  readonly database: Versioned;
  /** Collations of indexes whose version has changed. */
  readonly collations: readonly Versioned[];
  readonly isMismatched: boolean;
  /** Indexes that order text by one of these and may be in the wrong order, quoted. */
  readonly indexes: readonly string[];
}

export interface FixCollationOptions {
  /** Rebuild the indexes, without blocking writes, and record the version after the last of them. */
  readonly reindex?: boolean | undefined;
  /** Record the version without a rebuild, for indexes that are rebuilt already. */
  readonly refreshOnly?: boolean | undefined;
  readonly onRebuilt?: ((index: string) => void) | undefined;
}

export interface FixedCollation {
  /** The state before. */
  readonly found: CollationState;
  readonly rebuilt: readonly string[];
  /** True if the recorded version is now the system's. */
  readonly recorded: boolean;
}

/**
 * Compares the recorded collation version with the operating system's. They differ after an upgrade
 * of the C library or of ICU, also by a new image; then an index in the old order misses rows.
 * PostgreSQL before 15 records none, so nothing is found.
 *
 * @param target see `migrate`
 */
export const inspectCollation = (target: Target): Promise<CollationState> =>
  onSession(target, inspect);

/**
 * Rebuilds the indexes that a changed collation may have left in the wrong order, then records the
 * new version. Without an option it changes nothing, because the recorded version is the only trace
 * of the change.
 *
 * @param target see `migrate`
 * @throws the server's error when an index cannot be rebuilt; then the version is not recorded
 */
export const fixCollation = (
  target: Target,
  { reindex = false, refreshOnly = false, onRebuilt = () => {} }: FixCollationOptions = {},
): Promise<FixedCollation> =>
  onSession(target, async (session) => {
    const found = await inspect(session);
    if (!found.isMismatched || !(reindex || refreshOnly))
      return { found, rebuilt: [], recorded: !found.isMismatched };
    if (reindex) await rebuild(session, found.indexes, onRebuilt);
    const { database, collations } = found;
    let recorded = true;
    if (differs(database)) recorded = await record(session, 'database', database);
    for (const collation of collations)
      recorded = (await record(session, 'collation', collation)) && recorded;
    return { found, rebuilt: reindex ? found.indexes : [], recorded };
  });

/** Explains the two versions and the consequence in a sentence or two. */
export const describeCollation = ({
  database,
  collations,
  isMismatched,
  indexes,
}: CollationState): string => {
  if (!isMismatched) return `${database.name}: ${inWords(database.actual)}, as recorded.`;
  const changes = [...(differs(database) ? [database] : []), ...collations].map(
    ({ name, recorded, actual }) =>
      `${name}: ${inWords(recorded)} is recorded, the system has ${inWords(actual)}.`,
  );
  return `${changes.join(' ')} ${indexes.length} indexes may order text wrongly.`;
};

/** The warning that a command prints beside its own answer; undefined if there is none. */
export const collationWarning = async (target: Target): Promise<string | undefined> =>
  onSession(target, warningOf);

/** @internal for an open session */
export const warningOf = async (session: Session): Promise<string | undefined> => {
  const state = await inspect(session);
  return state.isMismatched
    ? `${describeCollation(state)} See migrator fix-collation (db:fix-collation).`
    : undefined;
};

const inWords = (version: string | null): string =>
  version === null ? 'no collation version' : `collation version ${version}`;

const differs = ({ recorded, actual }: Versioned): boolean => recorded !== actual;

async function onSession<T>(target: Target, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(addressOf(target), 'migrator');
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

async function inspect(session: Session): Promise<CollationState> {
  const [server] = await session.rows<{ name: string; versions: boolean }>(
    `select format('%I', current_database()) as name,
      current_setting('server_version_num')::int >= 150000 as versions`,
  );
  const name = server?.name ?? '';
  if (!server?.versions) {
    const database = { name, recorded: null, actual: null };
    return { database, collations: [], isMismatched: false, indexes: [] };
  }
  const [versions] = await session.rows<{ recorded: string | null; actual: string | null }>(
    `select datcollversion as recorded, pg_database_collation_actual_version(oid) as actual
     from pg_database where datname = current_database()`,
  );
  const database = {
    name,
    recorded: versions?.recorded ?? null,
    actual: versions?.actual ?? null,
  };
  // The catalogues order by "C"; of the many collations of a cluster only those in use matter.
  const keys = await session.rows<
    Versioned & { readonly index: string; readonly isDefault: boolean }
  >(
    `select distinct format('%I.%I', n.nspname, c.relname) as index, l.collprovider = 'd' as "isDefault",
       format('%I.%I', ln.nspname, l.collname) as name,
       l.collversion as recorded, pg_collation_actual_version(l.oid) as actual
     from pg_index i
     join pg_class c on c.oid = i.indexrelid and c.relkind = 'i'
     join pg_namespace n on n.oid = c.relnamespace
     cross join unnest(i.indcollation::oid[]) as key(collation_id)
     join pg_collation l on l.oid = key.collation_id
     join pg_namespace ln on ln.oid = l.collnamespace
     where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
     order by 1, 3`,
  );
  const changed = keys.filter(({ isDefault, ...collation }) =>
    differs(isDefault ? database : collation),
  );
  const collations = new Map(
    changed.flatMap(({ isDefault, name: of, recorded, actual }) =>
      isDefault ? [] : [[of, { name: of, recorded, actual }] as const],
    ),
  );
  return {
    database,
    collations: [...collations.values()],
    isMismatched: differs(database) || collations.size > 0,
    indexes: [...new Set(changed.map(({ index }) => index))],
  };
}

async function rebuild(
  session: Session,
  indexes: readonly string[],
  onRebuilt: (index: string) => void,
): Promise<void> {
  // The copies that an interrupted rebuild left.
  for (const name of await reindexLeftovers(session))
    await session.run(`drop index concurrently if exists ${name}`);
  for (const index of indexes) {
    const [kind] = await session.rows<{ exclusion: boolean }>(
      'select indisexclusion as exclusion from pg_index where indexrelid = to_regclass($1)',
      [index],
    );
    if (!kind) continue;
    // PostgreSQL rebuilds the index of an exclusion constraint only with writers blocked.
    await session.run(`reindex index ${kind.exclusion ? '' : 'concurrently '}${index}`);
    onRebuilt(index);
  }
}

/**
 * Records the system's version. PostgreSQL's own command refuses to go from a version to none, or
 * back; there a superuser writes the catalogue, and another role leaves it unchanged.
 */
async function record(
  session: Session,
  kind: 'database' | 'collation',
  { name, recorded, actual }: Versioned,
): Promise<boolean> {
  if (recorded !== null && actual !== null) {
    const version = kind === 'database' ? 'collation version' : 'version';
    await session.run(`alter ${kind} ${name} refresh ${version}`);
    return true;
  }
  const [role] = await session.rows<{ superuser: boolean }>(
    'select rolsuper as superuser from pg_roles where rolname = current_user',
  );
  if (!role?.superuser) return false;
  await session.run(
    kind === 'database'
      ? `update pg_database set datcollversion = pg_database_collation_actual_version(oid)
         where datname = current_database()`
      : `update pg_collation set collversion = pg_collation_actual_version(oid)
         where oid = '${name.replaceAll("'", "''")}'::regcollation`,
  );
  return true;
}
