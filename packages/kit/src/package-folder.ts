import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Finds a folder of a package that its code needs at run time, such as its migrations.
 *
 * Usually it lies beside the calling module. In a bundled program `import.meta.url` names the
 * bundle, and in CommonJS it is undefined. Then the function looks where the package is installed,
 * from the working directory upwards.
 *
 * @param name the package's name
 * @param folder from the package's own folder
 * @param moduleUrl `import.meta.url` of a module in a direct subfolder of the package
 * @returns its path; if it was not found, the path where it would lie, so that an error names it
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
