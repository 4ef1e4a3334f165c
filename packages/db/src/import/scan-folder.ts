import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { InvalidInputError } from '@reference/kit';

export type SourceKind = 'folder' | 'document' | 'image';

/** A folder or file that becomes a page. */
export interface Source {
  /** From the imported folder, with `/`; a folder's ends with `/`, so no file ever has the same. */
  readonly path: string;
  readonly kind: SourceKind;
  /** The path of the folder it lies in; null at the top. */
  readonly parent: string | null;
  /** Its own name, without the path. */
  readonly name: string;
}

/** Something that the import leaves out, and why. */
export interface Problem {
  readonly path: string;
  readonly reason: string;
}

export interface Scan {
  /** Folders before what they hold; the entries of a folder in the order people count and spell. */
  readonly sources: Source[];
  readonly problems: Problem[];
  /** Files of other kinds (programs, archives, …), which no page is made of. */
  readonly otherFiles: number;
}

const documentTypes = new Set([
  '.md',
  '.markdown',
  '.mdx',
  '.txt',
  '.text',
  '.rst',
  '.adoc',
  '.org',
]);

/** The images an import knows, with their media types. */
export const imageTypes: ReadonlyMap<string, string> = new Map([
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.jpeg', 'image/jpeg'],
  ['.gif', 'image/gif'],
  ['.webp', 'image/webp'],
  ['.avif', 'image/avif'],
  ['.svg', 'image/svg+xml'],
]);

/** An index of PostgreSQL holds no key of more than 2,700 bytes. */
const maxPathBytes = 2000;

const byName = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' });

/**
 * Finds what an import makes pages of: folders that hold something, Markdown and text, images.
 *
 * Left out without a word: hidden entries and `node_modules` (unless `all`), files of other kinds.
 * Left out and reported: symbolic links (they can lead in circles and out of the folder), folders
 * that can't be read, paths that are too long.
 *
 * @throws InvalidInputError when `root` is no folder that can be read
 */
export async function scanFolder(root: string, { all = false } = {}): Promise<Scan> {
  const scan: Scan & { otherFiles: number } = { sources: [], problems: [], otherFiles: 0 };
  const walk = async (parent: string | null): Promise<void> => {
    const entries = await list(root, parent, scan.problems);
    entries.sort(
      (one, other) => byName.compare(one.name, other.name) || (one.name < other.name ? -1 : 1),
    );
    for (const entry of entries) {
      const { name } = entry;
      const path = `${parent ?? ''}${name}${entry.isDirectory() ? '/' : ''}`;
      if (!all && (name.startsWith('.') || name === 'node_modules')) continue;
      if (Buffer.byteLength(path) > maxPathBytes) {
        scan.problems.push({ path, reason: `its path is longer than ${maxPathBytes} bytes` });
      } else if (entry.isSymbolicLink()) {
        scan.problems.push({ path, reason: 'it is a symbolic link' });
      } else if (entry.isDirectory()) {
        const before = scan.sources.length;
        scan.sources.push({ path, kind: 'folder', parent, name });
        await walk(path);
        if (scan.sources.length === before + 1) scan.sources.pop();
      } else {
        const kind = entry.isFile() ? kindOf(name) : undefined;
        if (kind) scan.sources.push({ path, kind, parent, name });
        else scan.otherFiles += 1;
      }
    }
  };
  await walk(null);
  return scan;
}

function kindOf(name: string): SourceKind | undefined {
  const extension = extname(name).toLowerCase();
  if (documentTypes.has(extension)) return 'document';
  return imageTypes.has(extension) ? 'image' : undefined;
}

async function list(root: string, folder: string | null, problems: Problem[]) {
  try {
    return await readdir(join(root, folder ?? ''), { withFileTypes: true });
  } catch (error) {
    if (folder === null) {
      throw new InvalidInputError(
        `${root} can't be read as a folder (${codeOf(error)}). Name an existing folder.`,
      );
    }
    problems.push({ path: folder, reason: `it can't be read (${codeOf(error)})` });
    return [];
  }
}

/** The system's short name of what went wrong, such as EACCES. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
