import type { Listener } from './events.ts';
import type { Session } from './session.ts';

const NAME = String.raw`(?:"(?:[^"]|"")+"|[\w$]+)`;
const QUALIFIED = String.raw`(${NAME}(?:\s*\.\s*${NAME})?)`;
const CREATE = new RegExp(
  String.raw`^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(${NAME})\s+on\s+(?:only\s+)?${QUALIFIED}`,
  'is',
);
const REINDEX = new RegExp(
  String.raw`^reindex\s*(?:\([^)]*\)\s*)?(index|table|schema|database|system)\s+(?:concurrently\s+)?${QUALIFIED}?`,
  'is',
);
const DETACH = new RegExp(
  String.raw`^alter\s+table\s+(?:if\s+exists\s+)?(?:only\s+)?${QUALIFIED}\s+detach\s+partition\s+${QUALIFIED}\s+concurrently`,
  'is',
);

const withoutComments = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/--[^\n]*/g, ' ')
    .trim();

const bare = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();

interface IndexState {
  /** Qualified and quoted, fit for a DROP INDEX. */
  readonly qualified: string;
  readonly valid: boolean;
  /** The pid of a session that is building it now. */
  readonly building: number | null;
}

/** The state of an index by its name in a statement; undefined if there is none. */
const indexState = async (
  session: Session,
  index: string,
  table: string,
): Promise<IndexState | undefined> => {
  const [state] = await session.rows<IndexState>(
    `select format('%I.%I', n.nspname, c.relname) as qualified, i.indisvalid as valid,
            (select p.pid from pg_stat_progress_create_index p where p.index_relid = c.oid) as building
     from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_index i on i.indexrelid = c.oid
     where c.relname = $1
       and c.relnamespace = (select relnamespace from pg_class where oid = to_regclass($2))`,
    [bare(index), table],
  );
  return state;
};

/**
 * Leftovers of an interrupted REINDEX CONCURRENTLY: `_ccnew`, half built beside the index, or
 * `_ccold`, the former index that a finished one replaced. PostgreSQL advises to drop both.
 *
 * @param scope a condition on the table `t` of the index
 */
export const reindexLeftovers = async (
  session: Session,
  scope = 'true',
  parameters: readonly string[] = [],
): Promise<string[]> => {
  const rows = await session.rows<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
     from pg_index i
     join pg_class c on c.oid = i.indexrelid
     join pg_namespace n on n.oid = c.relnamespace
     join pg_class t on t.oid = i.indrelid or t.reltoastrelid = i.indrelid
     where not i.indisvalid and c.relkind = 'i' and c.relname ~ '_cc(new|old)[0-9]*$'
       and not exists (select 1 from pg_stat_progress_create_index p where p.relid = i.indrelid)
       and t.relkind in ('r', 'm') and (${scope})
     order by 1`,
    [...parameters],
  );
  return rows.map(({ name }) => name);
};

const dropIndexes = async (
  session: Session,
  names: readonly string[],
  listen: Listener,
): Promise<void> => {
  for (const name of names) {
    listen({
      type: 'note',
      message: `${name} is invalid, left by an interrupted build: dropping it`,
    });
    await session.run(`drop index concurrently if exists ${name}`);
  }
};

const REINDEXED: Record<string, string> = {
  index: 't.oid = (select indrelid from pg_index where indexrelid = to_regclass($1))',
  table: 't.oid = to_regclass($1)',
  schema: 't.relnamespace = to_regnamespace($1)',
};

/** How to rerun a statement that the server refuses in a transaction, after cleanup of its interrupted run. */
export interface Prepared {
  readonly sql: string;
  /** The statement's object exists already. */
  readonly finished: boolean;
}

/**
 * Clears the leftovers of an interrupted concurrent statement: an invalid index, which IF NOT
 * EXISTS would take for a finished one, and the copies of REINDEX. A pending DETACH PARTITION
 * CONCURRENTLY can only be finished, so it runs that instead.
 */
export const clearLeftovers = async (
  session: Session,
  text: string,
  listen: Listener,
): Promise<Prepared> => {
  const statement = withoutComments(text);
  const [, index, table] = CREATE.exec(statement) ?? [];
  if (index && table) {
    const state = await indexState(session, index, table);
    if (!state || state.building !== null) return { sql: text, finished: false };
    if (!state.valid) await dropIndexes(session, [state.qualified], listen);
    return { sql: text, finished: state.valid };
  }
  const [, kind = '', name] = REINDEX.exec(statement) ?? [];
  if (kind && /\bconcurrently\b/i.test(statement)) {
    const scope = name && REINDEXED[kind.toLowerCase()];
    await dropIndexes(
      session,
      await reindexLeftovers(session, scope || 'true', scope ? [name] : []),
      listen,
    );
  }
  const [, parent, partition] = DETACH.exec(statement) ?? [];
  if (!parent || !partition) return { sql: text, finished: false };
  const [inherits] = await session.rows<{ pending: boolean }>(
    'select inhdetachpending as pending from pg_inherits where inhparent = to_regclass($1) and inhrelid = to_regclass($2)',
    [parent, partition],
  );
  if (!inherits?.pending) return { sql: text, finished: inherits === undefined };
  listen({
    type: 'note',
    message: `the detaching of ${partition} from ${parent} was interrupted: finishing it`,
  });
  return { sql: `alter table ${parent} detach partition ${partition} finalize`, finished: false };
};
