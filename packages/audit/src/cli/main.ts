import { readFile } from 'node:fs/promises';
import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { AuditError, messageOf } from '../errors.ts';
import { isObject } from '../model/entity.ts';
import { addAuditCommand } from './audit-command.ts';
import { addExplainCommand } from './explain-command.ts';
import { holdProject } from './hold-project.ts';
import { addPlansCommand } from './plans-command.ts';

/** Removes text that looks like the password of a URL. */
const withoutPasswords = (text: string): string =>
  text.replace(/(postgres(?:ql)?:\/\/[^:@/\s]*):[^@\s]*@/g, '$1:***@');

const versionOfPackage = async (): Promise<string> => {
  const read: unknown = JSON.parse(
    await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return isObject(read) ? String(read.version) : '';
};

/**
 * Runs the command line.
 *
 * @returns the exit code: 0 no findings that fail, 1 findings or a failure, 3 called wrongly
 */
const main = async (argv: readonly string[]): Promise<number> => {
  const program = new Command('audit')
    .description('Checks a Drizzle schema, its queries, its live catalog and its plans.')
    .version(await versionOfPackage(), '-v, --version')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(pc.red(text)) });
  addAuditCommand(program);
  addExplainCommand(program);
  addPlansCommand(program);
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync([...argv]);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 3;
    process.stderr.write(`${pc.red('✗')} ${withoutPasswords(messageOf(error))}\n`);
    return error instanceof AuditError ? error.exitCode : 1;
  }
};

const exit = holdProject();
const code = await main(process.argv);
// Ends the process after the report, because a pool or a timer of the project must not keep it
// running.
process.stdout.write('', () => exit(code));
