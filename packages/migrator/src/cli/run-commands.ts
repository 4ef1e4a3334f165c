import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import pc from 'picocolors';
import { counted } from '../counted.ts';
import { migrate } from '../migrate.ts';
import type { Loss } from '../review/losses.ts';
import { status } from '../status.ts';
import { warnOfCollation } from './collation-command.ts';
import {
  type LimitOptions,
  limitsFrom,
  wholeNumber,
  withConnection,
  withLimits,
} from './connection.ts';
import { say } from './output.ts';
import { drawProgress } from './progress.ts';
import { forProjects, type Project, type ProjectOptions } from './project.ts';
import { statusTable } from './status-table.ts';

type Draw = ReturnType<typeof drawProgress>;

const drawn = async (work: (progress: Draw) => Promise<void>): Promise<void> => {
  const progress = drawProgress(process.stderr);
  try {
    await work(progress);
  } finally {
    progress.stop();
  }
};

const migrateCommand = (
  options: ProjectOptions &
    LimitOptions & { readonly allowOutOfOrder?: boolean; readonly dryRun?: boolean },
): Promise<void> => {
  const settings = (project: Project) => ({
    folder: project.folder,
    bookkeeping: project.bookkeeping,
    allowOutOfOrder: options.allowOutOfOrder ?? false,
    ...limitsFrom(options),
  });
  const check = async (project: Project) => {
    await migrate(project.requireDatabase(), { ...settings(project), dryRun: true });
  };
  return forProjects(options, {
    check,
    run: (project) =>
      drawn(async (progress) => {
        const { applied } = await migrate(project.requireDatabase(), {
          ...settings(project),
          onEvent: progress.listen,
          dryRun: options.dryRun ?? false,
        });
        progress.stop();
        if (options.dryRun) for (const { name } of applied) say(`would apply ${name}`);
        if (applied.length === 0) say('nothing to do');
        else if (!options.dryRun) say(`${counted(applied.length, 'migration')} applied`);
      }),
  });
};

const askAboutLoss = async (losses: readonly Loss[]): Promise<boolean> => {
  if (!process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const what = losses.map((loss) => `  ${loss.what}`).join('\n');
    const answer = await prompt.question(
      `${pc.red('This throws away:')}\n${what}\nGo on? (yes/no) `,
    );
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    prompt.close();
  }
};

const rollbackCommand = (
  options: ProjectOptions &
    LimitOptions & {
      readonly steps?: number;
      readonly to?: string;
      readonly allowDataLoss?: boolean;
      readonly dryRun?: boolean;
    },
): Promise<void> => {
  const settings = (project: Project) => ({
    folder: project.folder,
    bookkeeping: project.bookkeeping,
    ...(options.steps === undefined ? {} : { steps: options.steps }),
    ...(options.to === undefined ? {} : { to: options.to }),
    ...limitsFrom(options),
  });
  return forProjects(options, {
    check: async (project) => {
      const { rollback } = await import('../rollback.ts');
      // With several packages nobody is asked; a loss is refused before the first is rolled back.
      const { losses } = await rollback(project.requireDatabase(), {
        ...settings(project),
        dryRun: true,
      });
      if (losses.length > 0 && !options.allowDataLoss && !process.stdin.isTTY) {
        const { refuseLosses } = await import('../rollback.ts');
        refuseLosses(losses);
      }
    },
    run: (project) =>
      drawn(async (progress) => {
        const { rollback } = await import('../rollback.ts');
        const { reverted } = await rollback(project.requireDatabase(), {
          ...settings(project),
          onEvent: progress.listen,
          dryRun: options.dryRun ?? false,
          confirmLoss: options.allowDataLoss ? () => true : askAboutLoss,
        });
        progress.stop();
        if (options.dryRun) for (const { name } of reverted) say(`would take back ${name}`);
        if (reverted.length === 0) say('nothing to take back');
        else if (!options.dryRun) say(`${counted(reverted.length, 'migration')} taken back`);
      }),
  });
};

const STOPPING = [
  'changed',
  'renamed',
  'missing',
  'unjournaled',
  'half taken back',
  'recorded twice',
];

const statusCommand = (options: ProjectOptions & { readonly json?: boolean }): Promise<void> =>
  forProjects(options, {
    run: async ({ folder, bookkeeping, requireDatabase }) => {
      const rows = await status(requireDatabase(), { folder, bookkeeping });
      if (options.json) say(JSON.stringify(rows, undefined, 2));
      else say(rows.length === 0 ? pc.dim('no migrations') : statusTable(rows));
      await warnOfCollation(requireDatabase());
      if (rows.some((row) => STOPPING.includes(row.state))) process.exitCode = 2;
    },
  });

/** The commands that work on the database itself. */
export const addRunCommands = (program: Command): void => {
  withLimits(withConnection(program.command('migrate')))
    .description('apply the pending migrations')
    .option('--allow-out-of-order', 'apply late files even if their order may matter')
    .option('--dry-run', 'only print what would be applied, or why it would be refused')
    .action(migrateCommand);
  withLimits(withConnection(program.command('rollback')))
    .description('roll back the last migrations by their down files')
    .option('--steps <n>', 'how many (default 1)', wholeNumber)
    .option('--to <name>', 'roll back everything applied after this one, which stays')
    .option('--allow-data-loss', 'do not ask when rows or values would be lost')
    .option('--dry-run', 'only print what would be rolled back, or why it would be refused')
    .action(rollbackCommand);
  withConnection(program.command('status'))
    .description(
      'list applied, pending, changed and missing migrations; exit 2 if a run would be refused',
    )
    .option('--json', 'print JSON')
    .action(statusCommand);
};
