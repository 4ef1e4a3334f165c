// pnpm test:squashed   squashes the history of each schema package into one migration, in a copy, and runs the
// tests of that package that enter as somebody else on a database made by that one file. `squash` itself proves
// that both histories make the same database; these tests show that nobody sees more in it.
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { run } from './command.ts';
import { root } from './workspace.ts';

const packages = [
  {
    folder: 'packages/db/drizzle',
    tests: ['packages/db/test/permissions/access', 'packages/db/test/permissions/unseen'],
  },
  {
    folder: 'packages/postgres/src/migrations',
    tests: ['packages/postgres/test/queries/connections', 'packages/postgres/test/queries/chat'],
  },
  { folder: 'packages/tasks/drizzle', tests: ['packages/tasks/test/scope'] },
  { folder: 'packages/tenancy/drizzle', tests: ['packages/tenancy/test/isolation/isolation'] },
];

const bin = (name: string) => join(root, 'node_modules/.bin', name);
const scratch = await mkdtemp(join(tmpdir(), 'squashed-'));
try {
  for (const [index, { folder, tests }] of packages.entries()) {
    if (
      (await readdir(join(root, folder))).filter((name) => /^\d+_(?!.*\.down\.).*\.sql$/.test(name))
        .length < 2
    ) {
      console.log(`${pc.yellow('·')} ${folder} holds one migration: there is nothing to squash`);
      continue;
    }
    const squashed = join(scratch, String(index), 'migrations');
    const former = join(scratch, String(index), 'former');
    await cp(join(root, folder), squashed, { recursive: true });
    const squash = ['squash', '--no-config', '--name', 'init', '--folder', squashed];
    // Arguments of the command go to squash, such as --scratch-url.
    const made = await run(
      bin('migrator'),
      [...squash, '--archive', former, ...process.argv.slice(2)],
      root,
    );
    const entered = made.failed
      ? made
      : await run(bin('vitest'), ['run', ...tests], root, { TEST_MIGRATIONS: squashed });
    console.log(`${entered.failed ? pc.red('✗') : pc.green('✓')} ${folder}`);
    console.log(
      entered.failed
        ? made.output + entered.output
        : [...made.output.split('\n').slice(0, 1), ...entered.output.split('\n')]
            .filter((line) => /replaces|^\s*Tests /.test(line))
            .join('\n'),
    );
    if (entered.failed) process.exitCode = 1;
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
