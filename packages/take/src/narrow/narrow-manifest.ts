import type { Manifest, SourceTree } from '../source/tree.ts';

interface Narrowed {
  kept(path: string): boolean;
  read(path: string): string;
}

/**
 * A package's manifest without the scripts and exports of dropped files, and without the
 * dependencies that only those imported.
 */
export function narrowManifest(tree: SourceTree, folder: string, { kept, read }: Narrowed): string {
  const manifest: Manifest = JSON.parse(tree.read(`${folder}/package.json`));
  const code = tree.filesBelow(folder).filter((path) => path.endsWith('.ts'));
  const isThere = (path: string) => kept(`${folder}/${path}`);
  const scripts = Object.entries(manifest.scripts ?? {}).filter(([, line]) =>
    [...line.matchAll(/\b(?:src|scripts)\/[\w./-]+\.ts\b/g)].every(([path]) => isThere(path)),
  );
  const entries = Object.entries(manifest.exports ?? {}).filter(([, target]) =>
    isThere(String(target).replace(/^\.\//, '')),
  );
  const names = new Set(entries.map(([name]) => name));
  const published = Object.entries(manifest.publishConfig?.exports ?? {});
  const importing = (name: string, text: string) =>
    new RegExp(`['"]${name}(?:/[^'"]*)?['"]`).test(text);
  const isUsed = (name: string) => {
    const imported = name.replace(/^@types\//, '');
    return (
      !code.some((path) => importing(imported, tree.read(path))) ||
      code.some((path) => kept(path) && importing(imported, read(path)))
    );
  };
  const used = (ranges: Record<string, string> | undefined) =>
    ranges && Object.fromEntries(Object.entries(ranges).filter(([name]) => isUsed(name)));
  const { dependencies, devDependencies } = manifest;
  return `${JSON.stringify(
    {
      ...manifest,
      scripts: Object.fromEntries(scripts),
      exports: Object.fromEntries(entries),
      ...(manifest.publishConfig && {
        publishConfig: {
          ...manifest.publishConfig,
          exports: Object.fromEntries(published.filter(([name]) => names.has(name))),
        },
      }),
      ...(dependencies && { dependencies: used(dependencies) }),
      ...(devDependencies && { devDependencies: used(devDependencies) }),
    },
    null,
    2,
  )}\n`;
}
