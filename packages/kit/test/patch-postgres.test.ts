import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const exec = promisify(execFile);
const kit = fileURLToPath(new URL('..', import.meta.url));
const patch = join(kit, 'patches/postgres@3.4.9.patch');
const files = ['bytes', 'connection', 'index', 'query', 'queue'].flatMap((name) => [
  `src/${name}.js`,
  `cjs/src/${name}.js`,
]);

let folder: string;
let driver: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'kit-patch-')));
  driver = join(folder, 'node_modules/postgres');
  const installed = join(dirname(createRequire(import.meta.url).resolve('postgres')), '../..');
  await cp(installed, driver, { recursive: true });
  await mkdir(join(folder, 'kit'));
  await cp(join(kit, 'bin'), join(folder, 'kit/bin'), { recursive: true });
  await cp(join(kit, 'patches'), join(folder, 'kit/patches'), { recursive: true });
  await writeFile(join(folder, 'kit/package.json'), '{ "type": "module" }');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const contents = () => Promise.all(files.map((file) => readFile(join(driver, file), 'utf8')));
/** As npm installs it. */
const unpatch = () => exec('git', ['apply', '--reverse', patch], { cwd: driver });
const run = () => exec(process.execPath, [join(folder, 'kit/bin/patch-postgres.js')]);

it('gives the very files that the patch makes, and changes nothing the second time', async () => {
  const patched = await contents();
  await unpatch();
  expect(await contents()).not.toEqual(patched);
  expect((await run()).stdout).toContain(`patched ${driver}`);
  expect(await contents()).toEqual(patched);
  expect((await run()).stdout).toContain('is patched already');
  expect(await contents()).toEqual(patched);
});

it('leaves another link to an installed file alone: a package manager may share it', async () => {
  await unpatch();
  const [file = ''] = files;
  const before = await readFile(join(driver, file), 'utf8');
  const shared = join(folder, 'shared.js');
  await exec('ln', [join(driver, file), shared]);
  await run();
  expect(await readFile(shared, 'utf8')).toBe(before);
});

it('refuses another version, and files that were changed otherwise, and then changes none', async () => {
  await unpatch();
  const before = await contents();
  const manifest = join(driver, 'package.json');
  const own = await readFile(manifest, 'utf8');
  await writeFile(manifest, own.replace('"3.4.9"', '"3.4.10"'));
  await expect(run()).rejects.toThrow(
    /postgres.js 3.4.10 is installed, and there are patches only/,
  );
  await writeFile(manifest, own);
  const changed = join(driver, 'src/queue.js');
  await writeFile(changed, `${await readFile(changed, 'utf8')}`.replaceAll('push', 'pushed'));
  await expect(run()).rejects.toThrow(/queue.js is not the file that postgres.js 3.4.9 ships/);
  expect((await contents()).slice(0, 4)).toEqual(before.slice(0, 4));
});
