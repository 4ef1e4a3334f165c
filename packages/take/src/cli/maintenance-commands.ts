import type { Command } from 'commander';
import pc from 'picocolors';
import { readHost } from '../host/read-host.ts';
import { hashOf, type Lock, readBase } from '../lock.ts';
import { diffTexts } from '../merge.ts';
import { writeRemoval } from '../remove.ts';
import { openSource } from '../source/tree.ts';
import { type Draft, draftDiff, draftRemove, draftUpdate, writeDraft } from '../take.ts';
import { askFolder } from './choices.ts';
import { describe, printEdits, printSteps } from './report.ts';
import { fromCaller } from './take-commands.ts';

interface Options {
  readonly into?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
}

export function addMaintenanceCommands(program: Command): void {
  program
    .command('diff')
    .description('show what changed here since, apart from what you changed')
    .option('--into <folder>', 'the folder that took items')
    .action(diff);
  program
    .command('update')
    .description('merge what changed here into your files, with git’s conflict markers')
    .option('--into <folder>', 'the folder that took items')
    .option('--dry-run', 'say what would happen and change nothing')
    .action(update);
  program
    .command('remove')
    .description('take items out again')
    .argument('<items...>')
    .option('--into <folder>', 'the folder that took them')
    .option('--dry-run', 'say what would happen and change nothing')
    .option('--force', 'also delete files that you changed')
    .action(remove);
}

async function placeOf({ into }: Options) {
  const host = readHost(fromCaller(into ?? (await askFolder())));
  return { root: host.root, folder: host.into };
}

async function diff(options: Options): Promise<void> {
  const draft = await draftDiff(openSource(), await placeOf(options));
  for (const { path, text, isMigration } of draft.plan.files) {
    const arrived = draft.lock?.files[path];
    if (arrived === undefined) console.log(pc.green(`new here: ${path}`));
    else if (!isMigration) {
      const changed = await diffTexts(path, readBase(draft.folder, arrived), text);
      if (changed !== '') console.log(changed);
    }
  }
  const own = draft.steps.filter(({ does }) => ['kept', 'merge', 'conflict'].includes(does));
  if (own.length > 0) console.log(`You changed: ${own.map(({ path }) => path).join(', ')}`);
  sayMigrations(draft);
}

async function update(options: Options): Promise<void> {
  const tree = openSource();
  const draft = await draftUpdate(tree, await placeOf(options));
  const changes = draft.steps.filter(({ does }) => does !== 'same' && does !== 'kept');
  const blocked = draft.steps.filter(({ does }) => does === 'blocked');
  printSteps(draft);
  printEdits(draft);
  for (const { path } of blocked)
    console.log(pc.red(`${path} is new here, but you have a file of your own there: it stays.`));
  if (options.dryRun) return console.log('Nothing was changed.');
  await writeDraft(tree, draft);
  sayMigrations(draft);
  const conflicts = draft.steps.filter(({ does }) => does === 'conflict');
  if (conflicts.length > 0) {
    process.exitCode = 1;
    console.log(
      pc.red(
        `Conflict markers in ${conflicts.map(({ path }) => path).join(', ')}: resolve them and commit.`,
      ),
    );
  } else if (changes.length > 0)
    console.log(`${pc.green('✓')} updated; git diff shows the changes, and your tests judge them`);
  else console.log(`${pc.green('✓')} nothing changed here since`);
}

/** Migrations are never merged: a changed schema becomes the host's own next migration. */
function sayMigrations({ plan, lock, steps }: Draft): void {
  const changed = plan.files.filter(
    ({ path, isMigration, text }) =>
      isMigration && path.endsWith('_snapshot.json') && arrivedOtherwise(lock, path, text),
  );
  for (const { path } of changed)
    console.log(
      `The tables of ${path.split('/')[0]} changed here: run its db:generate for a migration of your own.`,
    );
  const tables = steps.filter(
    ({ path, does }) =>
      plan.tables.includes(path) && ['replace', 'merge', 'create', 'conflict'].includes(does),
  );
  if (tables.length > 0)
    console.log(
      `Tables changed here (${tables.map(({ path }) => path).join(', ')}): run drizzle-kit generate for a migration of your own.`,
    );
}

function arrivedOtherwise(lock: Lock | undefined, path: string, text: string): boolean {
  const arrived = lock?.files[path];
  return arrived !== undefined && arrived !== hashOf(text);
}

async function remove(names: readonly string[], options: Options): Promise<void> {
  const place = await placeOf(options);
  const draft = await draftRemove(openSource(), place, names, { force: options.force ?? false });
  printSteps(draft);
  if (options.dryRun) return console.log('Nothing was changed.');
  for (const edit of writeRemoval(draft)) console.log(pc.dim(`  - ${describe(edit)}`));
  if ((draft.lock?.migrations.length ?? 0) > 0)
    console.log(
      `The migrations stay, because databases may have applied them: ${draft.lock?.migrations.join(', ')}`,
    );
  console.log(
    `${pc.green('✓')} ${names.join(', ')} removed; install again with ${draft.choices.manager}`,
  );
}
