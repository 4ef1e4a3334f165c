import { counted } from '../counted.ts';
import { refused } from '../errors.ts';
import { describeUnjournaled } from '../folder/migration-folder.ts';
import type { AppliedMigration, Interrupted, Plan } from './plan.ts';

/** The first line on which two texts differ, 1-based, or undefined when they are equal. */
export const firstDifference = (
  before: string,
  after: string,
): { line: number; before: string; after: string } | undefined => {
  const old = before.split(/\r?\n/);
  const now = after.split(/\r?\n/);
  for (let i = 0; i < Math.max(old.length, now.length); i += 1)
    if (old[i] !== now[i])
      return { line: i + 1, before: old[i] ?? '(no line)', after: now[i] ?? '(no line)' };
  return undefined;
};

/** One sentence on how an applied file differs from the text that ran. */
export const describeChange = ({ row, migration }: AppliedMigration): string => {
  if (row.source === undefined)
    return `${migration.path}: its content is not what was applied (drizzle recorded a hash and no text, so the line is unknown)`;
  const difference = firstDifference(row.source, migration.sql);
  if (!difference) return `${migration.path}: recorded hash and text disagree`;
  return `${migration.path}:${difference.line}: applied as\n    ${difference.before.trim()}\n  and now reads\n    ${difference.after.trim()}`;
};

/** One sentence on an interrupted file, and how to finish it. */
export const describeInterrupted = ({ name, direction, done, begun, migration }: Interrupted) => {
  const steps = `${counted(done, 'step')} done${begun === null ? '' : `, statement ${begun} begun`}`;
  const state = direction === 'down' ? 'half taken back' : 'half applied';
  if (!migration)
    return `${name} is ${state} (${steps}), and its file is gone: restore it, then run db:${direction === 'down' ? 'rollback' : 'migrate'} to finish`;
  return `${name} is ${state} (${steps}): finish it with db:${direction === 'down' ? 'rollback' : 'migrate'}`;
};

/**
 * Refuses every run except one that finishes the interrupted files.
 *
 * @param finishing the direction of the run that may go on where it was interrupted
 * @throws MigratorError `interrupted` (exit 2), naming each file
 */
export const checkInterrupted = (plan: Plan, finishing?: 'up' | 'down'): void => {
  const stops = plan.interrupted.filter(
    ({ direction, migration }) => direction !== finishing || !migration,
  );
  if (stops.length > 0)
    throw refused('interrupted', `${stops.map(describeInterrupted).join('\n')}.`);
};

/**
 * Refuses a run if the folder contradicts the database.
 *
 * @param takesOver the run records squashed files in place of those that they replace
 * @throws MigratorError `changed`, `missing`, `twice`, `squashed` or `unjournaled` (exit 2), naming each file
 */
export const checkPlan = (plan: Plan, takesOver = false): void => {
  for (const { migration, lacking, rows } of plan.partlyReplaced)
    throw refused(
      'squashed',
      `${migration.name} replaces ${rows.length + lacking.length} migrations, and this database has ${rows.length} of them; it lacks ${lacking.join(', ')}. Check out the revision before the squash, run db:migrate with it, then come back: the squashed file is recorded and not run.`,
    );
  for (const { migration, rows } of takesOver ? [] : plan.replaced)
    throw refused(
      'squashed',
      `${migration.name} replaces the ${rows.length} migrations that this database has. Run db:migrate first: it records that, and runs nothing of the file.`,
    );
  if (plan.duplicates.length > 0)
    throw refused(
      'twice',
      `recorded twice, so perhaps applied twice (two of drizzle's migrators that ran at once do that):\n${plan.duplicates.map(({ row, migration }) => `  ${migration.name} (row ${row.id})`).join('\n')}\nLook whether what it writes is there twice; then db:repair --forget-duplicates drops the second record.`,
    );
  if (plan.changed.length > 0)
    throw refused(
      'changed',
      `${counted(plan.changed.length, 'applied migration')} changed since:\n${plan.changed.map((c) => `  ${describeChange(c)}`).join('\n')}\nRestore the file and write a new migration. If the change is harmless, db:repair --accept-changed records it.`,
    );
  if (plan.renamed.length > 0)
    throw refused(
      'missing',
      `${counted(plan.renamed.length, 'applied migration')} renamed since:\n${plan.renamed.map(({ row, migration }) => `  ${row.name} is now ${migration.name}`).join('\n')}\nRename back, or record the new name with db:repair --accept-renamed.`,
    );
  if (plan.missing.length > 0)
    throw refused(
      'missing',
      `${counted(plan.missing.length, 'applied migration')} without a file:\n${plan.missing.map((row) => `  ${row.name ?? `hash ${row.hash.slice(0, 12)}…, of ${new Date(row.createdAt).toISOString()}`}`).join('\n')}\nRestore the file from version control (is this an older checkout, or another project's database?). If it was removed on purpose, db:repair --forget-missing drops the record.`,
    );
  if (plan.unjournaled.length > 0) throw refused('unjournaled', describeUnjournaled(plan));
};
