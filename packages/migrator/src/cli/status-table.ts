import Table from 'cli-table3';
import pc from 'picocolors';
import type { MigrationState, MigrationStatus } from '../status.ts';
import { formatMs } from './progress.ts';

const paint: Record<MigrationState, (text: string) => string> = {
  applied: pc.green,
  pending: pc.yellow,
  'half applied': pc.red,
  'half taken back': pc.red,
  'recorded twice': pc.red,
  'out of order': pc.yellow,
  changed: pc.red,
  renamed: pc.red,
  missing: pc.red,
  unjournaled: pc.red,
  squashed: pc.yellow,
};

const when = (date: Date | undefined): string =>
  date ? date.toISOString().slice(0, 19).replace('T', ' ') : '';

/** The table that `status` prints, followed by the problems in full. */
export const statusTable = (rows: readonly MigrationStatus[]): string => {
  const table = new Table({
    head: ['migration', 'state', 'applied (UTC)', 'took', 'by', 'down'],
    style: { head: [], border: [] },
  });
  for (const row of rows)
    table.push([
      row.name,
      paint[row.state](row.state),
      when(row.appliedAt),
      row.durationMs === undefined ? '' : formatMs(row.durationMs),
      row.appliedBy ?? '',
      row.reversible ? 'yes' : 'no',
    ]);
  const problems = rows.filter((row) => row.problem).map((row) => `${row.name}: ${row.problem}`);
  return [table.toString(), ...problems].join('\n');
};
