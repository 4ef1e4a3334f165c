import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readHost } from '../src/host/read-host.ts';
import { writeRemoval } from '../src/remove.ts';
import { openSource, type SourceTree } from '../src/source/tree.ts';
import { draftDiff, draftRemove, draftTake, draftUpdate, writeDraft } from '../src/take.ts';
import { createHost, npmChoices, type TestHost } from './host.ts';

const tree = openSource();
/** This repository at a later time, when one file has changed. */
const later = (path: string, change: (text: string) => string): SourceTree => ({
  ...tree,
  read: (asked) => (asked === path ? change(tree.read(asked)) : tree.read(asked)),
});

let host: TestHost;
const place = () => ({ root: host.root, folder: host.folder });
const take = async (...names: string[]) => {
  const draft = await draftTake(tree, place(), names, npmChoices);
  await writeDraft(tree, draft);
  return draft;
};
beforeEach(() => {
  host = createHost();
});
afterEach(() => host.remove());

describe('take', () => {
  it('writes the files, the dependencies and a lock, and says which lines it touched', async () => {
    const draft = await take('sealed-secrets');
    expect(host.read('src/db/kit/sealing.ts')).toContain("from './errors.js'");
    const { dependencies, devDependencies } = JSON.parse(host.read('package.json'));
    expect(dependencies).toMatchObject({ jose: '6.2.17' });
    expect(devDependencies).toHaveProperty('vitest');
    // Five dependencies, and the first and last lines of two sections.
    expect(draft.touched).toEqual([{ file: 'package.json', lines: 9, dependencies: 9 }]);
    const lock = JSON.parse(host.read('src/db/take.lock.json'));
    expect(lock).toMatchObject({ items: ['sealed-secrets'], source: { version: '0.1.0' } });
    expect(Object.keys(lock.files)).toContain('kit/sealing.ts');
  });

  it('replaces no file of the host, unless it is told to', async () => {
    host.write('src/db/kit/errors.ts', 'export const mine = 1;\n');
    await expect(take('tokens', 'sealed-secrets')).rejects.toThrow(
      /files of its own there: kit\/errors.ts.*--overwrite/,
    );
    expect(existsSync(join(host.folder, 'kit/tokens.ts'))).toBe(false);
    const options = { overwrite: true };
    await writeDraft(tree, await draftTake(tree, place(), ['sealed-secrets'], npmChoices, options));
    expect(host.read('src/db/kit/errors.ts')).toContain('DbError');
  });

  it('shares files between items, and takes nothing twice', async () => {
    await take('sealed-secrets');
    const draft = await take('keyset');
    const created = draft.steps.filter(({ does }) => does === 'create').map(({ path }) => path);
    expect(created).toContain('kit/keyset.ts');
    expect(created).not.toContain('kit/errors.ts');
    expect((await take('keyset')).steps.every(({ does }) => does === 'same')).toBe(true);
  });

  it('leaves a dependency that the host has in its own version', async () => {
    host.write('package.json', '{ "name": "h", "dependencies": { "jose": "^6.0.0" } }\n');
    await take('sealed-secrets');
    expect(JSON.parse(host.read('package.json')).dependencies.jose).toBe('^6.0.0');
  });

  it('refuses a name that nothing has, and names what there is', async () => {
    await expect(take('keysets')).rejects.toThrow(/no item keysets.*keyset/);
  });
});

describe('diff and update', () => {
  const path = 'packages/kit/src/tokens.ts';
  const changed = later(path, (text) => text.replace("digest('hex')", "digest('base64url')"));
  const edit = (from: string, to: string) =>
    host.write('src/db/kit/tokens.ts', host.read('src/db/kit/tokens.ts').replace(from, to));

  it('tell what changed here from what the host changed, and keep both', async () => {
    await take('tokens');
    edit('randomBytes(32)', 'randomBytes(48)');
    host.commit();
    const diff = await draftDiff(changed, place());
    expect(diff.steps.filter(({ does }) => does === 'merge')).toHaveLength(1);
    await writeDraft(changed, await draftUpdate(changed, place()));
    const text = host.read('src/db/kit/tokens.ts');
    expect(text).toContain('randomBytes(48)');
    expect(text).toContain("digest('base64url')");
    // The next update starts from here.
    const again = await draftDiff(changed, place());
    expect(again.steps.find(({ path: file }) => file === 'kit/tokens.ts')?.does).toBe('kept');
    expect(readdirSync(join(host.folder, '.taken'))).toHaveLength(again.plan.files.length);
  });

  it('refuse to merge into files that are not committed', async () => {
    await take('tokens');
    host.commit();
    edit('randomBytes(32)', 'randomBytes(48)');
    await expect(draftUpdate(changed, place())).rejects.toThrow(/uncommitted/);
  });

  it('an item more does not merge by the way', async () => {
    await take('tokens');
    edit('randomBytes(32)', 'randomBytes(48)');
    const more = draftTake(changed, place(), ['sealed-secrets'], npmChoices);
    await expect(more).rejects.toThrow(/Run update first/);
  });

  it('need a lock', async () => {
    await expect(draftDiff(tree, place())).rejects.toThrow(/Nothing was taken/);
  });
});

describe('remove', () => {
  it('leaves the host as it was before', async () => {
    await take('sealed-secrets', 'keyset');
    writeRemoval(await draftRemove(tree, place(), ['keyset']));
    expect(existsSync(join(host.folder, 'kit/keyset.ts'))).toBe(false);
    expect(existsSync(join(host.folder, 'kit/errors.ts'))).toBe(true);
    expect(JSON.parse(host.read('package.json')).devDependencies).not.toHaveProperty('postgres');
    writeRemoval(await draftRemove(tree, place(), ['sealed-secrets']));
    expect(existsSync(host.folder)).toBe(false);
    expect(host.git('status', '--porcelain')).toBe('');
  });

  it('keeps an item that the host changed, unless it is told to', async () => {
    await take('tokens');
    host.write('src/db/kit/tokens.ts', 'export const mine = 1;\n');
    await expect(draftRemove(tree, place(), ['tokens'])).rejects.toThrow(/You changed kit\/tokens/);
    writeRemoval(await draftRemove(tree, place(), ['tokens'], { force: true }));
    expect(existsSync(host.folder)).toBe(false);
  });

  it('deletes a file that it made, and leaves one that was there', async () => {
    const pnpm = { ...npmChoices, manager: 'pnpm' } as const;
    await writeDraft(tree, await draftTake(tree, place(), ['keyset'], pnpm));
    expect(host.read('pnpm-workspace.yaml')).toContain('allowBuilds');
    writeRemoval(await draftRemove(tree, place(), ['keyset']));
    expect(host.git('status', '--porcelain')).toBe('');

    host.write('pnpm-workspace.yaml', '# ours\nallowBuilds:\n  sharp: true\n');
    host.commit();
    await writeDraft(tree, await draftTake(tree, place(), ['keyset'], pnpm));
    writeRemoval(await draftRemove(tree, place(), ['keyset']));
    expect(host.git('status', '--porcelain')).toBe('');
  });

  it('refuses what was not taken', async () => {
    await take('tokens');
    await expect(draftRemove(tree, place(), ['keyset'])).rejects.toThrow(/was not taken/);
  });
});

describe('a project', () => {
  const hostOf = (files: Record<string, string>) => {
    for (const [path, text] of Object.entries(files)) host.write(path, text);
    return readHost(join(host.root, 'src/db'));
  };

  it.each([
    ['package-lock.json', '{}', 'npm'],
    ['pnpm-lock.yaml', '', 'pnpm'],
    ['bun.lock', '', 'bun'],
    ['yarn.lock', '# yarn lockfile v1\n', 'yarn-classic'],
    ['yarn.lock', '__metadata:\n', 'yarn'],
    ['package.json', '{ "packageManager": "yarn@1.22.22" }', 'yarn-classic'],
    ['package.json', '{ "packageManager": "yarn@4.18.1" }', 'yarn'],
  ])('with %s %j uses %s, also from a package inside', (name, text, manager) => {
    host.write('packages/app/package.json', '{}');
    expect(hostOf({ [name]: text }).manager).toBe(manager);
    const inside = readHost(join(host.root, 'packages/app/src'));
    expect(inside).toMatchObject({ manager, root: host.root });
    expect(inside.project).toBe(join(host.root, 'packages/app'));
  });

  it.each([
    ['{ "compilerOptions": { "module": "NodeNext" } }', 'js'],
    ['{ "compilerOptions": { "module": "commonjs" } }', 'none'],
    ['{ "compilerOptions": { "module": "esnext", "moduleResolution": "Bundler" } }', 'none'],
    ['{ /* ours */ "compilerOptions": { "allowImportingTsExtensions": true, }, }', 'ts'],
    ['{ "extends": "./base" }', 'js'],
  ])('with %s imports with the ending %s', (config, ending) => {
    const base = '{ "compilerOptions": { "module": "node16" } }';
    expect(hostOf({ 'tsconfig.json': config, 'base.json': base }).ending).toBe(ending);
  });

  it('imports real names without a tsconfig.json, and takes the driver that it has', () => {
    const manifest = '{ "packageManager": "bun@1.4.5", "dependencies": { "pg": "^8.0.0" } }';
    expect(hostOf({ 'package.json': manifest })).toMatchObject({
      ending: 'ts',
      driver: 'pg',
      manager: 'bun',
    });
  });

  it('has a package.json', () => {
    expect(() => readHost('/')).toThrow(/No package.json/);
  });
});

describe('a project with migrations of its own', () => {
  const config = (schema: string) =>
    `export default { dialect: 'postgresql', schema: ${schema}, out: './migrations' };\n`;
  const choices = { ...npmChoices, migrations: 'migrations' };

  it.each([
    ["'./src/schema.ts'", "['./src/schema.ts', './src/db/schema/auth/*.ts']"],
    ["['./a.ts', './b/*.ts']", "['./a.ts', './b/*.ts', './src/db/schema/auth/*.ts']"],
  ])('keeps its configuration, which learns of the tables: %s', async (before, after) => {
    host.write('drizzle.config.ts', config(before));
    const draft = await draftTake(tree, place(), ['refresh-tokens'], choices);
    await writeDraft(tree, draft);
    expect(host.read('drizzle.config.ts')).toBe(config(after));
    expect(draft.touched).toContainEqual({ file: 'drizzle.config.ts', lines: 1, dependencies: 0 });
    expect(host.read('src/db/test/test-database.ts')).toContain("= 'migrations';");
    writeRemoval(await draftRemove(tree, place(), ['refresh-tokens']));
    expect(host.read('drizzle.config.ts')).toBe(config(before));
  });

  it('is told what to write where the tables are not named in words', async () => {
    host.write('drizzle.config.ts', config('tablesOf(here)'));
    await expect(draftTake(tree, place(), ['refresh-tokens'], choices)).rejects.toThrow(
      /a list with '.\/src\/db\/schema\/auth\/\*.ts' in it/,
    );
  });
});

describe('a project with a table of that name', () => {
  const schema = "export const users = pgTable('users', { id: text('id').primaryKey() });\n";

  it('is told so before anything is written', async () => {
    host.write('src/schema.ts', schema);
    await expect(draftTake(tree, place(), ['refresh-tokens'], npmChoices)).rejects.toThrow(
      'has a table users in src/schema.ts. Take the item with --table users=src/schema.ts',
    );
    expect(existsSync(host.folder)).toBe(false);
  });

  it('keeps its table, which the item then uses', async () => {
    host.write('src/schema.ts', schema);
    const choices = { ...npmChoices, tables: { users: 'src/schema.ts' } };
    await writeDraft(tree, await draftTake(tree, place(), ['refresh-tokens'], choices));
    expect(existsSync(join(host.folder, 'schema/auth/users.ts'))).toBe(false);
    expect(host.read('src/db/schema/auth/refresh-tokens.ts')).toContain(
      "import { users } from '../../../schema.js';",
    );
    expect(host.read('src/db/queries/auth/refresh-tokens.ts')).toContain(
      "import { users } from '../../../schema.js';",
    );
    host.commit();
    const { steps } = await draftUpdate(tree, place());
    expect(steps.filter(({ does }) => does !== 'same')).toEqual([]);
  });

  it('must name a table that the item has', async () => {
    const choices = { ...npmChoices, tables: { people: 'src/schema.ts' } };
    await expect(draftTake(tree, place(), ['refresh-tokens'], choices)).rejects.toThrow(
      'No item here has a table people',
    );
  });
});

describe('packages in a workspace', () => {
  const inPackages = { root: '', folder: '' };
  const draft = (manager: 'npm' | 'pnpm' | 'yarn' | 'bun', scope?: string) => {
    const target = { ...inPackages, root: host.root, folder: join(host.root, 'packages') };
    return draftTake(tree, target, ['kit'], { ...npmChoices, manager, into: 'packages', scope });
  };
  const edits = async (manager: 'npm' | 'pnpm' | 'yarn' | 'bun') =>
    (await draft(manager)).edits.map(({ file, path }) => `${file} ${path.join(' ')}`);

  it('are gone with what was built and installed in them, and not with a file of the host', async () => {
    const target = { root: host.root, folder: join(host.root, 'packages') };
    await writeDraft(tree, await draft('npm'));
    host.write('packages/kit/dist/index.js', '');
    host.write('packages/kit/node_modules/postgres/package.json', '{}');
    host.write('packages/connection-url/notes.md', 'mine');
    writeRemoval(await draftRemove(tree, target, ['kit']));
    expect(existsSync(join(host.root, 'packages/kit'))).toBe(false);
    expect(host.read('packages/connection-url/notes.md')).toBe('mine');
  });

  it.each(['npm', 'pnpm', 'yarn', 'bun'] as const)(
    'touch at most three lines of the project with %s, and none after they are gone',
    async (manager) => {
      const before = '{\n  "name": "host",\n  "private": true,\n  "version": "1.0.0"\n}\n';
      host.write('package.json', before);
      const one = await draft(manager);
      const lines = one.touched.reduce((sum, { lines: own }) => sum + own, 0);
      expect(lines).toBeLessThanOrEqual(3);
      await writeDraft(tree, one);
      const target = { root: host.root, folder: join(host.root, 'packages') };
      writeRemoval(await draftRemove(tree, target, ['kit']));
      expect(host.read('package.json')).toBe(before);
    },
  );

  it('patch the driver in the way of each package manager', async () => {
    expect(await edits('npm')).toEqual([
      'package.json workspaces',
      'package.json scripts postinstall',
    ]);
    expect(await edits('bun')).toContain('package.json patchedDependencies postgres@3.4.9');
    expect(await edits('yarn')).toContain('package.json resolutions postgres@npm:3.4.9');
    expect(await edits('pnpm')).toEqual(
      expect.arrayContaining([
        'pnpm-workspace.yaml packages',
        'pnpm-workspace.yaml patchedDependencies postgres@3.4.9',
        'pnpm-workspace.yaml allowBuilds esbuild',
      ]),
    );
  });

  it('name versions that the package manager understands, and the scope that was asked for', async () => {
    const manifest = async (manager: 'npm' | 'pnpm') => {
      const { plan } = await draft(manager, '@acme');
      return JSON.parse(plan.files.find(({ path }) => path === 'kit/package.json')?.text ?? '');
    };
    const npm = await manifest('npm');
    expect(npm).toMatchObject({ name: '@acme/kit' });
    expect(npm.devDependencies['@acme/local-postgres']).toBe('0.1.0');
    expect((await manifest('pnpm')).devDependencies['@acme/local-postgres']).toBe('workspace:*');
    expect(JSON.stringify(npm)).not.toMatch(/catalog:|@reference\//);
  });
});
