import type { Command } from 'commander';
import { refused } from '../errors.ts';
import { withConnection, withFolder } from './connection.ts';
import { withScratch } from './scratch-options.ts';

/** Loaded when one of its commands is called: the parser and drizzle-kit take time to load. */
const actions = () => import('./author-actions.ts');

/** The commands for those who write migrations. */
export const addAuthorCommands = (program: Command): void => {
  withScratch(withConnection(program.command('generate')))
    .description('write the next migration, its way back, and the review of it')
    .requiredOption('--name <name>', 'what it does, in snake_case')
    .option('--custom', 'an empty migration to write SQL into')
    .option(
      '--rename <table.old=new...>',
      'a column, a table, an enum or a value of one that was renamed',
    )
    .option('--no-renames', 'nothing was renamed: drop what is gone, make what is new')
    .action(async (options) => (await actions()).generateCommand(options));
  withConnection(program.command('review'))
    .description(
      'the risk of the given files; else of what is pending (with a URL), else of the last migration',
    )
    .argument('[files...]')
    .option('--format <format>', 'text, json, github, sarif or markdown', 'text')
    .option('--output <format=file...>', 'write a file in another format as well')
    .option('--branch', 'the files that this branch adds or changes against the one it goes into')
    .option('--all', 'every file of the folder, each as a deployment of its own')
    .option('--since <ref>', 'the files that differ from the merge base with a git revision')
    .option('--runner <tool>', 'how the files are run: drizzle, prisma or plain', 'drizzle')
    .option(
      '--fail-on <level>',
      'exit 1 from this level on: caution, danger or data loss',
      'danger',
    )
    .option('--style', 'squawk’s rules of taste as well')
    .action(async (files, options) =>
      (await import('./review-action.ts')).reviewCommand(files, options),
    );
  withFolder(program.command('push'))
    .description('not done: says what to run instead of drizzle-kit push')
    .action(async () => {
      throw refused(
        'usage',
        'push would change the database without a migration to review, reverse or repeat, and cannot make what a schema does not say (extensions, grants, FORCE, partitions). Instead: db:generate --name WHAT, then db:migrate. To try another shape: db:rollback, change the schema, delete the files that generate wrote, and generate again.',
      );
    });
  withFolder(program.command('rebase'))
    .description('move this branch’s migrations behind those of another that took their numbers')
    .option('--onto <ref>', 'the git revision; default: what is being merged, else origin/main')
    .action(async (options) => (await actions()).rebaseCommand(options));
};
