import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const BIN = fileURLToPath(new URL('../bin/in-packages.js', import.meta.url));
let root: string;

const run = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'in-packages-'));
  const show = "node -p 'process.cwd().slice(-1) + process.argv.slice(1)' --";
  for (const [name, scripts] of Object.entries({
    a: { show },
    b: { show: 'echo "no key is set" >&2; exit 3;' },
    c: { show, other: show },
  })) {
    await mkdir(join(root, name));
    await writeFile(join(root, name, 'package.json'), JSON.stringify({ scripts }));
  }
});
afterAll(() => rm(root, { recursive: true, force: true }));

test('a package that fails does not stop the others, and the last line names it', () => {
  expect(run('show', 'a,b,c', '--rows', 'two words')).toEqual({
    status: 3,
    stdout: 'a\na--rows,two words\nb\nc\nc--rows,two words\n',
    stderr: 'no key is set\n✗ show failed in b; it is done in the others\n',
  });
});

test('none is run when one has no such script', () => {
  const { status, stdout, stderr } = run('other', 'c,a');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('has no script "other"');
});
