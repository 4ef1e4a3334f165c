import { KeyRound, X } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { LiveSchema } from '@/catalog/live-schema.ts';
import { type CatalogTable, foreignKeysOf, keyColumnsOf } from '@/catalog/read-catalog.ts';
import type { SchemaPackage } from '@/catalog/schema-packages.ts';
import { pointingColumn, shortType } from '@/diagram/diagram.ts';
import { screensOf } from '@/statements/screens-of-tables.ts';
import { Badge } from '@/ui/page.tsx';
import { formatBytes, formatCount } from './amounts.ts';
import { Code } from './code.tsx';
import { commentInWords, DocText } from './doc-text.tsx';

interface Shown {
  readonly shown: SchemaPackage;
  readonly table: CatalogTable;
}

/** Everything that the database and the source say about one table. */
export function TableDetails({ shown, table, schema }: Shown & { schema: LiveSchema }) {
  const declared = schema.source.tables.get(table.name);
  const referencing = schema.tables.filter(
    (other) =>
      other.name !== table.name &&
      foreignKeysOf(other).some(({ foreignTable }) => foreignTable === table.name),
  );
  const comment = declared?.comment || table.comment;
  return (
    <div className="flex flex-col gap-6 p-5">
      <header className="flex flex-col gap-2">
        <div className="flex items-start justify-between gap-3">
          <h2 className="min-w-0 font-mono font-semibold text-lg [overflow-wrap:anywhere]">
            {table.name}
          </h2>
          <Link
            href={`/schema/${shown.slug}`}
            scroll={false}
            aria-label="Close the table"
            className="grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink"
          >
            <X size={16} aria-hidden />
          </Link>
        </div>
        {comment && (
          <p className="whitespace-pre-line text-sm">
            <DocText>{commentInWords(comment)}</DocText>
          </p>
        )}
        <div className="flex flex-wrap items-center gap-2 text-muted text-xs">
          {table.rowSecurity !== 'off' && (
            <Badge tone="good">row security {table.rowSecurity}</Badge>
          )}
          {table.partitionedBy && (
            <Badge tone="accent">
              {table.partitions} partitions by {table.partitionedBy.toLowerCase()}
            </Badge>
          )}
          <span>
            {table.rowEstimate === null
              ? 'not analysed yet'
              : `about ${formatCount(table.rowEstimate)} ${table.rowEstimate === 1 ? 'row' : 'rows'}`}
            , {formatBytes(table.bytes)}
          </span>
        </div>
      </header>
      <Columns shown={shown} table={table} />
      <Indexes table={table} />
      <Constraints table={table} />
      <Policies table={table} />
      {table.triggers.length > 0 && (
        <Part title="Triggers">
          {table.triggers.map(({ name, definition }) => (
            <Item key={name} name={name} definition={definition} />
          ))}
        </Part>
      )}
      {referencing.length > 0 && (
        <Part title="Referenced by">
          <ul className="flex flex-wrap gap-x-4 gap-y-1">
            {referencing.map(({ name }) => (
              <li key={name}>
                <TableLink shown={shown} name={name} />
              </li>
            ))}
          </ul>
        </Part>
      )}
      <Screens shown={shown} name={table.name} />
      {declared && (
        <Part title="Source">
          <p className="font-mono text-muted text-xs [overflow-wrap:anywhere]">
            {declared.path}:{declared.line}
          </p>
          <Code language="typescript" label={`Source of ${table.name}`} code={declared.code} />
        </Part>
      )}
    </div>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-semibold text-sm">{title}</h3>
      {children}
    </section>
  );
}

const TableLink = ({ shown, name }: { shown: SchemaPackage; name: string }) => (
  <Link
    href={`/schema/${shown.slug}/tables/${name}`}
    scroll={false}
    className="font-mono text-accent text-xs underline underline-offset-2"
  >
    {name}
  </Link>
);

/** Where the application itself asks for the table: its screens say the same in their statements. */
function Screens({ shown, name }: { shown: SchemaPackage; name: string }) {
  const screens = screensOf(shown.slug, name);
  if (screens.length === 0) return null;
  return (
    <Part title={`Screens that use it (${screens.length})`}>
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {screens.map(({ screen, href }) => (
          <li key={href}>
            <Link
              href={href}
              prefetch={false}
              className="text-accent text-sm underline underline-offset-2"
            >
              {screen}
            </Link>
          </li>
        ))}
      </ul>
    </Part>
  );
}

function Columns({ shown, table }: Shown) {
  const keys = new Set(keyColumnsOf(table));
  const references = new Map(
    foreignKeysOf(table).flatMap((key) => {
      const { foreignTable, onDelete } = key;
      return foreignTable ? [[pointingColumn(key), { foreignTable, onDelete }] as const] : [];
    }),
  );
  return (
    <Part title={`Columns (${table.columns.length})`}>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {table.columns.map((column) => {
          const reference = references.get(column.name);
          return (
            <li key={column.name} className="flex flex-col gap-0.5 px-3 py-1.5">
              <div className="flex items-baseline gap-2 font-mono text-xs">
                {keys.has(column.name) && (
                  <KeyRound
                    size={11}
                    className="shrink-0 self-center text-warn"
                    role="img"
                    aria-label="part of the primary key"
                  />
                )}
                <span className="font-medium [overflow-wrap:anywhere]">{column.name}</span>
                <span className="ml-auto shrink-0 text-right text-muted">
                  {shortType(column.type)}
                  {!column.notNull && ' null'}
                </span>
              </div>
              {(reference || column.default) && (
                <div className="flex flex-wrap gap-x-3 text-muted text-xs">
                  {reference && (
                    <span>
                      → <TableLink shown={shown} name={reference.foreignTable} />, on delete{' '}
                      {reference.onDelete}
                    </span>
                  )}
                  {column.default && (
                    <span className="font-mono [overflow-wrap:anywhere]">
                      {column.generated ? 'generated as ' : 'default '}
                      {column.default}
                    </span>
                  )}
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </Part>
  );
}

function Indexes({ table }: { table: CatalogTable }) {
  return (
    <Part title={`Indexes (${table.indexes.length})`}>
      {table.indexes.map((index) => (
        <Item
          key={index.name}
          name={index.name}
          definition={index.definition.replace(/^.* USING /, 'using ')}
        >
          {index.primary && <Badge>primary</Badge>}
          {index.unique && !index.primary && <Badge>unique</Badge>}
          {index.partial && <Badge>partial</Badge>}
          {index.method !== 'btree' && <Badge tone="accent">{index.method}</Badge>}
          {!index.valid && <Badge tone="bad">invalid</Badge>}
          <span className="ml-auto shrink-0 text-muted text-xs">{formatBytes(index.bytes)}</span>
        </Item>
      ))}
    </Part>
  );
}

function Constraints({ table }: { table: CatalogTable }) {
  const others = table.constraints.filter(({ kind }) => kind !== 'p');
  if (others.length === 0) return null;
  return (
    <Part title={`Constraints (${others.length})`}>
      {others.map(({ name, definition }) => (
        <Item key={name} name={name} definition={definition} />
      ))}
    </Part>
  );
}

function Policies({ table }: { table: CatalogTable }) {
  if (table.policies.length === 0) return null;
  return (
    <Part title={`Policies (${table.policies.length})`}>
      {table.policies.map((policy) => (
        <Item
          key={policy.name}
          name={policy.name}
          definition={[
            policy.using && `using ${policy.using}`,
            policy.check && `with check ${policy.check}`,
          ]
            .filter(Boolean)
            .join('\n')}
        >
          <Badge>for {policy.command}</Badge>
          <Badge>to {policy.roles.join(', ')}</Badge>
          {!policy.permissive && <Badge tone="warn">restrictive</Badge>}
        </Item>
      ))}
    </Part>
  );
}

function Item({
  name,
  definition,
  children,
}: {
  name: string;
  definition: string;
  children?: ReactNode;
}) {
  return (
    <div className="flex flex-col gap-1 rounded-lg border border-line px-3 py-2">
      <div className="flex flex-wrap items-center gap-1.5">
        <span className="font-medium font-mono text-xs [overflow-wrap:anywhere]">{name}</span>
        {children}
      </div>
      <p className="whitespace-pre-wrap font-mono text-muted text-xs [overflow-wrap:anywhere]">
        {definition}
      </p>
    </div>
  );
}
