import type { InsertStmt, Node, RangeVar, UpdateStmt } from 'libpg-query';
import type { Catalog } from '../catalog/describe.ts';
import { messageOf } from '../errors.ts';
import { functionCalls, isNull, quote, relationKey } from '../review/ast.ts';
import { loadParser, readStatements } from '../review/statements.ts';
import type { Session } from '../run/session.ts';
import type { State } from './way-back.ts';

/** The changes of a migration to rows of tables that exist before and after it. */
export interface RowChanges {
  /** Statements that delete the inserted rows, in the order in which they must run. */
  readonly deletes: readonly string[];
  /** How many rows these delete, by the oid of the table. */
  readonly inserted: ReadonlyMap<string, number>;
  /** Changes that only a person can reverse, one line each. */
  readonly left: readonly string[];
  /** True if no statement of the file can have changed a row. */
  readonly none: boolean;
}

interface Key {
  readonly columns: readonly string[];
}

/** Unique keys without an expression or a condition, the primary key first. */
const KEYS = `
  select array_agg(a.attname::text order by k.place) as columns
  from pg_index i cross join lateral unnest(i.indkey::int2[]) with ordinality k (attnum, place)
       join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
  where i.indrelid = to_regclass($1) and i.indisunique and i.indpred is null and i.indexprs is null
    and k.place <= i.indnkeyatts
  group by i.indexrelid, i.indisprimary order by i.indisprimary desc, i.indexrelid`;

const COLUMNS = `
  select attname::text as name from pg_attribute
  where attrelid = to_regclass($1) and attnum > 0 and not attisdropped order by attnum`;

/** A constant, also with a cast, as a literal that takes the type of the other operand. */
const literalOf = (node: Node | undefined): string | undefined => {
  if (!node || isNull(node)) return undefined;
  const value = 'TypeCast' in node ? node.TypeCast.arg : node;
  if (!value || !('A_Const' in value)) return undefined;
  const { ival, fval, sval, boolval } = value.A_Const;
  const text =
    sval?.sval ??
    fval?.fval ??
    (boolval ? String(boolval.boolval ?? false) : ival ? String(ival.ival ?? 0) : undefined);
  return text === undefined ? undefined : `'${text.replaceAll("'", "''")}'`;
};

/** The rows of VALUES as literals by column; undefined if a value is computed. */
const rowsOf = (
  { cols, selectStmt }: InsertStmt,
  columns: readonly string[],
): ReadonlyMap<string, string | undefined>[] | undefined => {
  const select = selectStmt && 'SelectStmt' in selectStmt ? selectStmt.SelectStmt : undefined;
  const named = (cols ?? []).flatMap((node) =>
    'ResTarget' in node ? [node.ResTarget.name ?? ''] : [],
  );
  const names = named.length > 0 ? named : columns;
  return select?.valuesLists?.map((list) => {
    const items = 'List' in list ? (list.List.items ?? []) : [];
    return new Map(items.map((item, index) => [names[index] ?? '', literalOf(item)]));
  });
};

/** The statement that deletes the rows of a plain INSERT of constants, or why there is none. */
const undoInsert = async (
  session: Session,
  insert: InsertStmt,
  table: string,
): Promise<{ sql: string; rows: number } | { reason: string }> => {
  if (insert.onConflictClause)
    return { reason: 'with ON CONFLICT, the row may have been there before' };
  const columns = (await session.rows<{ name: string }>(COLUMNS, [table])).map(({ name }) => name);
  const rows = rowsOf(insert, columns);
  if (!rows) return { reason: 'its rows come from a query' };
  const keys = await session.rows<Key>(KEYS, [table]);
  const key = keys.find((candidate) =>
    rows.every((row) => candidate.columns.every((column) => row.get(column) !== undefined)),
  );
  if (!key) return { reason: 'no unique key of its rows is written in the file' };
  const tuple = (values: readonly string[]) =>
    values.length === 1 ? (values[0] ?? '') : `(${values.join(', ')})`;
  const values = rows.map((row) => tuple(key.columns.map((column) => row.get(column) ?? '')));
  return {
    rows: rows.length,
    sql: `DELETE FROM ${table} WHERE ${tuple(key.columns.map(quote))} IN (${values.join(', ')});`,
  };
};

/** The columns that an UPDATE writes. */
const writtenColumns = ({ targetList }: UpdateStmt): string[] =>
  (targetList ?? []).flatMap((node) => ('ResTarget' in node ? [node.ResTarget.name ?? ''] : []));

/** The tables whose rows a statement changes, with the verb. */
const targetsOf = (node: Node): { word: string; relations: (RangeVar | undefined)[] } => {
  if ('InsertStmt' in node) return { word: 'INSERT', relations: [node.InsertStmt.relation] };
  if ('UpdateStmt' in node) return { word: 'UPDATE', relations: [node.UpdateStmt.relation] };
  if ('DeleteStmt' in node) return { word: 'DELETE', relations: [node.DeleteStmt.relation] };
  if ('MergeStmt' in node) return { word: 'MERGE', relations: [node.MergeStmt.relation] };
  if ('CopyStmt' in node) return { word: 'COPY', relations: [node.CopyStmt.relation] };
  if ('TruncateStmt' in node)
    return {
      word: 'TRUNCATE',
      relations: (node.TruncateStmt.relations ?? []).flatMap((entry) =>
        'RangeVar' in entry ? [entry.RangeVar] : [],
      ),
    };
  return { word: '', relations: [] };
};

const ADVICE: Record<string, string> = {
  INSERT: 'write the DELETE of its rows',
  COPY: 'write the DELETE of its rows',
  UPDATE: 'write what restores the former values',
  DELETE: 'write what restores the rows',
  MERGE: 'write what restores the rows',
  TRUNCATE: 'write what restores the rows',
};

/** Statements about objects outside of one database's catalog. */
const ABOUT_SERVER = /^(?:\w*Role\w*|\w*Database\w*|\w*db|AlterSystem|\w*TableSpace\w*)Stmt$/;

/**
 * True if a statement can change rows without naming a table: a call, a block, a function in a
 * SELECT.
 */
const mayCall = (node: Node): boolean =>
  'CallStmt' in node || ('SelectStmt' in node && functionCalls(node).length > 0);

/** The error of the statements; undefined if they run. They are rolled back. */
const failureOf = async (
  session: Session,
  statements: readonly string[],
): Promise<string | undefined> => {
  try {
    await session.run(`begin; ${statements.join(' ')} set constraints all immediate;`);
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    await session.run('rollback');
  }
};

const nameOf = (catalog: Catalog, key: string): string | undefined =>
  catalog.find(({ kind, name }) => kind === 'table' && name.replaceAll('"', '') === key)?.name;

/**
 * Reads a migration's changes of rows, except in tables that it creates or drops.
 *
 * @param session a scratch database in the state after the migration
 */
export const rowChangesOf = async (
  session: Session,
  sql: string,
  before: State,
  after: State,
): Promise<RowChanges> => {
  await loadParser();
  const { actions, unread } = readStatements(sql);
  const deletes: string[] = [];
  const inserted = new Map<string, number>();
  const left: string[] = [];
  const running = actions.filter(({ within }) => within !== 'stored');
  const columnsBefore = new Set(
    before.catalog.filter(({ kind }) => kind === 'column').map(({ name }) => name),
  );
  for (const action of running) {
    const { node, line } = action;
    if (Object.keys(node).some((tag) => ABOUT_SERVER.test(tag)))
      left.push(`line ${line}, a role or a setting of the server: write what takes it back`);
    const { word, relations } = targetsOf(node);
    for (const relation of relations) {
      const former = nameOf(before.catalog, relationKey(relation));
      const identity = before.identities.find(
        ({ kind, on }) => kind === 'TABLE' && on === former,
      )?.key;
      const table = after.identities.find(({ key }) => key === identity)?.on;
      if (former === undefined || identity === undefined || table === undefined) continue;
      if (
        'UpdateStmt' in node &&
        writtenColumns(node.UpdateStmt).every(
          (column) => !columnsBefore.has(`${former}.${quote(column)}`),
        )
      )
        continue;
      const isAlone =
        action.within === 'file' &&
        running.filter(({ statement }) => statement === action.statement).length === 1;
      const undone = !('InsertStmt' in node)
        ? { reason: undefined }
        : isAlone
          ? await undoInsert(session, node.InsertStmt, table)
          : { reason: 'it is a part of a larger statement' };
      if ('sql' in undone) {
        deletes.unshift(undone.sql);
        const oid = identity.slice(1);
        inserted.set(oid, (inserted.get(oid) ?? 0) + undone.rows);
      } else
        left.push(
          `line ${line}, ${word} ${former}${undone.reason === undefined ? '' : ` (${undone.reason})`}: ${ADVICE[word] ?? ''}`,
        );
    }
  }
  for (const { line, detail } of unread)
    left.push(`line ${line}, SQL that is computed (${detail}): write what takes its changes back`);
  const none =
    unread.length === 0 &&
    running.every(
      ({ node, within }) => within === 'file' && targetsOf(node).word === '' && !mayCall(node),
    );
  const failure = await failureOf(session, deletes);
  if (failure !== undefined)
    return {
      deletes: [],
      inserted: new Map(),
      left: [...left, `the rows that it inserts cannot be deleted (${failure}): write it by hand`],
      none,
    };
  return { deletes, inserted, left, none: none && left.length === 0 };
};
