import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder, or a file of a kind that the caller takes. */
export interface Entry<Kind extends string> {
  /**
   * Relative to the scanned folder, with `/`; a folder's ends with `/`, so no file has the same.
   */
  readonly path: string;
  readonly kind: Kind | 'folder';
  /** The path of its folder; null at the top. */
  readonly parent: string | null;
  /** Its own name, without the path. */
  readonly name: string;
}

/** An existing entry that was left out, and why: "left out, because …". */
export interface Problem {
  readonly path: string;
  readonly reason: string;
}

export interface FolderScan<Kind extends string> {
  /** Folders before their entries; the entries of a folder in the order people count and spell. */
  readonly entries: Entry<Kind>[];
  readonly problems: Problem[];
  /** Paths that were not searched: hidden entries and `node_modules`, unless `all`. */
  readonly skipped: string[];
  /** Files for which `kindOf` gives undefined. */
  readonly otherFiles: number;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'variant' });
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The order of names in a folder, as people count and spell; no two names are equal in it. */
export const compareNames = (one: string, other: string): number =>
  collator.compare(one, other) || (one < other ? -1 : one > other ? 1 : 0);

/**
 * Finds the folders that hold something, and the files that the caller takes.
 *
 * It reports unusable entries as problems and never skips them silently: symbolic links (they can
 * lead in circles and out of the folder), folders that can't be read, names that are not UTF-8,
 * names that are too long, pipes and sockets. So a caller that compares two scans can distinguish a
 * deleted entry from an unreadable one; see `isUnread`.
 *
 * @param options.kindOf the kind of a file by its name, or undefined to leave it out
 * @param options.all also hidden entries and `node_modules`
 * @param options.maxPathBytes a longer path is a problem; default 4,096
 * @throws the system's error when `root` itself can't be read
 */
export async function scanFolder<Kind extends string>(
  root: string,
  options: {
    kindOf: (name: string) => Kind | undefined;
    all?: boolean | undefined;
    maxPathBytes?: number;
  },
): Promise<FolderScan<Kind>> {
  const { kindOf, all = false, maxPathBytes = 4096 } = options;
  const scan = {
    entries: [] as Entry<Kind>[],
    problems: [] as Problem[],
    skipped: [] as string[],
    otherFiles: 0,
  };
  const leaveOut = (path: string, reason: string) => scan.problems.push({ path, reason });

  const visit = async (parent: string | null, { entry, name, isDecoded }: Named): Promise<void> => {
    const path = `${parent ?? ''}${name}${entry.isDirectory() ? '/' : ''}`;
    if (!all && (name.startsWith('.') || name === 'node_modules')) scan.skipped.push(path);
    else if (!isDecoded) leaveOut(path, 'its name is not UTF-8');
    else if (Buffer.byteLength(path) > maxPathBytes)
      leaveOut(path, `its path is longer than ${maxPathBytes} bytes`);
    else if (entry.isSymbolicLink()) leaveOut(path, 'it is a symbolic link');
    else if (entry.isDirectory()) {
      const before = scan.entries.length;
      scan.entries.push({ path, kind: 'folder', parent, name });
      await walk(path);
      if (scan.entries.length === before + 1) scan.entries.pop();
    } else if (!entry.isFile()) leaveOut(path, 'it is neither a file nor a folder');
    else {
      const kind = kindOf(name);
      if (kind === undefined) scan.otherFiles += 1;
      else scan.entries.push({ path, kind, parent, name });
    }
  };
  const walk = async (folder: string): Promise<void> => {
    let found: Named[];
    try {
      found = await list(join(root, folder));
    } catch (error) {
      leaveOut(folder, `it can't be read (${codeOf(error)})`);
      return;
    }
    for (const entry of found) await visit(folder, entry);
  };
  for (const entry of await list(root)) await visit(null, entry);
  return scan;
}

interface Named {
  readonly entry: Dirent<Buffer>;
  /** As text to show, with U+FFFD for bytes that are not UTF-8; not for opening. */
  readonly name: string;
  readonly isDecoded: boolean;
}

/** Reads names as bytes, because as text, one that is not UTF-8 would name a missing file. */
async function list(folder: string): Promise<Named[]> {
  const entries = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  const named = entries.map((entry) => {
    try {
      return { entry, name: utf8.decode(entry.name), isDecoded: true };
    } catch {
      return { entry, name: entry.name.toString('utf8'), isDecoded: false };
    }
  });
  return named.sort((one, other) => compareNames(one.name, other.name));
}

/** The system's error code, such as EACCES. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
