import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Import, importsOf } from '../src/imports.ts';
import { readWorkspace, type WorkspacePackage } from '../src/workspace.ts';

// apps, bench → schema packages → kit. Tests and scripts may also use the migrator and tooling.
const schemaPackages = ['@pagespace/db', '@ait/postgres', '@reference/tasks', '@reference/tenancy'];

/** Shared packages that depend on none of the workspace, so that others may stand on them. */
const standsAlone = ['@reference/connection-url'];

/** Carries code of every package to other projects: it stands above all, and none depends on it. */
const copiesFromAll = '@reference/take';

let workspace: WorkspacePackage[];
let imports: Map<string, Import[]>;

beforeAll(async () => {
  workspace = await readWorkspace();
  imports = new Map();
  for (const { folder, manifest } of workspace) {
    imports.set(manifest.name, await importsOf(folder));
  }
});

const isTool = (name: string) =>
  workspace.some(({ folder, manifest }) => manifest.name === name && folder.startsWith('tooling/'));

/** Such as kit and the migrator: in packages/, and no schema package. */
const isShared = (name: string) =>
  name !== copiesFromAll &&
  !schemaPackages.includes(name) &&
  workspace.some(
    ({ manifest, folder }) => manifest.name === name && folder.startsWith('packages/'),
  );

/** The workspace packages that a package reaches at run time or in its tests, by manifest and by import. */
function reachedBy(name: string): { runTime: string[]; all: string[] } {
  const manifest = workspace.find((entry) => entry.manifest.name === name)?.manifest;
  const ours = new Set(workspace.map((entry) => entry.manifest.name));
  const imported = (imports.get(name) ?? []).map(({ specifier }) => packageOf(specifier));
  const runTime = Object.keys({ ...manifest?.dependencies, ...manifest?.peerDependencies });
  const all = [...runTime, ...Object.keys(manifest?.devDependencies ?? {}), ...imported];
  const keep = (names: string[]) =>
    [...new Set(names)].filter((other) => ours.has(other) && other !== name);
  return { runTime: keep(runTime), all: keep(all) };
}

function packageOf(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

describe('dependencies run one way', () => {
  test('the workspace is what these rules are written for', () => {
    const names = workspace.map(({ manifest }) => manifest.name);
    for (const name of [...schemaPackages, '@reference/kit', '@reference/migrator']) {
      expect(names).toContain(name);
    }
  });

  test.each(schemaPackages)('%s depends on no other schema package', (name) => {
    const { runTime, all } = reachedBy(name);
    const allowed = (other: string) => isShared(other) || isTool(other);
    expect(all.filter((other) => !allowed(other))).toEqual([]);
    expect(runTime.filter((other) => isTool(other))).toEqual([]);
  });

  test('a shared package depends on nothing above it, nor on another shared one but those that stand alone', () => {
    for (const { manifest } of workspace.filter(({ manifest }) => isShared(manifest.name))) {
      const { runTime, all } = reachedBy(manifest.name);
      const others = (names: string[]) => names.filter((other) => !standsAlone.includes(other));
      expect([manifest.name, others(runTime)]).toEqual([manifest.name, []]);
      expect([manifest.name, others(all).filter((other) => !isTool(other))]).toEqual([
        manifest.name,
        [],
      ]);
      if (standsAlone.includes(manifest.name)) expect(runTime).toEqual([]);
    }
  });

  test('nothing depends on the package that copies from all', () => {
    for (const { manifest } of workspace.filter(({ manifest }) => manifest.name !== copiesFromAll))
      expect([manifest.name, ...reachedBy(manifest.name).all]).not.toContain(copiesFromAll);
  });

  test('tooling depends on no package', () => {
    for (const { manifest } of workspace.filter(({ manifest }) => isTool(manifest.name))) {
      expect([
        manifest.name,
        reachedBy(manifest.name).all.filter((other) => !isTool(other)),
      ]).toEqual([manifest.name, []]);
    }
  });
});

describe('a package is entered through its exports', () => {
  test('no import path names a file inside another package that it does not export', () => {
    const wrong: string[] = [];
    for (const { file, specifier } of [...imports.values()].flat()) {
      const target = workspace.find(({ manifest }) => manifest.name === packageOf(specifier));
      if (!target || file.startsWith(`${target.folder}/`)) continue;
      const entry = `.${specifier.slice(target.manifest.name.length)}`;
      if (target.manifest.exports && !(entry in target.manifest.exports)) {
        wrong.push(`${file} imports ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('no relative import leaves its package', () => {
    const wrong: string[] = [];
    for (const { folder, manifest } of workspace) {
      for (const { file, specifier } of imports.get(manifest.name) ?? []) {
        if (!specifier.startsWith('.')) continue;
        const target = join(file, '..', specifier);
        const isCopied = manifest.name === copiesFromAll && target.startsWith('packages/');
        if (!target.startsWith(`${folder}/`) && !isCopied)
          wrong.push(`${file} imports ${specifier}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('what is imported is declared', () => {
    const wrong: string[] = [];
    for (const { manifest } of workspace) {
      const declared = {
        ...manifest.dependencies,
        ...manifest.peerDependencies,
        ...manifest.devDependencies,
      };
      for (const other of reachedBy(manifest.name).all) {
        if (!(other in declared)) wrong.push(`${manifest.name} imports ${other}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});
