import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { MigratorError, messageOf } from '../errors.ts';
import { addAuthorCommands } from './author-commands.ts';
import { addCheckCommands } from './check-commands.ts';
import { addCollationCommand } from './collation-command.ts';
import { withoutPasswords } from './output.ts';
import { addRunCommands } from './run-commands.ts';

/**
 * Runs the command line.
 *
 * @returns the exit code: 0 done, 1 failed, 2 refused, 3 called wrongly
 */
const main = async (argv: readonly string[]): Promise<number> => {
  const program = new Command('migrator')
    .description('Runs, reverses, reviews and verifies the SQL migrations that drizzle-kit writes.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(pc.red(text)) });
  addRunCommands(program);
  addAuthorCommands(program);
  addCheckCommands(program);
  addCollationCommand(program);
  // Commander copies these settings only to commands that are added later.
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError('--help lists the options');
  try {
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
    process.stderr.write(`${pc.red('✗')} ${withoutPasswords(messageOf(error))}\n`);
    return error instanceof MigratorError ? error.exitCode : 1;
  }
};

process.exitCode = await main(process.argv);
