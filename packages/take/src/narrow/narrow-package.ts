import { posix } from 'node:path';
import { TakeError } from '../errors.ts';
import { hasTables } from '../plan/plan-pieces.ts';
import { closureOf } from '../source/closure.ts';
import { type ModuleReader, moduleReader } from '../source/modules.ts';
import type { SourceTree } from '../source/tree.ts';
import { modulesOf } from './domains.ts';
import { narrowManifest } from './narrow-manifest.ts';
import { narrowDump, narrowSnapshot, relationsIn, tablesOfTriggers } from './narrow-sql.ts';
import { type Grain, pruneModule } from './prune-module.ts';

/**
 * This repository with one package reduced to some domains: their queries with everything these
 * need, and the parts of barrels, relations, plans, tests and programs that work without the rest.
 */
export function narrowPackage(
  tree: SourceTree,
  folder: string,
  domains: readonly string[],
): SourceTree {
  const modules = moduleReader(tree);
  const dump = tree.read(`${folder}/schema.sql`);
  const code = codeOf(tree, modules, { folder, dump, entries: modulesOf(tree, folder, domains) });
  const tables = tablesAmong(tree, code);
  const dropped = [...relationsIn(dump).keys()].filter((name) => !tables.includes(name));
  const { texts, removed } = pruneAround(tree, modules, { folder, code, dropped });
  const types = [...code].flatMap((file) =>
    [...tree.read(file).matchAll(/\bpgEnum\(\s*'([^']+)'/g)].map(([, name = '']) => name),
  );
  texts.set(`${folder}/schema.sql`, narrowDump(dump, dropped, types));
  texts.set(`${folder}/README.md`, readme(tree, folder, { domains, tables }));
  const kept = (path: string) => !removed.has(path);
  texts.set(
    `${folder}/package.json`,
    narrowManifest(tree, folder, {
      kept,
      read: (path) => texts.get(path) ?? tree.read(path),
    }),
  );
  return {
    ...tree,
    packages: tree.packages.map((entry) =>
      entry.folder === folder
        ? { folder, manifest: JSON.parse(texts.get(`${folder}/package.json`) ?? '') }
        : entry,
    ),
    has: (path) => kept(path) && tree.has(path),
    read: (path) =>
      /\/meta\/\d+_snapshot\.json$/.test(path) && path.startsWith(`${folder}/`)
        ? narrowSnapshot(tree.read(path), dropped, types)
        : (texts.get(path) ?? tree.read(path)),
    filesBelow: (below) => tree.filesBelow(below).filter(kept),
  };
}

interface Core {
  readonly folder: string;
  readonly dump: string;
  readonly entries: readonly string[];
}

/** The import closure of the domains, and the tables that triggers on theirs write. */
function codeOf(
  tree: SourceTree,
  modules: ModuleReader,
  { folder, dump, entries }: Core,
): ReadonlySet<string> {
  // The client's type names the whole schema, whatever it contains.
  const leaves = new Set([`${folder}/src/schema/index.ts`]);
  const definers = tree
    .filesBelow(`${folder}/src/schema`)
    .filter((file) => hasTables(tree.read(file)));
  const measure = `${folder}/src/queries/hot-query.ts`;
  const pending = tree.has(measure) ? [...entries, measure] : [...entries];
  for (;;) {
    const code = new Set(closureOf(modules, pending, {}, leaves).files);
    const written = tablesOfTriggers(dump, tablesAmong(tree, code));
    const more = definers.filter((file) =>
      tablesAmong(tree, [file]).some((name) => written.includes(name)),
    );
    if (more.every((file) => code.has(file)))
      return new Set([...code].filter((file) => !leaves.has(file)));
    pending.push(...more);
  }
}

/** Tables and views that files define. */
const tablesAmong = (tree: SourceTree, files: Iterable<string>): string[] =>
  [...files].flatMap((file) =>
    [...tree.read(file).matchAll(/\bpg(?:Table|View)\(\s*'([^']+)'/g)].map(([, name = '']) => name),
  );

interface Around {
  readonly folder: string;
  readonly code: ReadonlySet<string>;
  /** Dropped tables. */
  readonly dropped: readonly string[];
}

/** Reduces or drops every file of the package that is not the domains' code. */
function pruneAround(tree: SourceTree, modules: ModuleReader, { folder, code, dropped }: Around) {
  const own = tree.filesBelow(folder).filter((path) => path.endsWith('.ts') && !code.has(path));
  const removed = new Set<string>([`${folder}/ENTITIES.md`]);
  for (const path of own) if (isForeign(modules, folder, path)) removed.add(path);
  const elsewhere = unusable(tree, modules, code);
  const texts = new Map<string, string>();
  const gone = new Map<string, ReadonlySet<string>>();
  const isAbsent = (from: string, specifier: string, name: string): boolean => {
    const target = modules.resolve(from, specifier);
    if (target === undefined) return false;
    if (removed.has(target) || elsewhere.has(target)) return true;
    const file = name === '*' ? target : (modules.definingFile(target, name) ?? target);
    return removed.has(file) || elsewhere.has(file) || (gone.get(file)?.has(name) ?? false);
  };
  const inSql = new RegExp(
    `\\b(?:from|join|into|update|table|on)\\s+"?(?:${dropped.join('|')})\\b`,
    'i',
  );
  const inText = (text: string): boolean =>
    (dropped.length > 0 && inSql.test(text)) ||
    text.endsWith('README.md') ||
    (text.endsWith('.ts') && [...removed].some((path) => text.endsWith(posix.basename(path))));
  const prune = (path: string): void => {
    const grain = grainOf(modules, folder, path);
    if (grain === undefined) {
      const { imports, references } = modules.read(path);
      const needs = imports.flatMap(({ specifier, names }) =>
        names.map(({ name }) => [specifier, name] as const),
      );
      for (const { specifier } of references) needs.push([specifier, '*']);
      if (needs.some(([specifier, name]) => isAbsent(path, specifier, name))) removed.add(path);
      return;
    }
    const imports = (specifier: string, name: string) => isAbsent(path, specifier, name);
    const pruned = pruneModule(path, tree.read(path), grain, { imports, inSql: inText });
    if (pruned === undefined) removed.add(path);
    else {
      texts.set(path, pruned.text);
      gone.set(path, new Set(pruned.gone));
    }
  };
  const state = () => [...gone.values()].reduce((sum, { size }) => sum + size, removed.size);
  for (let before = -1; before < state(); ) {
    before = state();
    for (const path of own) if (!removed.has(path)) prune(path);
    dropOrphans(tree, own, {
      folder,
      code,
      removed,
      read: (path) => texts.get(path) ?? tree.read(path),
    });
  }
  return { texts, removed };
}

/** True for queries and tables of other domains, and for files about the whole. */
function isForeign(modules: ModuleReader, folder: string, path: string): boolean {
  const below = path.slice(folder.length + 1);
  if (below.startsWith('scripts/')) return true;
  return /^src\/(queries|schema)\//.test(below) && grainOf(modules, folder, path) === undefined;
}

/** The grain at which a file is reduced; undefined for one that is kept or dropped whole. */
function grainOf(modules: ModuleReader, folder: string, path: string): Grain | undefined {
  const below = path.slice(folder.length + 1);
  if (below.endsWith('.test.ts')) return 'test';
  if (below.startsWith('test/')) return 'statement';
  if (/relations(\/[\w-]+)?\.ts$|\.plans\.ts$|\/hot-queries\.ts$/.test(below)) return 'entry';
  const { imports, references, ownExports } = modules.read(path);
  const isBarrel = references.length > 0 && imports.length === 0 && ownExports.size === 0;
  return isBarrel ? 'entry' : undefined;
}

/** Kit's tables that the domains do not use, and kit's modules that need these. */
function unusable(
  tree: SourceTree,
  modules: ModuleReader,
  code: ReadonlySet<string>,
): ReadonlySet<string> {
  const kit = tree.filesBelow('packages/kit/src').filter((path) => path.endsWith('.ts'));
  const missing = new Set(
    kit.filter((path) => path.startsWith('packages/kit/src/tables/') && !code.has(path)),
  );
  const needing = kit.filter((path) => {
    const { imports, ownExports } = modules.read(path);
    if (imports.length === 0 && ownExports.size === 0) return false;
    return closureOf(modules, [path], {}).files.some((file) => missing.has(file));
  });
  return new Set([...missing, ...needing]);
}

interface Left {
  readonly folder: string;
  readonly code: ReadonlySet<string>;
  readonly removed: Set<string>;
  read(path: string): string;
}

/**
 * Drops modules that no domain, manifest or configuration file reaches, tests that reach none of
 * the domains' code, and helpers that no test needs.
 */
function dropOrphans(
  tree: SourceTree,
  own: readonly string[],
  { folder, code, removed, read }: Left,
): void {
  const manifest = tree.read(`${folder}/package.json`);
  const importedBy = (from: string) =>
    [...read(from).matchAll(/(?:from|import\(|URL\(|import)\s*'(\.[^']+)'/g)]
      .map(([, specifier = '']) => posix.join(posix.dirname(from), specifier))
      .filter((path) => path.endsWith('.ts') && tree.has(path) && !removed.has(path));
  const reachedFrom = (roots: readonly string[]) => {
    const reached = new Set<string>();
    const pending = [...roots];
    for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
      if (reached.has(path)) continue;
      reached.add(path);
      pending.push(...importedBy(path));
    }
    return reached;
  };
  const drop = (unwanted: (path: string) => boolean) => {
    for (const path of own) if (!removed.has(path) && unwanted(path)) removed.add(path);
  };
  const isTest = (path: string) => path.endsWith('.test.ts');
  const isNamed = (path: string) =>
    path.endsWith('.config.ts') || manifest.includes(path.slice(folder.length + 1));
  const used = reachedFrom([...own.filter((path) => !removed.has(path) && isNamed(path)), ...code]);
  drop((path) => path.startsWith(`${folder}/src/`) && !used.has(path));
  drop((path) => isTest(path) && ![...reachedFrom([path])].some((one) => code.has(one)));
  const reached = reachedFrom(own.filter((path) => !removed.has(path) && isTest(path)));
  drop((path) => !used.has(path) && !reached.has(path));
}

function readme(
  tree: SourceTree,
  folder: string,
  { domains, tables }: { readonly domains: readonly string[]; readonly tables: readonly string[] },
): string {
  const { manifest } = tree.packages.find((entry) => entry.folder === folder) ?? {};
  if (!manifest) throw new TakeError(`There is no package in ${folder}.`, 1);
  return `# ${manifest.name}

Only some domains of the package, with everything that their queries need: ${domains.join(', ')}.

Tables: ${tables.toSorted().join(', ')}.

A test that needs another domain did not come along. \`take update\` keeps this choice; taking the package again with a longer \`--only\` adds domains, whose tables \`db:generate\` then writes into a migration.
`;
}
