import { messageOf, sqlstateOf } from '../errors.ts';
import type { Session } from '../run/session.ts';
import type { SentStatement } from './sent-statements.ts';
import type { ReadStatement } from './writes.ts';

/** The server's verdict on a statement that it plans without running. */
export type Judgement =
  | {
      readonly ok: true;
      readonly parameters: readonly string[];
      /** Undefined before PostgreSQL 16, the first to give them. */
      readonly results: readonly string[] | undefined;
    }
  | { readonly ok: false; readonly sqlstate: string; readonly message: string };

const NAME = 'migrator_judged';
/** The server could not infer a parameter's type from the text; the recording may have it. */
const NO_TYPE = new Set(['42P18', '42P08']);

const typeList = ({ types }: SentStatement, parameters: number): string => {
  if (!types || parameters === 0) return '';
  const named = Array.from({ length: parameters }, (_, index) => types[index] ?? 0);
  // Oids from 10,000 on belong to the database in which they were recorded.
  return `(${named.map((oid) => (oid > 0 && oid < 10_000 ? `:${oid}:` : 'unknown')).join(', ')})`;
};

const typeNames = async (session: Session, list: string): Promise<string> => {
  const oids = [...list.matchAll(/:(\d+):/g)].map(([, oid]) => Number(oid));
  if (oids.length === 0) return list;
  const rows = await session.rows<{ oid: number; name: string }>(
    'select oid::int8::int4 as oid, format_type(oid, null) as name from pg_type where oid = any ($1::oid[])',
    [oids],
  );
  const names = new Map(rows.map(({ oid, name }) => [oid, name]));
  return list.replace(/:(\d+):/g, (_, oid: string) => names.get(Number(oid)) ?? 'unknown');
};

const failure = (error: unknown): Judgement => ({
  ok: false,
  sqlstate: sqlstateOf(error) ?? '',
  message: messageOf(error),
});

const planned = async (
  session: Session,
  text: string,
  parameters: number,
  types: string,
): Promise<Judgement> => {
  try {
    await session.run(`prepare ${NAME} ${types} as ${text}\n`);
  } catch (error) {
    return failure(error);
  }
  try {
    const [row] = await session.rows<{ parameters: string[]; results?: string[] | null }>(
      `select parameter_types::text[] as parameters, (to_jsonb(p) -> 'result_types') as results from pg_prepared_statements p where name = '${NAME}'`,
    );
    const values = parameters === 0 ? '' : `(${Array(parameters).fill('null').join(', ')})`;
    // Planned too, because only then the server looks for ON CONFLICT's index.
    await session.run(`explain execute ${NAME}${values}`);
    return { ok: true, parameters: row?.parameters ?? [], results: row?.results ?? undefined };
  } catch (error) {
    return failure(error);
  } finally {
    await session.run(`deallocate ${NAME}`);
  }
};

/** Settings that make a generic plan. */
export const JUDGING = 'set plan_cache_mode = force_generic_plan; set jit = off';

/**
 * Asks the server whether it would run a statement in this database: the server prepares and plans
 * it, and runs nothing. For a statement that cannot be prepared (LOCK, TRUNCATE, CALL …) it asks
 * for the named tables.
 */
export const judge = async (
  session: Session,
  statement: SentStatement,
  { prepared, parameters, tables }: ReadStatement,
): Promise<Judgement> => {
  if (prepared !== undefined) {
    const found = await planned(session, prepared, parameters, '');
    if (found.ok || !NO_TYPE.has(found.sqlstate)) return found;
    const types = await typeNames(session, typeList(statement, parameters));
    return types === '' ? found : planned(session, prepared, parameters, types);
  }
  for (const { schema, table } of tables) {
    const [row] = await session.rows<{ there: boolean }>(
      "select to_regclass(case when $1::text is null then '' else quote_ident($1) || '.' end || quote_ident($2)) is not null as there",
      [schema ?? null, table],
    );
    if (!row?.there)
      return { ok: false, sqlstate: '42P01', message: `relation "${table}" does not exist` };
  }
  return { ok: true, parameters: [], results: undefined };
};
