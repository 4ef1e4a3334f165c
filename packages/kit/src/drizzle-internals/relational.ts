import { type Column, type DBQueryConfig, is, type SQL, sql } from 'drizzle-orm';
import type { PgDialect } from 'drizzle-orm/pg-core';
import { columnDecoder } from './column-decoder.ts';
import { PgArray } from './drizzle.ts';

type Build = PgDialect['buildRelationalQueryWithoutPK'];
type Level = Parameters<Build>[0];
type LevelConfig = DBQueryConfig<'many', true>;

/**
 * A level of a relational query that decodes as a select does. Related rows travel as JSON, whose
 * numbers lose digits and whose instants look different; so a column that JSON would change is sent as
 * its text.
 *
 * @param build Drizzle's own builder of a level
 */
export function exactLevel(build: Build, level: Level): ReturnType<Build> {
  const { columns } = level.tableConfig;
  const query: LevelConfig = level.queryConfig === true ? {} : level.queryConfig;
  const names = chosen(query.columns, Object.keys(columns));
  const changed = level.nestedQueryRelation
    ? names.filter((name) => changesInJson(columns[name]))
    : [];
  const queryConfig = changed.length > 0 ? withTexts(query, names, changed, columns) : query;
  const built = build({ ...level, queryConfig });
  return {
    ...built,
    selection: built.selection.map((item) => {
      const column = names.includes(item.tsKey) && !item.isJson && columns[item.tsKey];
      return column ? { ...item, field: decodedAs(column) } : item;
    }),
  };
}

/** Drizzle's rule: the columns named true, or all except those named false. */
function chosen(wanted: LevelConfig['columns'], all: readonly string[]): readonly string[] {
  if (!wanted) return all;
  const named = Object.entries(wanted).filter(
    ([name, is]) => is !== undefined && all.includes(name),
  );
  const included = named.filter(([, is]) => is).map(([name]) => name);
  if (included.length > 0 || named.length === 0) return included;
  return all.filter((name) => !named.some(([excluded]) => excluded === name));
}

/** The query with the changed columns as expressions of their text, under their own names. */
function withTexts(
  query: LevelConfig,
  names: readonly string[],
  changed: readonly string[],
  columns: Readonly<Record<string, Column>>,
): LevelConfig {
  const kept = names.filter((name) => !changed.includes(name));
  const extras: LevelConfig['extras'] = (fields, operators) => ({
    ...(typeof query.extras === 'function' ? query.extras(fields, operators) : query.extras),
    ...Object.fromEntries(
      changed.map((name) => {
        const type = is(columns[name], PgArray) ? sql`text[]` : sql`text`;
        return [name, sql`(${Reflect.get(fields, name)})::${type}`.as(name)];
      }),
    ),
  });
  return { ...query, columns: Object.fromEntries(kept.map((name) => [name, true])), extras };
}

/** Numbers that a JavaScript number can't hold, and instants, which JSON writes with a T. */
const changesInJson = (column: Column | undefined) =>
  column !== undefined &&
  /^(bigint|bigserial|int8|numeric|decimal|timestamp)/.test(column.getSQLType());

/** A field with the decoding of a column, for Drizzle's reader of relational rows. */
function decodedAs(column: Column): SQL {
  return sql``.mapWith(columnDecoder(column) ?? ((value: unknown) => value));
}
