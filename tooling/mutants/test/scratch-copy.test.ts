import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyWorkspace } from '../src/scratch-copy.ts';

test('a copy has the working tree, and its packages lead to one another inside the copy', async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'workspace-')));
  let copy = '';
  try {
    await mkdir(join(root, 'packages/a/node_modules/@x'), { recursive: true });
    await mkdir(join(root, 'packages/b'), { recursive: true });
    await mkdir(join(root, 'node_modules/.pnpm/dep'), { recursive: true });
    await writeFile(join(root, 'node_modules/.pnpm/dep/index.js'), '1');
    await writeFile(join(root, '.gitignore'), 'node_modules\n');
    for (const name of ['package.json', 'packages/a/package.json', 'packages/b/package.json']) {
      await writeFile(join(root, name), '{}');
    }
    await writeFile(join(root, 'packages/b/b.ts'), 'committed');
    await symlink('../../../b', join(root, 'packages/a/node_modules/@x/b'));
    await symlink('../../../node_modules/.pnpm/dep', join(root, 'packages/a/node_modules/dep'));
    const git = (...words: string[]) => execFileSync('git', words, { cwd: root, stdio: 'ignore' });
    git('init');
    git('add', '-A');
    await writeFile(join(root, 'packages/b/b.ts'), 'changed');

    copy = await realpath(await copyWorkspace(root));
    const b = join(copy, 'packages/a/node_modules/@x/b/b.ts');
    expect(await readFile(b, 'utf8')).toBe('changed');
    expect(await realpath(b)).toBe(join(copy, 'packages/b/b.ts'));
    await writeFile(b, 'a fault');
    expect(await readFile(join(root, 'packages/b/b.ts'), 'utf8')).toBe('changed');
    const dep = join(copy, 'packages/a/node_modules/dep/index.js');
    expect(await realpath(dep)).toBe(join(root, 'node_modules/.pnpm/dep/index.js'));
  } finally {
    await rm(root, { recursive: true, force: true });
    if (copy) await rm(copy, { recursive: true, force: true });
  }
});
