import type { Session } from '../run/session.ts';

/** Lock modes, weakest first. */
const MODES = [
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;
export type ObservedMode = (typeof MODES)[number];

const STRENGTH: readonly string[] = MODES;

export const strengthOf = (mode: string): number => STRENGTH.indexOf(mode);

/** A lock that was held on an object from before the file. */
export interface ObservedLock {
  readonly mode: ObservedMode;
  readonly on: string;
  readonly index: boolean;
}

interface Relation {
  readonly oid: string;
  readonly name: string;
  readonly kind: string;
  readonly file: string | null;
  readonly read: string;
}

/** The relations at one moment, with each one's file and the rows read. */
export type Snapshot = ReadonlyMap<string, Relation>;

const snapshotSql = (scope: 'xact_' | '') => `
  select c.oid::text as oid, c.oid::regclass::text as name, c.relkind::text as kind,
         pg_relation_filenode(c.oid)::text as file,
         case when c.relkind in ('r', 'm') then (pg_stat_get_${scope}tuples_returned(c.oid) + pg_stat_get_${scope}tuples_fetched(c.oid))::text else '0' end as read
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'drizzle')
    and c.relkind in ('r', 'p', 'm', 'v', 'f', 'S', 'i', 'I')`;

/**
 * @param inTransaction true for the counters of the running transaction, else those of the
 *   database, to which a session adds its own when it is idle
 */
export const snapshotOf = async (session: Session, inTransaction: boolean): Promise<Snapshot> => {
  if (!inTransaction) await session.run('select pg_stat_force_next_flush()').catch(() => {});
  const rows = await session.rows<Relation>(snapshotSql(inTransaction ? 'xact_' : ''));
  return new Map(rows.map((relation) => [relation.oid, relation]));
};

export interface Changes {
  /** Tables and materialized views with a new file: every row was rewritten, or all were deleted. */
  readonly rewritten: string[];
  /** Existing indexes with a new file. */
  readonly rebuilt: string[];
  /** Indexes that are new. */
  readonly built: string[];
  /** Rows read of tables from before the file. */
  readonly rowsRead: number;
}

/** The changes between two snapshots. `old` holds the state before the file. */
export const changesBetween = (before: Snapshot, after: Snapshot, old: Snapshot): Changes => {
  const changed = (kinds: string) =>
    [...after.values()]
      .filter(({ oid, kind, file }) => {
        const former = before.get(oid);
        return kinds.includes(kind) && former !== undefined && old.has(oid) && former.file !== file;
      })
      .map(({ name }) => name);
  const read = [...after.values()].reduce((sum, { oid, read: now }) => {
    const then = before.get(oid)?.read ?? '0';
    return old.has(oid) ? sum + Math.max(0, Number(now) - Number(then)) : sum;
  }, 0);
  const isIndex = ({ kind }: Relation) => kind === 'i' || kind === 'I';
  const oldIndexes = new Set([...old.values()].filter(isIndex).map(({ name }) => name));
  const fresh = [...after.values()]
    .filter((relation) => isIndex(relation) && !before.has(relation.oid))
    .map(({ name }) => name);
  return {
    rewritten: changed('rm'),
    // A new type of its column drops an index and creates it again under its name.
    rebuilt: [...changed('i'), ...fresh.filter((name) => oldIndexes.has(name))],
    built: fresh.filter((name) => !oldIndexes.has(name)),
    rowsRead: read,
  };
};

export interface HeldLock {
  readonly oid: string;
  readonly mode: ObservedMode;
}

const HELD = `
  select relation::oid::text as oid, upper(regexp_replace(regexp_replace(mode, 'Lock$', ''), '([a-z])([A-Z])', '\\1 \\2', 'g')) as mode
  from pg_locks
  where pid = $1 and locktype = 'relation' and granted
    and database = (select oid from pg_database where datname = current_database())`;

/** The relation locks that a backend holds, seen from another session. */
export const locksHeld = (observer: Session, pid: number): Promise<HeldLock[]> =>
  observer.rows<HeldLock>(HELD, [pid]);

/** The strongest lock on each existing relation, without ACCESS SHARE. */
export const strongest = (held: readonly HeldLock[], old: Snapshot): ObservedLock[] => {
  const best = new Map<string, ObservedMode>();
  for (const { oid, mode } of held) {
    const known = best.get(oid);
    if (known === undefined || strengthOf(mode) > strengthOf(known)) best.set(oid, mode);
  }
  return [...best]
    .flatMap(([oid, mode]) => {
      const relation = old.get(oid);
      if (!relation || mode === 'ACCESS SHARE') return [];
      return [{ mode, on: relation.name, index: relation.kind === 'i' || relation.kind === 'I' }];
    })
    .sort((a, b) => Number(a.index) - Number(b.index) || a.on.localeCompare(b.on));
};

const LSN = `select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::text as at`;

/** The place in the server's write-ahead log, in bytes. */
export const walPosition = async (observer: Session): Promise<number> => {
  const [row] = await observer.rows<{ at: string }>(LSN);
  return Number(row?.at ?? 0);
};
