import type { Command } from 'commander';
import { withConnection, withFolder } from './connection.ts';
import { withScratch } from './scratch-options.ts';

/**
 * Loaded on the first call of its commands, because the parser and the comparison take time to
 * load.
 */
const actions = () => import('./check-actions.ts');

const withSchemas = (command: Command): Command =>
  command.option('--without <schema...>', 'schemas that are not this project’s');

/** The commands that compare: a database, a folder, a schema. */
export const addCheckCommands = (program: Command): void => {
  withSchemas(withScratch(withConnection(program.command('verify'))))
    .description('prove the folder in scratch databases: up, down, up; schema and dump agree')
    .option(
      '--dump <path>',
      'the committed schema.sql, to compare it too; default: as package.json says',
    )
    .action(async (options) => (await actions()).verifyCommand(options));
  withSchemas(withScratch(withConnection(program.command('drift'))))
    .description('compare the database with the result of its migrations')
    .option('--json', 'print JSON')
    .option(
      '--level <level>',
      'the least grave to report: safety, behaviour, performance or cosmetic',
      'performance',
    )
    .action(async (options) => (await actions()).driftCommand(options));
  withScratch(withConnection(program.command('compatible')))
    .description(
      'prove that the former release’s queries run on the new schema, and the new ones before it is complete',
    )
    .option('--against <ref>', 'the git revision of the running release')
    .option(
      '--statements <file>',
      'the statements of that release: JSON, JSON Lines or SQL; default: the recording in the revision',
    )
    .option('--record <command>', 'record them in a checkout of the revision, by this command')
    .option(
      '--next-statements <file>',
      'the statements of the next release; default: the recording in the working directory',
    )
    .option('--until <name>', 'the last migration that is applied before the next release starts')
    .option('--search-path <schemas>', 'the schemas in which to look up unqualified names')
    .option('--strict', 'exit 1 also for failures that depend on a value')
    .option('--json', 'print JSON')
    .action(async (options) => (await import('./compatible-action.ts')).compatibleCommand(options));
  withFolder(program.command('record'))
    .description('run a command (the tests) and record the statements that it sends')
    .argument('<command...>', 'after --')
    .action(async (command, options) =>
      (await import('./record-action.ts')).recordCommand(command, options),
    );
  withSchemas(withScratch(withConnection(program.command('baseline'))))
    .description('adopt a database that has the schema already; records only on equality')
    .option('--to <name>', 'the last migration that the database has')
    .option('--accept-missing-rows', 'also record migrations whose inserted rows are missing')
    .action(async (options) => (await actions()).baselineCommand(options));
  withConnection(program.command('repair'))
    .description('show why a run is refused, and resolve the reasons that a flag names')
    .option('--accept-changed', 'record the present text of applied files')
    .option('--accept-renamed', 'record applied files under their new names')
    .option('--forget-missing', 'drop the record of files that are gone')
    .option('--forget-duplicates', 'drop the second record of a file that is recorded twice')
    .option(
      '--rebuild-indexes',
      'rebuild invalid indexes concurrently; drop copies that a rebuild left',
    )
    .option('--finish-detach', 'finish an interrupted DETACH PARTITION CONCURRENTLY')
    .action(async (options) => (await actions()).repairCommand(options));
  withSchemas(withScratch(withConnection(program.command('dump'))))
    .description('write the schema after every migration as SQL')
    .option('--output <path>', 'a file, or - for the terminal; default: as package.json says')
    .action(async (options) => (await actions()).dumpCommand(options));
};
