import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import type { Manifest } from './workspace.ts';

/**
 * Imports of a package's declarations that its manifest does not provide: with it uninstalled, a
 * compiler that checks libraries stops there, and one that does not sees `any`.
 *
 * @param folder the built package
 */
export async function undeclaredTypes(folder: string, manifest: Manifest): Promise<string[]> {
  const brought = { ...manifest.dependencies, ...manifest.peerDependencies };
  const known = { ...brought, ...manifest.devDependencies };
  const problems = new Set<string>();
  const files = await readdir(join(folder, 'dist'), { recursive: true });
  // A tool's configuration is in nobody's imports.
  for (const file of files.filter((name) => /(?<!\.config)\.d\.ts$/.test(name))) {
    const text = await readFile(join(folder, 'dist', file), 'utf8');
    for (const name of packagesIn(text)) {
      // Such as pg, whose types are a package of their own.
      const needed = `@types/${name}` in known ? `@types/${name}` : name;
      if (!(needed in brought))
        problems.add(`${file} needs the types of ${needed}, which are no dependency`);
    }
  }
  return [...problems].sort();
}

function packagesIn(declarations: string): string[] {
  const specifiers = [
    ...declarations.matchAll(
      /(?:^(?:import|export)[^;]*?\bfrom\s*|\bimport\()['"]([@\w./:-]+)['"]/gm,
    ),
  ];
  return specifiers.flatMap(([, specifier = '']) => {
    if (/^\.|^node:/.test(specifier) || builtinModules.includes(specifier)) return [];
    return [
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    ];
  });
}
