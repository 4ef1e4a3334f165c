import { resolve } from 'node:path';
import Table from 'cli-table3';
import { type Command, Option } from 'commander';
import pc from 'picocolors';
import { TakeError } from '../errors.ts';
import { build, generateMigration, install, smokeTest } from '../finish.ts';
import { isPlugAndPlay, readHost } from '../host/read-host.ts';
import { items } from '../items.ts';
import { openSource } from '../source/tree.ts';
import { draftTake, writeDraft } from '../take.ts';
import { askFolder, chooseFor, type TakeOptions } from './choices.ts';
import { printEdits, printNext, printSteps } from './report.ts';

interface Options extends TakeOptions {
  readonly into?: string;
  readonly dryRun?: boolean;
  readonly overwrite?: boolean;
  readonly install: boolean;
  readonly test: boolean;
}

/** `pnpm take` runs in the package's folder, but a path is relative to the caller's. */
export const fromCaller = (path: string): string => resolve(process.env.INIT_CWD ?? '.', path);

export function addTakeCommands(program: Command, pm: Option): void {
  program
    .command('add', { isDefault: true })
    .description('take items; the word add may be left out')
    .argument('<items...>', 'take list shows them')
    .option('--into <folder>', 'the folder in your project that takes them')
    .addOption(pm)
    .option('--scope <@name>', "your packages' scope instead of this repository's")
    .addOption(
      new Option(
        '--form <form>',
        'how packages are imported: TypeScript, or built with tsc',
      ).choices(['source', 'built']),
    )
    .addOption(
      new Option('--driver <name>', "the driver of pieces' tests").choices(['postgres', 'pg']),
    )
    .addOption(
      new Option(
        '--imports <ending>',
        'how relative imports end; default: by tsconfig.json',
      ).choices(['ts', 'js', 'none']),
    )
    .option(
      '--table <name=file...>',
      'use a table that your project has: --table users=src/schema.ts',
    )
    .option(
      '--only <domains...>',
      'only these domains of a package, with what they need: take db --only pages,drives',
    )
    .option('--dry-run', 'say what would happen and change nothing')
    .option('--overwrite', "replace your project's own files where the items' files go")
    .option('--no-install', 'do not run the package manager')
    .option('--no-test', 'do not run a test at the end')
    .action(take);
  program.command('list').description('show what can be taken').action(list);
}

async function take(names: readonly string[], options: Options): Promise<void> {
  const host = readHost(fromCaller(options.into ?? (await askFolder())));
  const tree = openSource();
  const choices = await chooseFor(host, options, names);
  if (options.install && isPlugAndPlay({ root: host.root, manager: choices.manager }))
    throw new TakeError(
      "Yarn installs this project without node_modules (Plug'n'Play), where this command cannot run drizzle-kit and vitest. Write nodeLinker: node-modules into .yarnrc.yml, or take with --no-install and do the rest yourself.",
    );
  const place = { root: host.root, folder: host.into };
  const draft = await draftTake(tree, place, names, choices, {
    overwrite: options.overwrite ?? false,
  });
  printSteps(draft);
  if (options.dryRun) {
    printEdits(draft);
    if (draft.plan.tables.length > 0)
      console.log('Its tables get a migration, which your drizzle-kit would write.');
    return console.log('Nothing was changed.');
  }
  const lock = await writeDraft(tree, draft);
  // Printed also if a later step fails, because the files are written.
  try {
    if (options.install) {
      await install(draft);
      await build(draft);
      for (const file of await generateMigration(draft, host, lock))
        console.log(`  ${pc.green('+')} ${file}`);
      if (options.test) await smokeTest(draft, host);
    }
  } finally {
    printEdits(draft);
    printNext(draft);
  }
  console.log(`${pc.green('✓')} ${names.join(', ')} in ${choices.into}`);
}

function list(): void {
  const table = new Table({
    head: ['item', 'kind', 'what it is'],
    style: { head: [], border: [] },
  });
  for (const { name, kind, description } of items) table.push([name, kind, description]);
  console.log(table.toString());
}
