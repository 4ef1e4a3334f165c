import type { Listener } from './events.ts';
import type { Session } from './session.ts';

const NAME = String.raw`(?:"(?:[^"]|"")+"|[\w$]+)`;
const CREATE = new RegExp(
  String.raw`^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(${NAME})\s+on\s+(?:only\s+)?(${NAME}(?:\s*\.\s*${NAME})?)`,
  'is',
);

/** The index that a CREATE INDEX CONCURRENTLY names, and its table; both as written. */
export const concurrentIndexOf = (text: string): { index: string; table: string } | undefined => {
  const match = CREATE.exec(text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/--[^\n]*/g, ' '));
  return match?.[1] && match[2] ? { index: match[1], table: match[2] } : undefined;
};

const bare = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();

export interface IndexState {
  /** Qualified and quoted, fit for a DROP INDEX. */
  readonly qualified: string;
  readonly valid: boolean;
  /** The pid of a session that is building it now. */
  readonly building: number | null;
}

/** The state of an index by the name that a statement gives it; undefined when there is none. */
const indexState = async (
  session: Session,
  index: string,
  table: string,
): Promise<IndexState | undefined> => {
  const [state] = await session.rows<{
    qualified: string;
    valid: boolean;
    building: number | null;
  }>(
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
 * Before a concurrent build: drops what an interrupted build left, for IF NOT EXISTS would take the
 * invalid index for a finished one.
 *
 * @returns whether the index is already there and valid
 */
export const clearInvalidIndex = async (
  session: Session,
  text: string,
  listen: Listener,
): Promise<boolean> => {
  const names = concurrentIndexOf(text);
  if (!names) return false;
  const state = await indexState(session, names.index, names.table);
  if (!state || state.building !== null) return false;
  if (state.valid) return true;
  listen({
    type: 'note',
    message: `${state.qualified} is invalid, left by an interrupted build: dropping it`,
  });
  await session.run(`drop index concurrently if exists ${state.qualified}`);
  return false;
};
