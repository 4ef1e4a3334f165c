import type { MigrationState, MigrationStatus } from '@reference/migrator';
import Link from 'next/link';
import type { SchemaPackage } from '@/catalog/schema-packages.ts';
import { Badge } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { Table, Td, Th } from '@/ui/table.tsx';
import { Time } from '@/ui/time.tsx';
import { formatMs } from './amounts.ts';

const tones = {
  applied: 'good',
  pending: 'accent',
  'half applied': 'bad',
  'half taken back': 'bad',
  'recorded twice': 'bad',
  'out of order': 'bad',
  changed: 'bad',
  renamed: 'warn',
  missing: 'bad',
  unjournaled: 'warn',
  squashed: 'neutral',
} as const satisfies Record<MigrationState, string>;

/** The recorded state of each migration of a package. */
export function MigrationTable({
  shown,
  migrations,
}: {
  shown: SchemaPackage;
  migrations: readonly MigrationStatus[];
}) {
  const applied = migrations.filter(({ state }) => state === 'applied').length;
  const reversible = migrations.filter((one) => one.reversible).length;
  return (
    <div className="page-width flex flex-col gap-4 py-6">
      <div className="flex flex-col gap-1">
        <h2 className="font-semibold text-lg">Migrations</h2>
        <p className="text-muted text-sm">
          {applied} of {migrations.length} applied, {reversible} with a down migration. From{' '}
          <code className="font-mono [overflow-wrap:anywhere]">status()</code> of
          @reference/migrator on <code className="font-mono">{shown.migrations}</code>.
        </p>
      </div>
      {migrations.length === 0 ? (
        <EmptyState title="There is no migration">
          The folder holds none, and none was applied.
        </EmptyState>
      ) : (
        <Table
          label={`Migrations of ${shown.name}`}
          head={
            <>
              <Th>Migration</Th>
              <Th>State</Th>
              <Th>Applied</Th>
              <Th className="text-right">Took</Th>
              <Th>By</Th>
              <Th>Down migration</Th>
            </>
          }
        >
          {migrations.map((migration) => (
            <Row key={migration.name} shown={shown} migration={migration} />
          ))}
        </Table>
      )}
    </div>
  );
}

function Row({ shown, migration }: { shown: SchemaPackage; migration: MigrationStatus }) {
  const { name, state, appliedAt, durationMs, appliedBy, reversible, problem } = migration;
  return (
    <tr>
      <Td className="font-mono">
        <Link
          href={`/schema/${shown.slug}/migrations/${name}`}
          prefetch={false}
          className="text-accent underline underline-offset-2 [overflow-wrap:anywhere]"
        >
          {name}
        </Link>
      </Td>
      <Td label="State">
        <Badge tone={tones[state]}>{state}</Badge>
        {problem && <p className="pt-1 text-bad text-xs">{problem}</p>}
      </Td>
      <Td label="Applied">{appliedAt ? <Time at={appliedAt} /> : '–'}</Td>
      <Td label="Took" className="whitespace-nowrap text-right tabular-nums">
        {durationMs === undefined ? '–' : formatMs(durationMs)}
      </Td>
      <Td label="By" className="text-muted">
        {appliedBy ?? '–'}
      </Td>
      <Td label="Down migration">{reversible ? 'yes' : <Badge tone="warn">none</Badge>}</Td>
    </tr>
  );
}
