import { is } from 'drizzle-orm';
import { getTableConfig, type PgColumn, PgTable } from 'drizzle-orm/pg-core';

type TableConfig = ReturnType<typeof getTableConfig>;

export interface DiagramOptions {
  /** Database names of columns that every table has, and that would only fill the picture. */
  readonly omit?: readonly string[];
}

/**
 * The tables of a schema module as a Mermaid `erDiagram`, and the tables elsewhere they point to.
 *
 * @param schema a module's exports; other values than tables are skipped
 */
export function entityDiagram(
  schema: Readonly<Record<string, unknown>>,
  { omit = [] }: DiagramOptions = {},
): string {
  const tables = Object.values(schema)
    .flatMap((value) => (is(value, PgTable) ? [getTableConfig(value)] : []))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    'erDiagram',
    ...tables.flatMap(references),
    ...tables.flatMap((table) => entity(table, omit)),
  ].join('\n');
}

function references({ name, foreignKeys }: TableConfig): string[] {
  return foreignKeys.map((key) => {
    const { columns, foreignTable } = key.reference();
    const one = columns.every(({ notNull }) => notNull) ? '||' : '|o';
    const label = columns.map((column) => column.name).join(', ');
    return `  ${getTableConfig(foreignTable).name} ${one}--o{ ${name} : "${label}"`;
  });
}

function entity({ name, columns, foreignKeys, primaryKeys }: TableConfig, omit: readonly string[]) {
  const foreign = namesOf(foreignKeys.flatMap((key) => key.reference().columns));
  const primary = namesOf(primaryKeys.flatMap((key) => key.columns));
  const attributes = columns
    .filter((column) => !omit.includes(column.name))
    .map((column) => {
      const keys = [
        (column.primary || primary.has(column.name)) && 'PK',
        foreign.has(column.name) && 'FK',
      ].filter(Boolean);
      const mark = keys.length > 0 ? ` ${keys.join(', ')}` : '';
      return `    ${typeName(column)} ${column.name}${mark}${column.notNull ? '' : ' "null"'}`;
    });
  return [`  ${name} {`, ...attributes, '  }'];
}

const namesOf = (columns: readonly PgColumn[]) => new Set(columns.map(({ name }) => name));

/** Mermaid takes letters, digits and `_` in a type's name, and `[]` at its end. */
const typeName = (column: PgColumn) =>
  column
    .getSQLType()
    .replace(/^timestamp.*$/, 'timestamptz')
    .replaceAll(/[^\w[\]]+/g, '_');
