import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { items, type WholePackage } from '../src/items.ts';
import { planPackages } from '../src/plan/plan-packages.ts';
import { moduleReader } from '../src/source/modules.ts';
import { openSource } from '../src/source/tree.ts';
import { npmChoices } from './host.ts';

const tree = openSource();
const packages = items.filter((item): item is WholePackage => item.kind === 'package');

describe.each(packages)('the package $name', (item) => {
  const { files } = planPackages(tree, [item], { ...npmChoices, into: 'packages' });
  const paths = new Set(files.map(({ path }) => path));
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const modules = moduleReader({ ...tree, read: (path) => texts.get(path) ?? '' });
  const importsOf = (path: string) => {
    const { imports, references } = modules.read(path);
    return [...imports, ...references].map(({ specifier }) => specifier);
  };

  it('imports only files that come along, and packages that its manifest declares', () => {
    const declared = new Map<string, ReadonlySet<string>>();
    for (const { path, text } of files) {
      if (!/^[^/]+\/package\.json$/.test(path)) continue;
      const manifest = JSON.parse(text);
      const names = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']
        .flatMap((section) => Object.keys(manifest[section] ?? {}))
        .concat(manifest.name);
      declared.set(posix.dirname(path), new Set(names));
    }
    const missing = files
      .filter(({ path }) => /\.[mc]?ts$/.test(path))
      .flatMap(({ path }) =>
        importsOf(path)
          .filter((specifier) => {
            if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return false;
            if (specifier.startsWith('.'))
              return !paths.has(posix.join(posix.dirname(path), specifier));
            const [scope = '', name = ''] = specifier.split('/');
            const known = declared.get(path.split('/')[0] ?? '');
            return !known?.has(scope.startsWith('@') ? `${scope}/${name}` : scope);
          })
          .map((specifier) => `${path}: ${specifier}`),
      );
    expect(missing).toEqual([]);
  });
});
