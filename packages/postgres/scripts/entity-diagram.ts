import { is } from 'drizzle-orm';
import { getTableConfig, type PgColumn, PgTable } from 'drizzle-orm/pg-core';
import * as schema from '../src/schemas/index.ts';

type TableConfig = ReturnType<typeof getTableConfig>;

/** What every vendor table has; drawn once, in the text above the diagrams. */
const repeated = new Set(['created_at', 'updated_at']);

const vendors = [
  'github',
  'slack',
  'jira',
  'linear',
  'notion',
  'google',
  'youtube',
  'spotify',
  'x',
];
const vendorOf = (table: string) => vendors.find((vendor) => table.startsWith(`${vendor}_`));

/** The README's diagrams: our own tables, then one diagram for each vendor. */
export function entityDiagrams(): string {
  const tables = Object.values(schema)
    .flatMap((value) => (is(value, PgTable) ? [getTableConfig(value)] : []))
    .sort((a, b) => a.name.localeCompare(b.name));
  const parts: [string, TableConfig[]][] = [
    ['Connections, sync, chat, goals', tables.filter(({ name }) => !vendorOf(name))],
    ...vendors.map((vendor): [string, TableConfig[]] => [
      vendor,
      tables.filter(({ name }) => vendorOf(name) === vendor),
    ]),
  ];
  return parts
    .map(([title, group]) => `### ${title}\n\n\`\`\`mermaid\n${diagram(group)}\n\`\`\``)
    .join('\n\n');
}

const diagram = (tables: readonly TableConfig[]) =>
  ['erDiagram', ...tables.flatMap(references), ...tables.flatMap(entity)].join('\n');

function references({ name, foreignKeys }: TableConfig): string[] {
  return foreignKeys.map((key) => {
    const { columns, foreignTable } = key.reference();
    const label = columns.map((column) => column.name).join(', ');
    return `  ${getTableConfig(foreignTable).name} ||--o{ ${name} : "${label}"`;
  });
}

function entity({ name, columns, primaryKeys, foreignKeys }: TableConfig): string[] {
  const keys = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)));
  const referring = new Set(
    foreignKeys.flatMap((key) => key.reference().columns.map((column) => column.name)),
  );
  const attributes = columns
    .filter((column) => !repeated.has(column.name))
    .map((column) => {
      const marks = [
        (column.primary || keys.has(column.name)) && 'PK',
        referring.has(column.name) && 'FK',
      ].filter(Boolean);
      const suffix = `${marks.length > 0 ? ` ${marks.join(', ')}` : ''}${column.notNull ? '' : ' "null"'}`;
      return `    ${typeName(column)} ${column.name}${suffix}`;
    });
  return [`  ${name} {`, ...attributes, '  }'];
}

const typeName = (column: PgColumn) =>
  column
    .getSQLType()
    .replace(/^timestamp.*$/, 'timestamptz')
    .replaceAll(/\W+/g, '_')
    .replace(/_$/, '');
