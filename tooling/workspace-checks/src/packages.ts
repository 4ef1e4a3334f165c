// pnpm check:packages   packs every package that is published and checks the tarball as a stranger gets it:
// publint (is the manifest right?) and are-the-types-wrong (do the declarations resolve?).
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pc from 'picocolors';
import { readWorkspace, root, type WorkspacePackage } from './workspace.ts';

type Outcome = { failed: boolean; output: string };

function run(command: string, args: string[], cwd: string): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd }, (error, stdout, stderr) => {
      resolve({ failed: error !== null, output: `${stdout}${stderr}` });
    });
  });
}

/** What is wrong with a package's tarball, as the tools say it; nothing when it is right. */
async function problemsOf({ folder }: WorkspacePackage): Promise<string[]> {
  const target = await mkdtemp(join(tmpdir(), 'packed-'));
  try {
    // pnpm, because it puts publishConfig, catalog and workspace versions in their places.
    const packed = await run('pnpm', ['pack', '--pack-destination', target], join(root, folder));
    const [name] = await readdir(target);
    if (packed.failed || !name) return [packed.output];
    const tarball = join(target, name);
    const checks = await Promise.all([
      run('publint', ['run', tarball, '--strict'], target),
      // These are ES modules: how CommonJS or an older resolver would see them does not matter.
      run('attw', [tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'], target),
    ]);
    return checks.filter(({ failed }) => failed).map(({ output }) => output);
  } finally {
    await rm(target, { recursive: true });
  }
}

const published = (await readWorkspace()).filter(({ manifest }) => !manifest.private);
for (const entry of published) {
  const problems = await problemsOf(entry);
  console.log(`${problems.length === 0 ? pc.green('✓') : pc.red('✗')} ${entry.manifest.name}`);
  for (const problem of problems) console.log(problem);
  if (problems.length > 0) process.exitCode = 1;
}
