import { type Casing, cased } from './casing.ts';
import { type Fields, isCallable, isKind, isObject, isTable, listOf, tableName } from './entity.ts';

export const columnName = (column: Fields, casing: Casing | undefined): string => {
  const name = String(column.name ?? '');
  return column.keyAsName === true ? cased(name, casing) : name;
};

const literal = (value: unknown): string => {
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (value === null || value === undefined) return 'null';
  if (value instanceof Date) return `'${value.toISOString()}'`;
  if (isObject(value)) return `'${JSON.stringify(value).replaceAll("'", "''")}'`;
  return String(value);
};

/** A schema's SQL (a default, a CHECK, a predicate) as text, with its parameters inlined. */
export const sqlText = (value: unknown, casing: Casing | undefined, depth = 0): string => {
  if (depth > 50) return '';
  const inner = (part: unknown) => sqlText(part, casing, depth + 1);
  if (value === undefined) return '';
  if (Array.isArray(value)) return `(${value.map(inner).join(', ')})`;
  // A list of texts in Drizzle 0.x, one text in 1.0.
  if (isKind(value, 'StringChunk')) return [value.value].flat().map(String).join('');
  if (isKind(value, 'SQL.Aliased')) return inner(value.sql);
  if (isKind(value, 'SQL')) return listOf(value.queryChunks).map(inner).join('');
  if (isKind(value, 'Column')) return `"${columnName(value, casing)}"`;
  if (isKind(value, 'IndexedColumn')) return `"${String(value.name)}"`;
  if (isTable(value)) return `"${tableName(value)}"`;
  if (isKind(value, 'Name')) return `"${String(value.value)}"`;
  if (isKind(value, 'Param')) return inner(value.value);
  if (isObject(value) && isCallable(value.getSQL)) return inner(value.getSQL());
  if (isCallable(value)) return inner(value());
  return literal(value);
};
