import { builtinModules } from 'node:module';
import { isHostFile } from './host-file.ts';
import type { ModuleReader } from './modules.ts';

export interface Closure {
  readonly files: readonly string[];
  /** The imported npm packages, each with an importing file. */
  readonly external: ReadonlyMap<string, string>;
}

/**
 * Every file that the given ones need, by their imports. A name through a barrel leads to the file
 * that defines it, not to all of the barrel's exports.
 *
 * @param standIns files that another one replaces
 * @param leaves files whose own imports are not followed
 */
export function closureOf(
  modules: ModuleReader,
  entries: readonly string[],
  standIns: Readonly<Record<string, string>>,
  leaves: ReadonlySet<string> = new Set(),
): Closure {
  const files = new Set<string>();
  const external = new Map<string, string>();
  const pending = [...entries];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (files.has(path) || isHostFile(path)) continue;
    files.add(path);
    if (leaves.has(path)) continue;
    const { imports, references } = modules.read(path);
    for (const { specifier, names } of imports) {
      const target = modules.resolve(path, specifier);
      if (target === undefined) addExternal(external, specifier, path);
      else if (names.length === 0) pending.push(target);
      else pending.push(...names.map(({ name }) => definedIn(modules, target, name, standIns)));
    }
    for (const { specifier } of references) {
      const target = modules.resolve(path, specifier);
      if (target === undefined) addExternal(external, specifier, path);
      else pending.push(standIns[target] ?? target);
    }
  }
  return { files: [...files].sort(), external };
}

/** The file that a taken file imports a name from. */
export function definedIn(
  modules: ModuleReader,
  target: string,
  name: string,
  standIns: Readonly<Record<string, string>>,
): string {
  // Does not read a file with a stand-in, which exports the same names.
  if (standIns[target]) return standIns[target];
  const defined = modules.definingFile(target, name) ?? target;
  return standIns[defined] ?? defined;
}

function addExternal(external: Map<string, string>, specifier: string, from: string): void {
  if (specifier.startsWith('node:') || builtinModules.includes(specifier)) return;
  const [scope = '', name = ''] = specifier.split('/');
  const known = scope.startsWith('@') ? `${scope}/${name}` : scope;
  if (!external.has(known)) external.set(known, from);
}
