import { is } from 'drizzle-orm';
import { getTableConfig, type PgColumn, PgTable } from 'drizzle-orm/pg-core';
import * as auth from '../src/schema/auth.ts';
import * as core from '../src/schema/core.ts';
import * as members from '../src/schema/members.ts';
import * as monitoring from '../src/schema/monitoring.ts';
import * as notifications from '../src/schema/notifications.ts';
import * as permissions from '../src/schema/permissions.ts';
import * as social from '../src/schema/social.ts';
import * as storage from '../src/schema/storage.ts';
import * as subscriptions from '../src/schema/subscriptions.ts';

const domains: Record<string, Record<string, unknown>> = {
  auth,
  core,
  permissions,
  members,
  notifications,
  social,
  storage,
  subscriptions,
  monitoring,
};

type TableConfig = ReturnType<typeof getTableConfig>;

/** The README's diagrams: for each domain its tables, and the tables elsewhere that they point to. */
export function entityDiagrams(): string {
  return Object.entries(domains)
    .map(([name, tables]) => `### ${name}\n\n\`\`\`mermaid\n${diagram(tables)}\n\`\`\``)
    .join('\n\n');
}

function diagram(domain: Record<string, unknown>): string {
  const tables = Object.values(domain)
    .flatMap((value) => (is(value, PgTable) ? [getTableConfig(value)] : []))
    .sort((a, b) => a.name.localeCompare(b.name));
  return ['erDiagram', ...tables.flatMap(references), ...tables.flatMap(entity)].join('\n');
}

function references({ name, foreignKeys }: TableConfig): string[] {
  return foreignKeys.map((key) => {
    const { columns, foreignTable } = key.reference();
    const one = columns.every(({ notNull }) => notNull) ? '||' : '|o';
    const label = columns.map((column) => column.name).join(', ');
    return `  ${getTableConfig(foreignTable).name} ${one}--o{ ${name} : "${label}"`;
  });
}

function entity({ name, columns, foreignKeys }: TableConfig): string[] {
  const references = new Set(
    foreignKeys.flatMap((key) => key.reference().columns.map((column) => column.name)),
  );
  const attributes = columns
    .filter((column) => column.name !== 'createdAt' && column.name !== 'updatedAt')
    .map((column) => `    ${typeName(column)} ${column.name}${marks(column, references)}`);
  return [`  ${name} {`, ...attributes, '  }'];
}

const typeName = (column: PgColumn) =>
  column
    .getSQLType()
    .replace(/^timestamp.*$/, 'timestamptz')
    .replaceAll(/\W+/g, '_');

function marks(column: PgColumn, references: ReadonlySet<string>): string {
  const keys = [column.primary && 'PK', references.has(column.name) && 'FK'].filter(Boolean);
  return `${keys.length > 0 ? ` ${keys.join(', ')}` : ''}${column.notNull ? '' : ' "null"'}`;
}
