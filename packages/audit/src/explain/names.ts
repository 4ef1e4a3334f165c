import { parse } from 'libpg-query';
import { type Fields, isObject, listOf } from '../model/entity.ts';
import type { Model, Table } from '../model/model.ts';

/** Reserved key words of PostgreSQL (appendix C of its manual), which need quotes as names. */
const RESERVED = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
  column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze
  from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
  localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
  returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
  unique user using variadic verbose when where window with`.split(/\s+/),
);

/** A name as SQL writes it. */
export const quoteName = (name: string): string =>
  /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;

/** A table's name as SQL writes it, with its schema outside `public`. */
export const qualified = (table: Table): string =>
  `${table.schema ? `${quoteName(table.schema)}.` : ''}${quoteName(table.name)}`;

/** The tables of a database with the keys and places of the project's schema. */
export const withDeclaredNames = (live: Model, declared: Model): Model => {
  const byId = new Map(declared.tables.map((table) => [table.id, table]));
  return {
    ...live,
    tables: live.tables.map((table): Table => {
      const known = byId.get(table.id);
      if (!known) return table;
      const keys = new Map(known.columns.map(({ name, key }) => [name, key]));
      return {
        ...table,
        key: known.key,
        location: known.location,
        columns: table.columns.map((column) => ({
          ...column,
          key: keys.get(column.name) ?? column.key,
        })),
      };
    }),
  };
};

/** Byte offsets at which a table's name, or a column's with its table, starts with a schema. */
const schemaPlaces = (node: unknown, found: number[] = []): number[] => {
  if (Array.isArray(node)) {
    for (const item of node) schemaPlaces(item, found);
  } else if (isObject(node)) {
    const table = isObject(node.RangeVar) ? node.RangeVar : relationOf(node);
    if (table && typeof table.schemaname === 'string') found.push(Number(table.location ?? 0));
    const reference = node.ColumnRef;
    if (
      isObject(reference) &&
      listOf(reference.fields).length > 2 &&
      typeof reference.location === 'number'
    )
      found.push(reference.location);
    for (const value of Object.values(node)) schemaPlaces(value, found);
  }
  return found;
};

/** The table of an UPDATE, DELETE or INSERT, which has no wrapper in the syntax tree. */
const relationOf = (node: Fields): Fields | undefined =>
  isObject(node.relation) && 'relname' in node.relation ? node.relation : undefined;

/**
 * A statement without the schemas of its tables, so that temporary tables of the same names replace
 * them.
 *
 * @param statement one that parses
 */
export const withoutSchemas = async (statement: string): Promise<string> => {
  const places = new Set(schemaPlaces(await parse(statement)));
  const bytes = Buffer.from(statement);
  let text = '';
  let from = 0;
  for (const place of [...places].sort((a, b) => a - b)) {
    text += bytes.toString('utf8', from, place);
    const rest = bytes.toString('utf8', place);
    const schema = /^(?:"(?:[^"]|"")*"|[\w$]+)\s*\.\s*/.exec(rest)?.[0] ?? '';
    from = place + Buffer.byteLength(schema);
  }
  return text + bytes.toString('utf8', from);
};
