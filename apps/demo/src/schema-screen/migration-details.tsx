import type { MigrationStatus } from '@reference/migrator';
import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import type { MigrationFiles } from '@/catalog/migration-files.ts';
import type { SchemaPackage } from '@/catalog/schema-packages.ts';
import { Badge, Section } from '@/ui/page.tsx';
import { Code } from './code.tsx';
import { DocText } from './doc-text.tsx';

const tones = { safe: 'good', caution: 'warn', danger: 'bad', 'data loss': 'bad' } as const;

/** A migration's SQL, its down migration, and its review for a live database. */
export function MigrationDetails({
  shown,
  migration,
  files: { up, down, findings },
}: {
  shown: SchemaPackage;
  migration: MigrationStatus;
  files: MigrationFiles;
}) {
  return (
    <div className="page-width flex flex-col gap-6 py-6">
      <header className="flex flex-col gap-2">
        <Link
          href={`/schema/${shown.slug}/migrations`}
          className="inline-flex w-fit items-center gap-1 text-muted text-sm hover:text-ink"
        >
          <ArrowLeft size={14} aria-hidden />
          Migrations
        </Link>
        <h2 className="font-mono font-semibold text-lg [overflow-wrap:anywhere]">
          {migration.name}
        </h2>
        <p className="text-muted text-sm">{migration.state}</p>
      </header>
      <Section
        title="Review"
        lead="What review() of @reference/migrator says of it as a deployment of its own, on tables that are in use."
      >
        {findings.length === 0 ? (
          <p className="text-sm">Nothing: it stops nobody and loses nothing.</p>
        ) : (
          <ul className="divide-y divide-line rounded-lg border border-line bg-surface text-sm">
            {findings.map(({ line, level, rule, message, lock }) => (
              <li key={`${line} ${rule} ${message}`} className="flex flex-col gap-1 px-3 py-2">
                <p className="flex flex-wrap items-center gap-2">
                  <Badge tone={tones[level]}>{level}</Badge>
                  <span className="font-mono text-xs">{rule}</span>
                  <span className="text-muted text-xs">line {line}</span>
                </p>
                <p className="[overflow-wrap:anywhere]">
                  <DocText>{message}</DocText>
                </p>
                {lock && <p className="text-muted text-xs">Lock: {lock}</p>}
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="SQL">
        {up ? (
          <Code language="sql" label={`SQL of ${migration.name}`} code={up} />
        ) : (
          <p className="text-sm">Its file is not in the folder any more.</p>
        )}
      </Section>
      <Section title="Down migration">
        {down ? (
          <Code language="sql" label={`Down migration of ${migration.name}`} code={down} />
        ) : (
          <p className="text-sm">It has none.</p>
        )}
      </Section>
    </div>
  );
}
