import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSource } from '../src/source/tree.ts';

const { root: clone } = openSource();
const schemas = [
  { folder: 'packages/db', name: '@pagespace/db', module: 'migrations.ts', migrations: 'drizzle' },
  {
    folder: 'packages/postgres',
    name: '@ait/postgres',
    module: 'migrations-folder.ts',
    migrations: 'src/migrations',
  },
];
/** tsx brings esbuild along. */
const esbuild = createRequire(createRequire(import.meta.url).resolve('tsx')).resolve('esbuild');
const bundler = join(dirname(dirname(esbuild)), 'bin/esbuild');

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'take-bundle-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

it.each(schemas.flatMap((schema) => ['cjs', 'esm'].map((format) => ({ ...schema, format }))))(
  'a program bundled as $format finds the migrations of $name where it is installed',
  ({ folder, name, module, migrations, format }) => {
    const installed = join(root, 'node_modules', name);
    mkdirSync(dirname(installed), { recursive: true });
    symlinkSync(join(clone, folder), installed);
    const entry = join(root, 'entry.ts');
    const source = join(clone, folder, 'src', module);
    writeFileSync(
      entry,
      `import { migrationsFolder } from '${source}';\nconsole.log(migrationsFolder);\n`,
    );
    const bundle = join(root, 'dist', format === 'cjs' ? 'server.cjs' : 'server.mjs');
    const options = ['--bundle', '--platform=node', `--format=${format}`, '--log-level=error'];
    execFileSync(process.execPath, [bundler, entry, ...options, `--outfile=${bundle}`]);
    const output = execFileSync(process.execPath, [bundle], { cwd: root, encoding: 'utf8' });
    expect(output.trim()).toBe(join(installed, migrations));
  },
);
