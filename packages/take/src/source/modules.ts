import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { TakeError } from '../errors.ts';
import type { SourceTree } from './tree.ts';

/** One name that a module imports or re-exports. */
interface Imported {
  /** The name in the other module; `*` for all of it. */
  readonly name: string;
  readonly local: string;
  readonly isType: boolean;
}

/** `import … from`, with the place of the whole statement. */
export interface ImportStatement {
  readonly specifier: string;
  readonly start: number;
  readonly end: number;
  readonly names: readonly Imported[];
  readonly isSideEffect: boolean;
}

/** `export … from`, or `import()`, with the place of the specifier alone. */
interface Reference {
  readonly specifier: string;
  readonly start: number;
  readonly end: number;
}

interface Module {
  readonly text: string;
  readonly imports: readonly ImportStatement[];
  readonly references: readonly Reference[];
  readonly ownExports: ReadonlySet<string>;
  /** Exported name → its source. */
  readonly handedOn: ReadonlyMap<string, { specifier: string; name: string }>;
  readonly stars: readonly string[];
}

/** Reads modules of a source tree, each once, and follows names through barrels. */
export function moduleReader(tree: SourceTree) {
  const modules = new Map<string, Module>();

  function read(path: string): Module {
    const known = modules.get(path);
    if (known) return known;
    const module = parseModule(path, tree.read(path));
    modules.set(path, module);
    return module;
  }

  /** The file that a specifier names; undefined when it is from npm or Node itself. */
  function resolve(from: string, specifier: string): string | undefined {
    if (specifier.startsWith('.')) {
      const path = posix.join(posix.dirname(from), specifier);
      if (!tree.has(path))
        throw new TakeError(`${from} imports ${specifier}, which is not there.`, 1);
      return path;
    }
    const owner = tree.packages.find(
      ({ manifest }) => specifier === manifest.name || specifier.startsWith(`${manifest.name}/`),
    );
    if (!owner) return undefined;
    const entry = owner.manifest.exports?.[`.${specifier.slice(owner.manifest.name.length)}`];
    const target = typeof entry === 'string' ? entry : Reflect.get(Object(entry), 'default');
    if (typeof target !== 'string')
      throw new TakeError(`${from} imports ${specifier}, which is not exported.`, 1);
    return posix.join(owner.folder, target);
  }

  /** The file that defines what another exports under a name. */
  function definingFile(path: string, name: string): string | undefined {
    const module = read(path);
    if (name === '*' || module.ownExports.has(name)) return path;
    const handedOn = module.handedOn.get(name);
    if (handedOn) {
      const next = resolve(path, handedOn.specifier);
      return next && definingFile(next, handedOn.name);
    }
    for (const star of module.stars) {
      const next = resolve(path, star);
      const found = next && definingFile(next, name);
      if (found) return found;
    }
    return undefined;
  }

  return { read, resolve, definingFile };
}

export type ModuleReader = ReturnType<typeof moduleReader>;

function parseModule(path: string, text: string): Module {
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new TakeError(`${path} does not parse: ${errors[0]?.message}`, 1);
  const handedOn = new Map<string, { specifier: string; name: string }>();
  const ownExports = new Set<string>();
  const stars: string[] = [];
  const references: Reference[] = [];
  const imports = module.staticImports.map(
    (statement): ImportStatement => ({
      specifier: statement.moduleRequest.value,
      start: statement.start,
      end: statement.end,
      isSideEffect: statement.entries.length === 0,
      names: statement.entries.map(({ importName, localName, isType }) => ({
        name:
          importName.kind === 'NamespaceObject'
            ? '*'
            : importName.kind === 'Default'
              ? 'default'
              : (importName.name ?? '*'),
        local: localName.value,
        isType,
      })),
    }),
  );
  const importedAs = new Map(
    imports.flatMap(({ specifier, names }) =>
      names.map(({ local, name }) => [local, { specifier, name }] as const),
    ),
  );
  for (const statement of module.staticExports) {
    for (const { moduleRequest, importName, exportName, localName } of statement.entries) {
      const exported = exportName.kind === 'Default' ? 'default' : exportName.name;
      if (moduleRequest) {
        references.push({
          specifier: moduleRequest.value,
          start: moduleRequest.start,
          end: moduleRequest.end,
        });
        if (exported && importName.name)
          handedOn.set(exported, { specifier: moduleRequest.value, name: importName.name });
        else if (exported) ownExports.add(exported);
        else stars.push(moduleRequest.value);
        continue;
      }
      const from = localName.name ? importedAs.get(localName.name) : undefined;
      if (exported && from && from.name !== '*') handedOn.set(exported, from);
      else if (exported) ownExports.add(exported);
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const quoted = /^(['"])(.*)\1$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
    if (quoted?.[2])
      references.push({
        specifier: quoted[2],
        start: moduleRequest.start,
        end: moduleRequest.end,
      });
  }
  const unique = references.filter(
    (one, index) => references.findIndex(({ start }) => start === one.start) === index,
  );
  return { text, imports, references: unique, ownExports, handedOn, stars };
}
