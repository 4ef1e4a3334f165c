import Link from 'next/link';
import type { LiveSchema } from '@/catalog/live-schema.ts';
import { type CatalogTable, foreignKeysOf } from '@/catalog/read-catalog.ts';
import type { SchemaPackage } from '@/catalog/schema-packages.ts';
import { domainOf } from '@/catalog/source-files.ts';
import { formatBytes, formatCount } from './amounts.ts';

/** The size of a package's database, and its tables by domain. */
export function SchemaSummary({ shown, schema }: { shown: SchemaPackage; schema: LiveSchema }) {
  const { tables, source } = schema;
  const sum = (of: (table: CatalogTable) => number) =>
    tables.reduce((total, table) => total + of(table), 0);
  const foreignKeys = sum((t) => t.constraints.filter(({ kind }) => kind === 'f').length);
  const facts = [
    ['tables', formatCount(tables.length)],
    ['columns', formatCount(sum((t) => t.columns.length))],
    ['foreign keys', formatCount(foreignKeys)],
    ['indexes', formatCount(sum((t) => t.indexes.length))],
    ['policies', formatCount(sum((t) => t.policies.length))],
    ['on disk', formatBytes(sum((t) => t.bytes))],
  ] as const;
  const domains = new Map<string, CatalogTable[]>();
  for (const table of tables) {
    const declared = source.tables.get(table.name);
    const domain = declared ? domainOf(declared) : 'schema';
    domains.set(domain, [...(domains.get(domain) ?? []), table]);
  }
  return (
    <div className="flex flex-col gap-5 p-5">
      <p className="text-muted text-sm">
        Read from pg_catalog when this page was opened. Choose a table, in the drawing or here.
      </p>
      <dl className="grid grid-cols-3 gap-3">
        {facts.map(([name, value]) => (
          <div key={name} className="flex flex-col-reverse rounded-lg bg-sunken px-3 py-2">
            <dt className="text-muted text-xs">{name}</dt>
            <dd className="font-semibold text-lg tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {[...domains]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([domain, members]) => (
          <section key={domain} className="flex flex-col gap-1">
            <h2 className="font-semibold text-sm">{domain}</h2>
            <ul className="flex flex-col">
              {members.map((table) => (
                <li key={table.name}>
                  <Link
                    href={`/schema/${shown.slug}/tables/${table.name}`}
                    scroll={false}
                    className="-mx-2 flex flex-col rounded px-2 py-1.5 hover:bg-sunken"
                  >
                    <span className="flex flex-wrap items-baseline justify-between gap-x-3">
                      <span className="font-mono text-sm [overflow-wrap:anywhere]">
                        {table.name}
                      </span>
                      <span className="text-muted text-xs tabular-nums">
                        {table.columns.length} columns, {formatBytes(table.bytes)}
                      </span>
                    </span>
                    <PointsTo table={table} />
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
    </div>
  );
}

/** The lines that a drawing has, in words. */
function PointsTo({ table }: { table: CatalogTable }) {
  const names = new Set(foreignKeysOf(table).flatMap(({ foreignTable }) => foreignTable ?? []));
  if (names.size === 0) return null;
  return (
    <span className="text-muted text-xs">
      points to <span className="font-mono [overflow-wrap:anywhere]">{[...names].join(', ')}</span>
    </span>
  );
}
