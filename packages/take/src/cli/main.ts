import { Command, CommanderError, Option } from 'commander';
import pc from 'picocolors';
import { messageOf, TakeError } from '../errors.ts';
import { managers } from '../host/read-host.ts';
import { addMaintenanceCommands } from './maintenance-commands.ts';
import { addTakeCommands } from './take-commands.ts';

/**
 * Runs the command line.
 * @returns the exit code: 0 done, 1 failed or left conflicts, 2 refused, 3 called wrongly
 */
const main = async (argv: readonly string[]): Promise<number> => {
  const program = new Command('take')
    .description('Takes packages and pieces of this repository into another project.')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(pc.red(text)) });
  addTakeCommands(
    program,
    new Option('--pm <name>', 'the package manager; default: by lockfile').choices(managers),
  );
  addMaintenanceCommands(program);
  for (const command of program.commands)
    command.exitOverride().showHelpAfterError('--help lists the options');
  try {
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
    process.stderr.write(`${pc.red('✗')} ${messageOf(error)}\n`);
    return error instanceof TakeError ? error.exitCode : 1;
  }
};

process.exitCode = await main(process.argv);
