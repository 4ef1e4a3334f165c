import type { Command } from 'commander';
import pc from 'picocolors';
import { migrate } from '../migrate.ts';
import { status } from '../status.ts';
import {
  type ConnectionOptions,
  type LimitOptions,
  limitsFrom,
  urlOf,
  withConnection,
  withLimits,
} from './connection.ts';
import { drawProgress } from './progress.ts';
import { statusTable } from './status-table.ts';

export const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const migrateCommand = async (options: ConnectionOptions & LimitOptions): Promise<void> => {
  const url = urlOf(options);
  const progress = drawProgress(process.stderr);
  try {
    const { applied } = await migrate(url, {
      folder: options.folder,
      onEvent: progress.listen,
      ...limitsFrom(options),
    });
    progress.stop();
    say(applied.length === 0 ? 'nothing to do' : `${applied.length} migration(s) applied`);
  } finally {
    progress.stop();
  }
};

const statusCommand = async (
  options: ConnectionOptions & { readonly json?: boolean },
): Promise<void> => {
  const rows = await status(urlOf(options), { folder: options.folder });
  if (options.json) say(JSON.stringify(rows, undefined, 2));
  else say(rows.length === 0 ? pc.dim('no migrations') : statusTable(rows));
  const stopped = ['changed', 'renamed', 'missing', 'unjournaled'];
  if (rows.some((row) => stopped.includes(row.state))) process.exitCode = 2;
};

/** `migrate` and `status`. */
export const addMigrateCommands = (program: Command): void => {
  withLimits(withConnection(program.command('migrate')))
    .description('apply what is pending')
    .action(migrateCommand);
  withConnection(program.command('status'))
    .description('what is applied, pending, changed or missing; exit 2 when a run would be refused')
    .option('--json', 'print JSON')
    .action(statusCommand);
};
