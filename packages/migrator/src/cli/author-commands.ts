import type { Command } from 'commander';
import { refused } from '../errors.ts';
import { withConnection, withFolder } from './connection.ts';
import { withScratch } from './scratch-options.ts';

/**
 * Loaded on the first call of its commands, because the parser and drizzle-kit take time to load.
 */
const actions = () => import('./author-actions.ts');

/** The commands for authors of migrations. */
export const addAuthorCommands = (program: Command): void => {
  withScratch(withConnection(program.command('generate')))
    .description('write the next migration, its down migration and a review')
    .requiredOption('--name <name>', 'what it does, in snake_case')
    .option('--custom', 'an empty migration to write SQL into')
    .option(
      '--rename <table.old=new...>',
      'a column, a table, an enum or a value of one that was renamed',
    )
    .option('--no-renames', 'nothing was renamed: drop missing objects, create new ones')
    .action(async (options) => (await actions()).generateCommand(options));
  withScratch(withConnection(program.command('review')))
    .description(
      'the risk of the given files; else of what is pending (with a URL), else of the last migration',
    )
    .argument('[files...]')
    .option('--format <format>', 'text, json, github, sarif or markdown', 'text')
    .option(
      '--output <format=file...>',
      'write a file in another format as well; trace=FILE: the table of a trace, as Markdown',
    )
    .option('--branch', 'the files that this branch adds or changes against the one it goes into')
    .option('--all', 'every file of the folder, each as a deployment of its own')
    .option('--since <ref>', 'the files that differ from the merge base with a git revision')
    .option('--runner <tool>', 'how the files are run: drizzle, prisma or plain', 'drizzle')
    .option('--target <server>', 'postgres, or citus: also what Citus refuses or loses', 'postgres')
    .option(
      '--fail-on <level>',
      'exit 1 from this level on: caution, danger or data loss',
      'danger',
    )
    .option('--style', 'squawk’s rules of taste as well')
    .option(
      '--trace',
      'run the files in a scratch copy with generated rows, and report what each statement did',
    )
    .option(
      '--trace-rows <numbers>',
      'rows in each table, ascending, separated by commas',
      '1000,100000,1000000',
    )
    .action(async (files, options) =>
      (await import('./review-action.ts')).reviewCommand(files, options),
    );
  withScratch(withConnection(program.command('reverse')))
    .description('write the missing down files from the changes of the catalog, and prove each')
    .argument('[migrations...]', 'names; default: all without a down file')
    .option('--dry-run', 'prove them, and write nothing')
    .action(async (names, options) => (await actions()).reverseCommand(names, options));
  withScratch(withConnection(program.command('plan')))
    .description(
      'write the files of a change in steps, for two releases side by side: expand, fill in batches, contract',
    )
    .argument('<change>', 'rename-column, change-type, add-required or split-table')
    .argument('<what>', 'table.column; for split-table the table')
    .argument('<to>', 'the new name, the type, or the new table')
    .option('--value <sql>', 'add-required: the value of existing rows')
    .option('--columns <names>', 'split-table: the columns that move, separated by commas')
    .requiredOption('--output <folder>', 'the folder for the files; it must not exist')
    .action(async (change, what, to, options) =>
      (await import('./plan-action.ts')).planCommand(change, what, to, options),
    );
  withScratch(withConnection(program.command('squash')))
    .description('replace all migrations by one file that makes the same database')
    .option('--name <name>', 'the name of the file, in snake_case', 'squashed')
    .option('--archive <folder>', 'move the former files there; else they are deleted')
    .option('--dry-run', 'prove it, and write nothing')
    .action(async (options) => (await actions()).squashCommand(options));
  withFolder(program.command('push'))
    .description('changes nothing; names the command to run instead of drizzle-kit push')
    .action(async () => {
      throw refused(
        'usage',
        'push would change the database without a migration to review, reverse or repeat, and cannot make what a Drizzle schema cannot declare (extensions, grants, FORCE, partitions). Instead: db:generate --name WHAT, then db:migrate. To try another shape: db:rollback, change the schema, delete the files that generate wrote, and generate again.',
      );
    });
  withFolder(program.command('rebase'))
    .description('move this branch’s migrations behind those of another that took their numbers')
    .option('--onto <ref>', 'the git revision; default: the one being merged, else origin/main')
    .action(async (options) => (await actions()).rebaseCommand(options));
};
