import { parse } from 'libpg-query';
import { AuditError, messageOf } from '../errors.ts';
import { type Fields, isObject, listOf } from '../model/entity.ts';
import type { Model, Table } from '../model/model.ts';
import { quoteName as quote } from './names.ts';

export interface Order {
  readonly column: string;
  readonly descending: boolean;
  /** The place of NULL, if it differs from the direction's default. */
  readonly nulls?: 'first' | 'last' | undefined;
}

/** A statement's conditions and order on one table, as far as an index can serve them. */
export interface Asked {
  readonly table: Table;
  readonly alias: string;
  /** Columns compared for equality with a value or another table's column. */
  readonly equal: string[];
  /** Expressions of one column compared for equality with a value: `lower(email)`. */
  readonly expressions: string[];
  /** Conditions on constants (`not x`, `x is null`), fit for a partial index, with their columns. */
  readonly constant: { readonly column: string; readonly predicate: string }[];
  readonly range: string[];
  readonly order: Order[];
}

const child = (node: unknown, name: string): Fields | undefined => {
  const value = isObject(node) ? node[name] : undefined;
  return isObject(value) ? value : undefined;
};

const stringsOf = (nodes: unknown): string[] =>
  listOf(nodes).flatMap((node) => {
    const value = child(node, 'String')?.sval;
    return typeof value === 'string' ? [value] : [];
  });

interface Scope {
  readonly asked: Asked[];
  /** The statement in bytes, because the parser's positions count bytes. */
  readonly bytes: Buffer;
}

const referencesIn = (node: unknown, found: unknown[] = []): unknown[] => {
  if (Array.isArray(node)) for (const item of node) referencesIn(item, found);
  else if (isObject(node)) {
    if (child(node, 'ColumnRef')) found.push(node);
    for (const value of Object.values(node)) referencesIn(value, found);
  }
  return found;
};

const firstPlace = (node: unknown): number => {
  if (Array.isArray(node)) return Math.min(...node.map(firstPlace));
  if (!isObject(node)) return Number.POSITIVE_INFINITY;
  const own = typeof node.location === 'number' ? node.location : Number.POSITIVE_INFINITY;
  return Math.min(own, ...Object.values(node).map(firstPlace));
};

/** `lower(email)` of `lower(u.email) = $1`, if an index on it could answer. */
const addExpression = (compared: Fields, scope: Scope): void => {
  const { lexpr, rexpr, location } = compared;
  const references = referencesIn(lexpr);
  const [found] = references.map((reference) => resolve(reference, scope));
  const isFunction = child(lexpr, 'FuncCall') ?? child(lexpr, 'A_Expr');
  if (!found || references.length > 1 || referencesIn(rexpr).length > 0 || !isFunction) return;
  const start = firstPlace(lexpr);
  if (typeof location !== 'number' || start >= location) return;
  let text = scope.bytes.toString('utf8', start, location).trim();
  const count = (what: string) => text.split(what).length;
  while (text.endsWith(')') && count(')') > count('(')) text = text.slice(0, -1).trim();
  const { alias } = found.asked;
  found.asked.expressions.push(text.replaceAll(`"${alias}".`, '').replaceAll(`${alias}.`, ''));
};

/** The table and column of a reference, or nothing if it belongs to another table. */
const resolve = (node: unknown, scope: Scope): { asked: Asked; column: string } | undefined => {
  const plain = child(node, 'TypeCast')?.arg ?? node;
  const names = stringsOf(child(plain, 'ColumnRef')?.fields);
  const column = names.at(-1);
  const owner = names.at(-2);
  if (column === undefined) return undefined;
  const asked = scope.asked.find(
    (candidate) =>
      (owner === undefined || candidate.alias === owner) &&
      candidate.table.columns.some(({ name }) => name === column),
  );
  return asked ? { asked, column } : undefined;
};

const addCondition = (node: unknown, scope: Scope): void => {
  const all = child(node, 'BoolExpr');
  if (all?.boolop === 'AND_EXPR') {
    for (const part of listOf(all.args)) addCondition(part, scope);
    return;
  }
  if (all?.boolop === 'NOT_EXPR') {
    const found = resolve(listOf(all.args)[0], scope);
    if (found)
      found.asked.constant.push({ column: found.column, predicate: `not ${quote(found.column)}` });
    return;
  }
  const bare = resolve(node, scope);
  if (bare) {
    bare.asked.constant.push({ column: bare.column, predicate: quote(bare.column) });
    return;
  }
  const nullTest = child(node, 'NullTest');
  if (nullTest) {
    const found = resolve(nullTest.arg, scope);
    if (found)
      found.asked.constant.push({
        column: found.column,
        predicate: `${quote(found.column)} is ${nullTest.nulltesttype === 'IS_NULL' ? '' : 'not '}null`,
      });
    return;
  }
  const compared = child(node, 'A_Expr');
  if (!compared) return;
  const operator = stringsOf(compared.name)[0];
  const left = resolve(compared.lexpr, scope);
  const right = resolve(compared.rexpr, scope);
  const row = listOf(child(compared.lexpr, 'RowExpr')?.args);
  if (row.length > 0 && /^[<>]=?$/.test(operator ?? '')) {
    const first = resolve(row[0], scope);
    if (first) first.asked.range.push(first.column);
    return;
  }
  if (!left && operator === '=' && compared.kind === 'AEXPR_OP') addExpression(compared, scope);
  const sides = [left, right].filter((side) => side !== undefined);
  if (left && right && left.asked === right.asked) return;
  const constant = child(left ? compared.rexpr : compared.lexpr, 'A_Const');
  const truth = child(constant, 'boolval');
  for (const side of sides) {
    if (/^AEXPR_(BETWEEN|BETWEEN_SYM)$/.test(String(compared.kind)))
      side.asked.range.push(side.column);
    else if (operator === '=' && constant && isObject(constant) && 'boolval' in constant)
      side.asked.constant.push({
        column: side.column,
        predicate: `${truth?.boolval === true ? '' : 'not '}${quote(side.column)}`,
      });
    else if (operator === '=') side.asked.equal.push(side.column);
    else if (/^[<>]=?$/.test(operator ?? '')) side.asked.range.push(side.column);
  }
};

const addFrom = (node: unknown, scope: Scope, model: Model): void => {
  const relation = child(node, 'RangeVar');
  if (relation) {
    const name = String(relation.relname);
    const schema = typeof relation.schemaname === 'string' ? relation.schemaname : undefined;
    const table = model.tables.find(
      (candidate) =>
        candidate.name === name &&
        (schema === undefined || (candidate.schema ?? 'public') === schema),
    );
    if (table)
      scope.asked.push({
        table,
        alias: String(child(relation, 'alias')?.aliasname ?? name),
        equal: [],
        expressions: [],
        constant: [],
        range: [],
        order: [],
      });
    return;
  }
  const join = child(node, 'JoinExpr');
  if (join) {
    addFrom(join.larg, scope, model);
    addFrom(join.rarg, scope, model);
  }
};

const addJoinConditions = (node: unknown, scope: Scope): void => {
  const join = child(node, 'JoinExpr');
  if (!join) return;
  addJoinConditions(join.larg, scope);
  addJoinConditions(join.rarg, scope);
  addCondition(join.quals, scope);
};

const readSelect = (select: Fields, model: Model, found: Asked[], bytes: Buffer): void => {
  const scope: Scope = { asked: [], bytes };
  const from = listOf(select.fromClause).concat(
    select.relation ? [{ RangeVar: select.relation }] : [],
  );
  for (const item of from) addFrom(item, scope, model);
  for (const item of from) addJoinConditions(item, scope);
  addCondition(select.whereClause, scope);
  const order = listOf(select.sortClause).flatMap((item) => {
    const sort = child(item, 'SortBy');
    const target = sort ? resolve(sort.node, scope) : undefined;
    if (!sort || !target) return [undefined];
    const descending = sort.sortby_dir === 'SORTBY_DESC';
    const nulls: Order['nulls'] =
      sort.sortby_nulls === 'SORTBY_NULLS_FIRST'
        ? 'first'
        : sort.sortby_nulls === 'SORTBY_NULLS_LAST'
          ? 'last'
          : undefined;
    return [{ asked: target.asked, column: target.column, descending, nulls }];
  });
  const [first] = order;
  // An index gives an order only if it can give all of it.
  if (first && order.every((item) => item?.asked === first.asked))
    for (const item of order) if (item) first.asked.order.push(item);
  found.push(...scope.asked);
};

const walk = (node: unknown, model: Model, found: Asked[], bytes: Buffer): void => {
  if (Array.isArray(node)) {
    for (const item of node) walk(item, model, found, bytes);
    return;
  }
  if (!isObject(node)) return;
  for (const name of ['SelectStmt', 'UpdateStmt', 'DeleteStmt']) {
    const statement = child(node, name);
    if (statement) readSelect(statement, model, found, bytes);
  }
  // The arms of a UNION have no wrapper in the syntax tree.
  for (const arm of ['larg', 'rarg']) {
    const select = child(node, arm);
    if (select && 'targetList' in select) readSelect(select, model, found, bytes);
  }
  for (const value of Object.values(node)) walk(value, model, found, bytes);
};

/**
 * Finds a statement's conditions and orders on the tables of a model, in subqueries too.
 *
 * @throws AuditError when the text is not one statement of PostgreSQL
 */
export const conditionsOf = async (statement: string, model: Model): Promise<Asked[]> => {
  let parsed: unknown;
  try {
    parsed = await parse(statement);
  } catch (error) {
    throw new AuditError('usage', 3, `not a statement of PostgreSQL: ${messageOf(error)}`, error);
  }
  const statements = isObject(parsed) ? listOf(parsed.stmts) : [];
  if (statements.length !== 1) throw new AuditError('usage', 3, 'give one statement at a time');
  const found: Asked[] = [];
  walk(statements, model, found, Buffer.from(statement));
  return found;
};
