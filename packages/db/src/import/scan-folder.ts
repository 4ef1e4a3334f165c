import { extname } from 'node:path';
import { type Entry, type FolderScan, isUnread, scanFolder } from '@reference/folder-reader';
import { InvalidInputError } from '@reference/kit';

/** A folder or file that becomes a page. */
export interface Source extends Entry<'document' | 'image'> {
  /** It may still be there, but this scan did not see it: its page stays as it is. */
  readonly isUnread?: boolean;
}
export type SourceKind = Source['kind'];

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

function kindOf(name: string): 'document' | 'image' | undefined {
  const extension = extname(name).toLowerCase();
  if (documentTypes.has(extension)) return 'document';
  return imageTypes.has(extension) ? 'image' : undefined;
}

/** An index of PostgreSQL holds no key of more than 2,700 bytes. */
const maxPathBytes = 2000;

/**
 * Finds the sources of pages: folders that hold something, Markdown, text and images.
 * @throws InvalidInputError when `root` is no folder that can be read
 */
export async function scanSources(
  root: string,
  { all = false }: { all?: boolean | undefined },
): Promise<FolderScan<'document' | 'image'>> {
  try {
    return await scanFolder(root, { kindOf, all, maxPathBytes });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new InvalidInputError(
      `${root} can't be read as a folder (${code}). Name an existing folder.`,
    );
  }
}

/** A page of an earlier import, as far as this matters here. */
interface Known {
  readonly type: string;
  readonly isTrashed: boolean;
}

const kindsOfPages: Readonly<Record<string, SourceKind>> = {
  FOLDER: 'folder',
  DOCUMENT: 'document',
  FILE: 'image',
};

/**
 * The sources of live pages that a scan could not see, with the folders above them. A skipped file
 * may still be there, so its page stays.
 */
export function unreadSources(
  { entries, problems, skipped }: FolderScan<'document' | 'image'>,
  known: ReadonlyMap<string, Known>,
): Source[] {
  const leftOut = new Set([...problems.map(({ path }) => path), ...skipped]);
  const listed = new Set(entries.map(({ path }) => path));
  const unread = new Map<string, Source>();
  const keep = (path: string) => {
    const page = known.get(path);
    const kind = page && kindsOfPages[page.type];
    if (!kind || page.isTrashed || listed.has(path) || unread.has(path)) return;
    const bare = path.replace(/\/$/, '');
    const name = bare.slice(bare.lastIndexOf('/') + 1);
    const parent = bare.slice(0, bare.length - name.length) || null;
    unread.set(path, { path, kind, parent, name, isUnread: true });
    if (parent !== null) keep(parent);
  };
  for (const path of known.keys()) if (isUnread(path, leftOut)) keep(path);
  return [...unread.values()];
}
