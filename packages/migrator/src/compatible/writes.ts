import type { InsertStmt, Node, RangeVar } from 'libpg-query';
import { isNode, strings, walk } from '../review/ast.ts';
import { parseNodes } from '../review/statements.ts';

/** The write of one INSERT, UPDATE, DELETE, MERGE or COPY to a table. */
export interface Write {
  readonly verb: 'insert' | 'update' | 'delete';
  /** Undefined for the search path. */
  readonly schema: string | undefined;
  readonly table: string;
  /** The written columns; undefined for an insert into the first `count`, or all. */
  readonly columns: readonly string[] | undefined;
  /** The number of values of an insert without a column list, if its text shows it. */
  readonly count?: number;
  /** Columns that are set to the literal NULL. */
  readonly nulls: readonly string[];
}

/** The facts in a statement's text. */
export interface ReadStatement {
  readonly writes: readonly Write[];
  /** The tables of a statement that the server cannot prepare, such as LOCK or TRUNCATE. */
  readonly tables: readonly { readonly schema: string | undefined; readonly table: string }[];
  /** The highest `$n`. */
  readonly parameters: number;
  /** The statement that the server prepares in its place; undefined if none. */
  readonly prepared?: string;
}

const PREPARED = new Set(['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);

const placeOf = (relation: RangeVar | undefined) => ({
  schema: relation?.schemaname,
  table: relation?.relname ?? '',
});

const nameOf = (node: Node): string => ('ResTarget' in node ? (node.ResTarget.name ?? '') : '');

const isNull = (node: Node | undefined): boolean => {
  if (!node) return false;
  if ('TypeCast' in node) return isNull(node.TypeCast.arg);
  return 'A_Const' in node && node.A_Const.isnull === true;
};

const isDefault = (node: Node | undefined): boolean => node !== undefined && 'SetToDefault' in node;

const valuesOf = (nodes: readonly Node[] | undefined): (readonly Node[])[] =>
  (nodes ?? []).flatMap((node) => ('List' in node ? [node.List.items ?? []] : []));

const insertOf = ({ relation, cols, selectStmt }: InsertStmt): Write => {
  const place = { verb: 'insert' as const, ...placeOf(relation) };
  if (!selectStmt) return { ...place, columns: [], nulls: [] };
  const rows = 'SelectStmt' in selectStmt ? valuesOf(selectStmt.SelectStmt.valuesLists) : [];
  if (!cols) {
    const count = rows[0]?.length;
    return { ...place, columns: undefined, nulls: [], ...(count === undefined ? {} : { count }) };
  }
  const names = cols.map(nameOf);
  const some = (test: (node: Node | undefined) => boolean) => (_: string, index: number) =>
    rows.some((row) => test(row[index]));
  const defaults = new Set(names.filter(some(isDefault)));
  return {
    ...place,
    columns: names.filter((name) => !defaults.has(name)),
    nulls: names.filter(some(isNull)),
  };
};

const updateOf = (relation: RangeVar | undefined, targets: readonly Node[] | undefined): Write => ({
  verb: 'update',
  ...placeOf(relation),
  columns: (targets ?? []).map(nameOf),
  nulls: (targets ?? [])
    .filter((node) => 'ResTarget' in node && isNull(node.ResTarget.val))
    .map(nameOf),
});

const copyOf = (
  node: Extract<Node, { CopyStmt: unknown }>,
): Pick<ReadStatement, 'writes' | 'prepared'> => {
  const { relation, attlist, is_from } = node.CopyStmt;
  if (!relation) return { writes: [] };
  const names = attlist ? strings(attlist) : undefined;
  const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
  const table = [relation.schemaname, relation.relname]
    .flatMap((part) => (part === undefined ? [] : [quoted(part)]))
    .join('.');
  return {
    writes: is_from ? [{ verb: 'insert', ...placeOf(relation), columns: names, nulls: [] }] : [],
    prepared: `select ${names?.map(quoted).join(', ') ?? '*'} from ${table}`,
  };
};

/**
 * Reads a statement's writes, and the form in which the server can prepare it. Call `loadParser`
 * first.
 *
 * @returns undefined for text that is not one statement
 */
export const readStatement = (text: string): ReadStatement | undefined => {
  const nodes = parseNodes(text);
  const [node] = nodes;
  if (typeof nodes === 'string' || typeof node === 'string' || !node || nodes.length > 1)
    return undefined;
  const writes: Write[] = [];
  const tables: ReturnType<typeof placeOf>[] = [];
  let parameters = 0;
  walk(node, ({ tag, value }) => {
    const one: unknown = { [tag]: value };
    if (!isNode(one)) return undefined;
    if ('ParamRef' in one) parameters = Math.max(parameters, one.ParamRef.number ?? 0);
    if ('RangeVar' in one) tables.push(placeOf(one.RangeVar));
    if ('InsertStmt' in one) {
      const { relation, onConflictClause } = one.InsertStmt;
      writes.push(insertOf(one.InsertStmt));
      if (onConflictClause?.targetList)
        writes.push(updateOf(relation, onConflictClause.targetList));
    }
    if ('UpdateStmt' in one)
      writes.push(updateOf(one.UpdateStmt.relation, one.UpdateStmt.targetList));
    if ('DeleteStmt' in one)
      writes.push({ verb: 'delete', ...placeOf(one.DeleteStmt.relation), columns: [], nulls: [] });
    if ('MergeStmt' in one)
      for (const clause of one.MergeStmt.mergeWhenClauses ?? []) {
        if (!('MergeWhenClause' in clause)) continue;
        const { commandType, targetList } = clause.MergeWhenClause;
        const update = updateOf(one.MergeStmt.relation, targetList);
        if (commandType === 'CMD_UPDATE') writes.push(update);
        if (commandType === 'CMD_INSERT' && targetList) writes.push({ ...update, verb: 'insert' });
      }
    return undefined;
  });
  const [tag = ''] = Object.keys(node);
  if (PREPARED.has(tag)) return { writes, tables: [], parameters, prepared: text };
  if ('CopyStmt' in node) return { tables: [], parameters: 0, ...copyOf(node) };
  // A table that the statement itself creates cannot be checked.
  const makes = /^(Create|Drop|View|Index)/.test(tag);
  return { writes: [], tables: makes ? [] : tables, parameters };
};
