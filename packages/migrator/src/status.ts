import { readFolder } from './folder/read.ts';
import { describeChange, describeInterrupted } from './run/check.ts';
import { type Plan, readPlan } from './run/plan.ts';
import { openSession } from './run/session.ts';
import { type BookkeepingNames, tablesOf } from './run/tables.ts';
import { addressOf, type Target } from './run/target.ts';

export type MigrationState =
  | 'applied'
  | 'pending'
  | 'half applied'
  | 'half taken back'
  | 'recorded twice'
  | 'out of order'
  | 'changed'
  | 'renamed'
  | 'missing'
  | 'unjournaled'
  | 'squashed';

export interface MigrationStatus {
  readonly name: string;
  readonly state: MigrationState;
  readonly appliedAt?: Date;
  readonly durationMs?: number;
  readonly appliedBy?: string;
  readonly reversible: boolean;
  /** The problem, for states that block a run. */
  readonly problem?: string;
}

/** One line per migration of a plan, in the order of the journal; entries without a file come last. */
const statusOf = (plan: Plan): MigrationStatus[] => {
  const changed = new Set(plan.changed.map(({ migration }) => migration.name));
  const interrupted = new Map(plan.interrupted.map((entry) => [entry.name, entry]));
  const half = (name: string) => {
    const entry = interrupted.get(name);
    interrupted.delete(name);
    return entry
      ? {
          state:
            entry.direction === 'down' ? ('half taken back' as const) : ('half applied' as const),
          problem: describeInterrupted(entry),
        }
      : {};
  };
  const late = new Map(plan.late.map(({ migration, after }) => [migration.name, after.name]));
  const applied = plan.applied.map((entry) => {
    const { row, migration } = entry;
    const isChanged = changed.has(migration.name);
    return {
      position: migration.position,
      status: {
        name: migration.name,
        state: isChanged ? ('changed' as const) : ('applied' as const),
        appliedAt: row.appliedAt ?? new Date(row.createdAt),
        ...(row.durationMs === undefined ? {} : { durationMs: row.durationMs }),
        appliedBy: row.appliedBy ?? 'drizzle',
        reversible: migration.down !== undefined,
        ...half(migration.name),
        ...(isChanged ? { problem: describeChange(entry) } : {}),
      },
    };
  });
  const pending = plan.pending.map((migration) => {
    const after = late.get(migration.name);
    return {
      position: migration.position,
      status: {
        name: migration.name,
        state: after ? ('out of order' as const) : ('pending' as const),
        reversible: migration.down !== undefined,
        ...(after ? { problem: `stands before ${after}, which is applied` } : {}),
        ...half(migration.name),
      },
    };
  });
  const squashed = [
    ...plan.replaced.map(({ migration, rows }) => ({
      migration,
      problem: `replaces the ${rows.length} migrations that are applied: db:migrate records that`,
    })),
    ...plan.partlyReplaced.map(({ migration, lacking }) => ({
      migration,
      problem: `replaces migrations of which this database lacks ${lacking.join(', ')}`,
    })),
  ].map(({ migration, problem }) => ({
    position: migration.position,
    status: {
      name: migration.name,
      state: 'squashed' as const,
      reversible: migration.down !== undefined,
      problem,
    },
  }));
  const inOrder: MigrationStatus[] = [...applied, ...pending, ...squashed]
    .sort((a, b) => a.position - b.position)
    .map(({ status }) => status);
  return [
    ...inOrder,
    ...plan.renamed.map(({ row, migration }) => ({
      name: migration.name,
      state: 'renamed' as const,
      reversible: migration.down !== undefined,
      problem: `was applied as ${row.name ?? 'another name'}`,
    })),
    ...[...interrupted.values()].map((entry) => ({
      name: entry.name,
      state: entry.direction === 'down' ? ('half taken back' as const) : ('half applied' as const),
      reversible: false,
      problem: describeInterrupted(entry),
    })),
    ...plan.duplicates.map(({ row, migration }) => ({
      name: migration.name,
      state: 'recorded twice' as const,
      appliedAt: row.appliedAt ?? new Date(row.createdAt),
      reversible: false,
      problem: `row ${row.id} records it again: db:repair --forget-duplicates drops that row`,
    })),
    ...plan.missing.map((row) => ({
      name: row.name ?? `(hash ${row.hash.slice(0, 12)}…)`,
      state: 'missing' as const,
      appliedAt: row.appliedAt ?? new Date(row.createdAt),
      reversible: false,
      problem: 'applied, but its file is gone',
    })),
    ...plan.unjournaled.map((file) => ({
      name: file,
      state: 'unjournaled' as const,
      reversible: false,
      problem: 'no migration of drizzle-kit, so it would never run',
    })),
  ];
};

/**
 * The state of each migration: applied, pending, changed or missing. It only reads, and waits for
 * no other runner.
 *
 * @param target see `migrate`
 */
export const status = async (
  target: Target,
  options: { readonly folder: string | URL; readonly bookkeeping?: BookkeepingNames },
): Promise<MigrationStatus[]> => {
  const address = addressOf(target);
  const folder = await readFolder(options.folder);
  const session = await openSession(address, 'migrator');
  try {
    return statusOf(await readPlan(session, folder, tablesOf(options.bookkeeping)));
  } finally {
    await session.close();
  }
};
