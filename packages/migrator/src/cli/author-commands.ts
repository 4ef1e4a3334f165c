import type { Command } from 'commander';
import { withConnection, withFolder } from './connection.ts';
import { withScratch } from './scratch-options.ts';

/** Loaded when one of its commands is called: the parser and drizzle-kit take time to load. */
const actions = () => import('./author-actions.ts');

/** The commands for those who write migrations. */
export const addAuthorCommands = (program: Command): void => {
  withScratch(withConnection(program.command('generate')))
    .description('write the next migration, its way back, and the review of it')
    .requiredOption('--name <name>', 'what it does, in snake_case')
    .option('--config <path>', 'the Drizzle configuration', 'drizzle.config.ts')
    .option('--custom', 'an empty migration to write SQL into')
    .option('--rename <table.old=new...>', 'a column, or a table, that was renamed')
    .option('--no-renames', 'nothing was renamed: drop what is gone, make what is new')
    .action(async (options) => (await actions()).generateCommand(options));
  withConnection(program.command('review'))
    .description(
      'the risk of the given files; else of what is pending (with a URL), else of the last migration',
    )
    .argument('[files...]')
    .option('--format <format>', 'text, json or github', 'text')
    .option('--all', 'every file of the folder, each as a deployment of its own')
    .option('--since <ref>', 'the files that differ from a git revision')
    .option('--style', 'squawk’s rules of taste as well')
    .action(async (files, options) => (await actions()).reviewCommand(files, options));
  withFolder(program.command('rebase'))
    .description('move this branch’s migrations behind those of another that took their numbers')
    .option('--onto <ref>', 'the git revision; default: what is being merged, else origin/main')
    .action(async (options) => (await actions()).rebaseCommand(options));
};
