import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where a folder of a package lies that its code needs while it runs, such as its migrations.
 *
 * Usually it lies beside the module that asks. In a program that a bundler made it does not: there
 * `import.meta.url` names the bundle, and in CommonJS it is undefined. Then the folder is looked for
 * where the package is installed, from the working directory upwards.
 *
 * @param name the package's name
 * @param folder from the package's own folder
 * @param moduleUrl `import.meta.url` of a module in a direct subfolder of the package
 * @returns its path. Where none was found, where it would lie, so that its reader names it
 */
export function packageFolder(name: string, folder: string, moduleUrl: string | undefined): string {
  const beside = moduleUrl?.startsWith('file:')
    ? join(dirname(fileURLToPath(moduleUrl)), '..', folder)
    : undefined;
  if (beside !== undefined && existsSync(beside)) return beside;
  const installed = join('node_modules', name, folder);
  for (let at = process.cwd(); ; at = dirname(at)) {
    if (existsSync(join(at, installed))) return join(at, installed);
    if (dirname(at) === at) return beside ?? join(process.cwd(), installed);
  }
}
