// pnpm test:drizzle-next   installs Drizzle 1.0 in a copy of the workspace, compiles and tests it there,
// and says what stands in the way of moving. The workspace itself stays as it is.
import { rm } from 'node:fs/promises';
import Table from 'cli-table3';
import { Command } from 'commander';
import pc from 'picocolors';
import { filesBelow, readWorkspace, type WorkspacePackage } from '../workspace.ts';
import { type Attempt, attempt } from './attempt.ts';
import { copyWorkspace, installDrizzle, nextVersion, takeZodFromDrizzle } from './scratch-copy.ts';
import { obstaclesOf } from './type-errors.ts';

/** How many of the compiler's complaints are told. */
const shown = 15;
const plain = { head: [], border: [] };

const command = new Command('test:drizzle-next')
  .description('Says what stands in the way of moving this workspace to another Drizzle.')
  .option('--drizzle <version>', 'of drizzle-orm and drizzle-kit', nextVersion)
  .option('--no-tests', 'compile and import only')
  .option('--keep', 'keep the copy')
  .showHelpAfterError();
command.parse();
const options = command.opts<{ drizzle: string; tests: boolean; keep?: boolean }>();

const copy = await copyWorkspace();
try {
  await report();
} finally {
  if (options.keep) console.log(`\nThe copy: ${copy}`);
  else await rm(copy, { recursive: true, force: true });
}

async function report(): Promise<void> {
  say(`installing drizzle-orm and drizzle-kit ${options.drizzle} in ${copy}`);
  const installed = await installDrizzle(copy, options.drizzle);
  if (installed.failed) {
    console.error(installed.output);
    process.exitCode = 1;
    return;
  }
  const affected = (await readWorkspace()).filter(usesDrizzle);
  const sources = await Promise.all(affected.map(({ folder }) => filesBelow(folder, /\.tsx?$/)));
  const changed = await takeZodFromDrizzle(copy, sources.flat());
  say(`${changed} files take their Zod schemas from drizzle-orm/zod; nothing else is changed`);
  const attempts: Attempt[] = [];
  for (const entry of affected) {
    say(entry.manifest.name);
    attempts.push(await attempt(copy, entry, options));
  }
  console.log(`\n${packagesTable(attempts)}`);
  const faults = attempts.flatMap(({ folder, faults }) =>
    faults.map(({ place, cause }) => ({ place: `${folder}/${place}`, cause })),
  );
  const obstacles = obstaclesOf(faults);
  if (obstacles.length > 0) console.log(`\n${obstaclesTable(obstacles)}`);
  console.log(verdictOf(attempts));
}

function usesDrizzle({ manifest }: WorkspacePackage): boolean {
  const declared = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.devDependencies,
  };
  return ['drizzle-orm', 'drizzle-kit', 'drizzle-zod'].some((name) => name in declared);
}

function packagesTable(attempts: readonly Attempt[]): string {
  const table = new Table({ head: ['package', 'type errors', 'import', 'tests'], style: plain });
  for (const { name, faults, importError, tests } of attempts) {
    const counts =
      tests && `${tests.passed} passed, ${tests.failed} failed, ${tests.skipped} skipped`;
    table.push([name, faults.length, importError ? 'fails' : 'works', counts ?? 'not run']);
  }
  const errors = new Map(
    attempts.flatMap(({ name, importError }) => (importError ? [[importError, name]] : [])),
  );
  const lines = [...errors].map(([error, name]) => `${name}: ${error}`);
  return [table.toString(), ...lines].join('\n');
}

function obstaclesTable(obstacles: ReturnType<typeof obstaclesOf>): string {
  const table = new Table({ head: ['errors', 'what the compiler says', 'first'], style: plain });
  for (const { count, cause, first } of obstacles.slice(0, shown))
    table.push([count, cause, first]);
  const hidden = obstacles.length - shown;
  return hidden > 0 ? `${table}\n… and ${hidden} rarer ones` : table.toString();
}

function verdictOf(attempts: readonly Attempt[]): string {
  const inTheWay = attempts.filter(
    ({ faults, importError, tests }) =>
      faults.length > 0 || importError !== undefined || (tests?.failed ?? 0) > 0,
  );
  if (inTheWay.length === 0) return pc.green('\nNothing stands in the way.');
  const names = inTheWay.map(({ name }) => name).join(', ');
  return `\nIn the way of ${options.drizzle}: ${names}. What to do about it: docs/adr/0017-drizzle-1.md`;
}

function say(progress: string): void {
  console.error(pc.dim(progress));
}
