import { extname, join, posix } from 'node:path';
import { hashFile, readText, UnreadableFile } from '@reference/folder-reader';
import { maxPageContent } from '../schema/index.ts';
import { outlineOf } from './markdown.ts';
import { imageTypes, type Source } from './scan-folder.ts';

/** The content of a file for its page. */
export interface SourceFile {
  /** SHA-256 of its bytes. */
  readonly contentHash: string;
  /** Bytes. */
  readonly size: number;
  /** Only for a document that differs from its last import, or whose page was edited since. */
  readonly document?: {
    readonly title: string;
    readonly content: string;
    readonly links: string[];
  };
  readonly mimeType?: string;
}

const maxTitle = 500;
const maxLinks = 1000;

/**
 * Reads a file.
 *
 * @param knownHash the hash that was imported before: a document that still has it isn't parsed
 * @throws UnreadableFile for one that can't be read, isn't text of a known encoding or is too large
 */
export async function readSource(
  root: string,
  source: Source,
  knownHash: string | null,
): Promise<SourceFile> {
  const file = join(root, source.path);
  return source.kind === 'image' ? readImage(file) : readDocument(file, source, knownHash);
}

async function readImage(file: string): Promise<SourceFile> {
  const { sha256: contentHash, size } = await hashFile(file);
  const mimeType = imageTypes.get(extname(file).toLowerCase());
  return { contentHash, size, ...(mimeType && { mimeType }) };
}

async function readDocument(
  file: string,
  source: Source,
  knownHash: string | null,
): Promise<SourceFile> {
  // UTF-8 takes at most 4 bytes a character, so a longer file cannot fit.
  const read = await readText(file, { maxBytes: 4 * maxPageContent });
  const { text: content, sha256: contentHash, size } = read;
  if (contentHash === knownHash) return { contentHash, size };
  if (content.length > maxPageContent) {
    throw new UnreadableFile(`it is longer than ${maxPageContent.toLocaleString('en')} characters`);
  }
  const { title, targets } = /\.(md|markdown|mdx)$/i.test(source.name)
    ? outlineOf(content)
    : { title: undefined, targets: [] };
  const links = targets.flatMap((target) => resolveLink(source.path, target) ?? []);
  return {
    contentHash,
    size,
    document: {
      title: titleOf(title, source.name),
      content,
      links: [...new Set(links)].slice(0, maxLinks),
    },
  };
}

const titleOf = (heading: string | undefined, name: string): string => {
  const title = heading ?? (name.slice(0, -extname(name).length) || name);
  return [...title].slice(0, maxTitle).join('').trim() || name;
};

/**
 * The path inside the imported folder that a link points to, or undefined when it leads elsewhere:
 * to the web, out of the folder, to a place within the same document.
 */
export function resolveLink(from: string, target: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:|^\/\/|^#/i.test(target)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(target.replace(/[?#][\s\S]*$/, ''));
  } catch {
    return undefined;
  }
  if (path === '' || path.includes('\0')) return undefined;
  const resolved = path.startsWith('/')
    ? posix.normalize(path).slice(1)
    : posix.normalize(posix.join(posix.dirname(from), path));
  return resolved === '' || resolved === '.' || resolved.startsWith('../') || resolved === '..'
    ? undefined
    : resolved;
}
