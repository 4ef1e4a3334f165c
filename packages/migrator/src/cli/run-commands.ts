import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import pc from 'picocolors';
import { migrate } from '../migrate.ts';
import type { Loss } from '../review/losses.ts';
import { status } from '../status.ts';
import { warnOfCollation } from './collation-command.ts';
import {
  type ConnectionOptions,
  type LimitOptions,
  limitsFrom,
  urlOf,
  wholeNumber,
  withConnection,
  withLimits,
} from './connection.ts';
import { say } from './output.ts';
import { drawProgress } from './progress.ts';
import { statusTable } from './status-table.ts';

const migrateCommand = async (
  options: ConnectionOptions & LimitOptions & { readonly allowOutOfOrder?: boolean },
): Promise<void> => {
  const url = urlOf(options);
  const progress = drawProgress(process.stderr);
  try {
    const { applied } = await migrate(url, {
      folder: options.folder,
      onEvent: progress.listen,
      allowOutOfOrder: options.allowOutOfOrder ?? false,
      ...limitsFrom(options),
    });
    progress.stop();
    say(applied.length === 0 ? 'nothing to do' : `${applied.length} migration(s) applied`);
  } finally {
    progress.stop();
  }
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

const rollbackCommand = async (
  options: ConnectionOptions &
    LimitOptions & {
      readonly steps?: number;
      readonly to?: string;
      readonly allowDataLoss?: boolean;
    },
): Promise<void> => {
  const url = urlOf(options);
  const { rollback } = await import('../rollback.ts');
  const progress = drawProgress(process.stderr);
  try {
    const { reverted } = await rollback(url, {
      folder: options.folder,
      onEvent: progress.listen,
      ...(options.steps === undefined ? {} : { steps: options.steps }),
      ...(options.to === undefined ? {} : { to: options.to }),
      confirmLoss: options.allowDataLoss ? () => true : askAboutLoss,
      ...limitsFrom(options),
    });
    progress.stop();
    say(
      reverted.length === 0 ? 'nothing to take back' : `${reverted.length} migration(s) taken back`,
    );
  } finally {
    progress.stop();
  }
};

const statusCommand = async (
  options: ConnectionOptions & { readonly json?: boolean },
): Promise<void> => {
  const url = urlOf(options);
  const rows = await status(url, { folder: options.folder });
  if (options.json) say(JSON.stringify(rows, undefined, 2));
  else say(rows.length === 0 ? pc.dim('no migrations') : statusTable(rows));
  await warnOfCollation(url);
  const stopped = ['changed', 'renamed', 'missing', 'unjournaled'];
  if (rows.some((row) => stopped.includes(row.state))) process.exitCode = 2;
};

/** The commands that work on the database itself. */
export const addRunCommands = (program: Command): void => {
  withLimits(withConnection(program.command('migrate')))
    .description('apply what is pending')
    .option('--allow-out-of-order', 'apply late files also where their order may matter')
    .action(migrateCommand);
  withLimits(withConnection(program.command('rollback')))
    .description('take back the last migrations by their down files')
    .option('--steps <n>', 'how many (default 1)', wholeNumber)
    .option('--to <name>', 'everything applied after this one, which stays')
    .option('--allow-data-loss', 'do not ask when rows or values would be lost')
    .action(rollbackCommand);
  withConnection(program.command('status'))
    .description('what is applied, pending, changed or missing; exit 2 when a run would be refused')
    .option('--json', 'print JSON')
    .action(statusCommand);
};
