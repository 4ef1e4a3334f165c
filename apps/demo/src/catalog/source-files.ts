import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** A declaration in a package's source, with the comment above it. */
export interface Declaration {
  /** From the project's root. */
  readonly path: string;
  /** The line of the declaration itself, from 1. */
  readonly line: number;
  /** The comment's text, without its stars; empty when there is none. */
  readonly comment: string;
  readonly code: string;
}

/** The declarations in a package's source that the schema screen links to. */
export interface PackageSource {
  /** By the table's name in the database. */
  readonly tables: ReadonlyMap<string, Declaration>;
  /** Exported functions and constants, by name. */
  readonly exports: ReadonlyMap<string, Declaration>;
}

const sources = new Map<string, Promise<PackageSource>>();

/** Reads a package's source once: it does not change while the application runs. */
export function readPackageSource(folder: string): Promise<PackageSource> {
  const known = sources.get(folder);
  if (known) return known;
  const reading = scan(join(projectRoot(), 'packages', folder, 'src'));
  sources.set(folder, reading);
  // A read that failed is tried again.
  reading.catch(() => sources.delete(folder));
  return reading;
}

/** The folder of the workspace that this process was started in. */
export function projectRoot(): string {
  let folder = process.cwd();
  while (!existsSync(join(folder, 'pnpm-workspace.yaml'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error(`${process.cwd()} is in no pnpm workspace.`);
    folder = parent;
  }
  return folder;
}

async function scan(folder: string): Promise<PackageSource> {
  const root = projectRoot();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
  const tables = new Map<string, Declaration>();
  const exports = new Map<string, Declaration>();
  for (const file of files.sort()) {
    const lines = (await readFile(file, 'utf8')).split('\n');
    const path = relative(root, file);
    for (const [index, line] of lines.entries()) {
      const name = /^export (?:async )?(?:function|const) (\w+)/.exec(line)?.[1];
      if (!name) continue;
      const declaration = declarationAt(lines, index, path);
      if (!exports.has(name)) exports.set(name, declaration);
      const table = / = pgTable\(\s*'(\w+)'/.exec(declaration.code)?.[1];
      if (table) tables.set(table, declaration);
    }
  }
  return { tables, exports };
}

/** As Biome formats it: a declaration ends with the first line that is not indented. */
function declarationAt(lines: readonly string[], start: number, path: string): Declaration {
  let end = start;
  if (!/;$/.test(lines[start] ?? '')) {
    end += 1;
    while (end < lines.length - 1 && !/^[)\]}].*[;}]$/.test(lines[end] ?? '')) end += 1;
  }
  const comment = commentAbove(lines, start);
  return { path, line: start + 1, comment, code: lines.slice(start, end + 1).join('\n') };
}

function commentAbove(lines: readonly string[], start: number): string {
  if (!lines[start - 1]?.trimEnd().endsWith('*/')) return '';
  let first = start - 1;
  while (first > 0 && !lines[first]?.startsWith('/**')) first -= 1;
  return lines
    .slice(first, start)
    .map((line) => line.replace(/^\s*\/?\*+\/?\s?/, '').replace(/\s*\*\/$/, ''))
    .join('\n')
    .trim();
}

/** The part of the schema that a table's file belongs to: `core`, `auth`, `github`. */
export function domainOf({ path }: Declaration): string {
  const place = /\/schemas?\/(.+)\.ts$/.exec(path)?.[1] ?? 'schema';
  const [first = place] = place.split('/');
  const [service = first] = first.replace(/^connector\./, '').split(/[.-]/);
  return service;
}
