// pnpm check:documents   type-checks every TypeScript example in the workspace's Markdown and follows every
// relative link, and compares every excerpt with its file. An example is checked inside the package that its document belongs to; one outside the
// packages may import any of them.
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pc from 'picocolors';
import { run } from './command.ts';
import { examplesIn, excerptsIn, linksIn } from './examples.ts';
import { filesBelow, readWorkspace, root } from './workspace.ts';

const scratch = '.examples';
const workspace = await readWorkspace();
const problems: string[] = [];
let examples = 0;
let excerpts = 0;

/** Where the examples of documents outside the packages are checked: it has the dependencies they use. */
const home = 'packages/db';

async function documents(): Promise<string[]> {
  const packaged = await Promise.all(workspace.map(({ folder }) => filesBelow(folder, /\.md$/)));
  const own = packaged.flat().filter((path) => !/\/(test|fixtures)\//.test(path));
  const top = (await readdir(root)).filter((name) => /\.(md|txt)$/.test(name));
  const below = await Promise.all(['docs', 'skills'].map((folder) => filesBelow(folder, /\.md$/)));
  return [...top, ...below.flat(), ...own];
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
      for (const { path: source, text } of excerptsIn(markdown)) {
        excerpts += 1;
        const code = await readFile(join(root, source), 'utf8').catch(() => undefined);
        if (code === undefined) problems.push(`${path}: quotes ${source}, which is not there`);
        else if (!code.includes(text))
          problems.push(`${path}: what it quotes of ${source} has changed`);
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
else
  console.log(
    `${pc.green('✓')} ${examples} examples compile, ${excerpts} excerpts are what the files say, and every link leads somewhere`,
  );
