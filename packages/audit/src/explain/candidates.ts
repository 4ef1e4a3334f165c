import { leadingColumns, type Table } from '../model/model.ts';
import { keyOf } from '../rules/rule.ts';
import type { Asked, Order } from './conditions.ts';
import { qualified, quoteName as quote } from './names.ts';

/** An index that might help. */
export interface Candidate {
  readonly table: Table;
  readonly name: string;
  /** Columns, or an expression's text in parentheses with a name made from its words. */
  readonly keys: readonly {
    readonly column: string;
    readonly text: string;
    readonly isExpression?: boolean;
  }[];
  readonly where?: string | undefined;
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

/** An index is read in both directions, so only a mixed order needs directions. */
const orderKeys = (table: Table, order: readonly Order[]): Candidate['keys'] => {
  const mixed = new Set(order.map(({ descending }) => descending)).size > 1;
  return order.map(({ column, descending, nulls }) => {
    const notNull = table.columns.find(({ name }) => name === column)?.notNull === true;
    const placed = nulls !== undefined && !notNull && nulls !== (descending ? 'first' : 'last');
    if (placed)
      return { column, text: `${quote(column)}${descending ? ' desc' : ''} nulls ${nulls}` };
    return { column, text: mixed && descending ? `${quote(column)} desc` : quote(column) };
  });
};

const plain = (column: string) => ({ column, text: quote(column) });

const expression = (text: string) => ({
  column: text.replace(/\W+/g, '_').replace(/^_|_$/g, '').toLowerCase(),
  text: `(${text})`,
  isExpression: true,
});

const nameOf = (table: Table, keys: Candidate['keys'], where: string | undefined): string => {
  const name = `${table.name}_${keys.map(({ column }) => column).join('_')}${where ? '_partial' : ''}_idx`;
  return name.length <= 63 ? name : `${name.slice(0, 55)}_idx`;
};

const isThere = ({ table, keys, where }: Candidate): boolean =>
  table.indexes.some((index) => {
    const lead = leadingColumns(index);
    return (
      index.method === 'btree' &&
      (index.where === undefined || where !== undefined) &&
      (index.where ?? '').replace(/[()"]/g, '').toLowerCase() ===
        (where ?? '').replace(/[()"]/g, '').toLowerCase() &&
      keys.every(({ column }, place) => lead[place] === column)
    );
  });

/**
 * The indexes that would serve a statement's conditions on a table: equalities, then its order or
 * its range.
 */
export const candidatesFor = ({
  table,
  equal,
  expressions,
  constant,
  range,
  order,
}: Asked): Candidate[] => {
  const equals = unique(equal);
  const booleans = unique(constant.map(({ column }) => column)).filter(
    (column) => !equals.includes(column),
  );
  const predicate =
    constant.length > 0 ? unique(constant.map((item) => item.predicate)).join(' and ') : undefined;
  const without = (taken: readonly string[]) =>
    order.filter(({ column }) => !taken.includes(column));
  const ranged = unique(range).filter((column) => !equals.includes(column));
  const made: { keys: Candidate['keys']; where?: string | undefined }[] = [];
  const add = (keys: Candidate['keys'], where?: string) => {
    const once = keys.filter(
      (key, place) => keys.findIndex(({ column }) => column === key.column) === place,
    );
    if (once.length > 0 && once.length <= 6) made.push({ keys: once, where });
  };
  const starts = [...equals.map(plain), ...unique(expressions).map(expression)];
  const ordered = orderKeys(table, without(equals));
  if (predicate !== undefined)
    add([...starts, ...(ordered.length > 0 ? ordered : ranged.slice(0, 1).map(plain))], predicate);
  const flags = booleans.filter(
    (column) => table.columns.find(({ name }) => name === column)?.baseType === 'boolean',
  );
  if (flags.length > 0)
    add([
      ...starts,
      ...flags.map(plain),
      ...(ordered.length > 0 ? ordered : ranged.slice(0, 1).map(plain)),
    ]);
  add([...starts, ...(ordered.length > 0 ? ordered : ranged.slice(0, 1).map(plain))]);
  if (ordered.length > 0 && ranged.length > 0) add([...starts, ...ranged.slice(0, 1).map(plain)]);
  if (ordered.length > 0 && starts.length > 0) add(starts);
  const seen = new Set<string>();
  return made
    .map(({ keys, where }): Candidate => ({ table, keys, where, name: nameOf(table, keys, where) }))
    .filter((candidate) => {
      const text = `${candidate.keys.map((key) => key.text).join()} ${candidate.where ?? ''}`;
      if (seen.has(text) || isThere(candidate)) return false;
      seen.add(text);
      return true;
    });
};

export const createStatement = (candidate: Candidate, how = ''): string =>
  `create index ${how}${quote(candidate.name)} on ${qualified(candidate.table)} (${candidate.keys.map(({ text }) => text).join(', ')})${candidate.where ? ` where ${candidate.where}` : ''}`;

/** A column in Drizzle's callback: `t.driveId`, `t['odd name']`. */
const property = (table: Table, name: string): string => {
  const key = keyOf(table, name);
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `t.${key}` : `t['${key.replaceAll("'", "\\'")}']`;
};

/** SQL with the columns of Drizzle's callback. Quoted text is a value. */
const withProperties = (table: Table, sql: string): string =>
  sql.replace(/'(?:[^']|'')*'|"((?:[^"]|"")+)"|(\w+)/g, (word, quoted, bare) => {
    if (quoted === undefined && bare === undefined) return word;
    const name = typeof quoted === 'string' ? quoted.replaceAll('""', '"') : String(bare);
    return table.columns.some((column) => column.name === name)
      ? `\${${property(table, name)}}`
      : word;
  });

/** The index as Drizzle code, by the properties of the project's schema if it is known. */
export const drizzleIndex = (candidate: Candidate): string => {
  const { table } = candidate;
  const keys = candidate.keys.map(({ column, text, isExpression }) =>
    isExpression
      ? `sql\`${withProperties(table, text)}\``
      : `${property(table, column)}${/ desc\b/.test(text) ? '.desc()' : ''}${/ nulls (first|last)$/.exec(text)?.[1]?.replace(/^(.)(.*)$/, (_, first: string, rest: string) => `.nulls${first.toUpperCase()}${rest}()`) ?? ''}`,
  );
  const where = candidate.where && withProperties(table, candidate.where);
  return `index('${candidate.name}').on(${keys.join(', ')})${where ? `.where(sql\`${where}\`)` : ''}`;
};
