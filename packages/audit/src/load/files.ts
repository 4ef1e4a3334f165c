import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { usage } from '../errors.ts';

const SOURCE = /\.(ts|mts|cts|tsx|js|mjs|cjs|jsx)$/;

const bracesOf = (pattern: string): string[] => {
  const found = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(pattern);
  if (!found) return [pattern];
  const [, before = '', inside = '', after = ''] = found;
  return inside.split(',').flatMap((part) => bracesOf(`${before}${part}${after}`));
};

const toPattern = (glob: string): RegExp =>
  new RegExp(
    `^${glob.replace(/[.+^$()|[\]\\]/g, '\\$&').replace(/\*\*\/?|\*|\?/g, (part) => {
      if (part === '?') return '[^/]';
      return part.startsWith('**') ? '(?:.*/)?' : '[^/]*';
    })}$`,
  );

const listed = async (root: string): Promise<string[]> => {
  const found: string[] = [];
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && entry.name !== '.git') await visit(path);
      } else if (SOURCE.test(entry.name) && !/\.d\.[mc]?ts$/.test(entry.name)) found.push(path);
    }
  };
  await visit(root);
  return found.sort();
};

/** The source files of a path: a file, a folder with its subfolders, or a pattern. */
export const sourceFiles = async (path: string): Promise<string[]> => {
  const files = await Promise.all(
    bracesOf(path).map(async (part) => {
      const star = part.search(/[*?]/);
      if (star === -1) {
        const found = await stat(part).catch(() => undefined);
        if (!found) return [];
        return found.isDirectory() ? listed(resolve(part)) : [resolve(part)];
      }
      const root = resolve(dirname(`${part.slice(0, star)}x`));
      const pattern = toPattern(relative(root, resolve(part)).split(sep).join('/'));
      const all = await listed(root).catch(() => []);
      return all.filter((file) => pattern.test(relative(root, file).split(sep).join('/')));
    }),
  );
  return [...new Set(files.flat())];
};

/** The files of a schema. It throws a usage error if a path matches no file. */
export const schemaFiles = async (paths: readonly string[]): Promise<string[]> => {
  const found = new Set<string>();
  for (const path of paths) {
    const files = await sourceFiles(path);
    if (files.length === 0) throw usage(`no schema files: ${path}`);
    for (const file of files) if (!/\.(test|spec)\.[mc]?[jt]sx?$/.test(file)) found.add(file);
  }
  return [...found];
};
