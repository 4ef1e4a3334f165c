// pnpm check:documents   type-checks every TypeScript example in the workspace's Markdown and follows every
// relative link. An example is checked inside the package that its document belongs to; one outside the
// packages may import any of them.
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pc from 'picocolors';
import { run } from './command.ts';
import { examplesIn, linksIn } from './examples.ts';
import { filesBelow, readWorkspace, root } from './workspace.ts';

const scratch = '.examples';
const workspace = await readWorkspace();
const problems: string[] = [];
let examples = 0;

/** Where the examples of documents outside the packages are checked: it has the dependencies they use. */
const home = 'packages/db';

async function documents(): Promise<string[]> {
  const packaged = await Promise.all(workspace.map(({ folder }) => filesBelow(folder, /\.md$/)));
  const own = packaged.flat().filter((path) => !/\/(test|fixtures)\//.test(path));
  return ['README.md', 'CONTRIBUTING.md', ...(await filesBelow('docs', /\.md$/)), ...own];
}

async function check(folder: string, paths: string[]): Promise<void> {
  const target = join(root, folder, scratch);
  try {
    for (const path of paths) {
      const markdown = await readFile(join(root, path), 'utf8');
      for (const link of linksIn(markdown)) {
        const found = existsSync(join(root, dirname(path), decodeURIComponent(link)));
        if (!found) problems.push(`${path}: links to ${link}, which is not there`);
      }
      for (const example of examplesIn(markdown)) {
        examples += 1;
        const file = join(
          target,
          example.path ?? `${path.replaceAll('/', '__')}__${example.line}.ts`,
        );
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, example.source);
      }
    }
    if (existsSync(target)) await compile(target);
  } finally {
    await rm(target, { recursive: true, force: true });
  }
}

async function compile(target: string): Promise<void> {
  const entries = workspace
    .filter(({ manifest }) => typeof manifest.exports?.['.'] === 'string')
    .map(({ folder, manifest }) => [
      manifest.name,
      [join(root, folder, String(manifest.exports?.['.']))],
    ]);
  const config = {
    extends: '@reference/tsconfig/base.json',
    compilerOptions: {
      paths: Object.fromEntries(entries),
      // An example that stands at a path imports its neighbours there.
      rootDirs: ['..', '.'],
      noUnusedLocals: false,
      noUnusedParameters: false,
    },
    include: ['**/*.ts'],
  };
  await writeFile(join(target, 'tsconfig.json'), JSON.stringify(config));
  const { failed, output } = await run('tsc', ['-p', target, '--pretty', 'false'], target);
  if (!failed) return;
  const lines = output.trim().split('\n');
  problems.push(
    ...lines.map((line) =>
      line
        .replace(/^.*\.examples\//, '')
        .replace(/__\d+\.ts\(/, '(')
        .replaceAll('__', '/'),
    ),
  );
}

const byFolder = new Map<string, string[]>();
for (const path of await documents()) {
  const owner = workspace.find(({ folder }) => path.startsWith(`${folder}/`))?.folder ?? home;
  byFolder.set(owner, [...(byFolder.get(owner) ?? []), path]);
}
for (const [folder, paths] of byFolder) await check(folder, paths);

for (const problem of problems) console.log(`${pc.red('✗')} ${problem}`);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${pc.green('✓')} ${examples} examples compile and every link leads somewhere`);
