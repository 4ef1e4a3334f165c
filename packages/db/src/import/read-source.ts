import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { extname, join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { maxPageContent } from '../schema/index.ts';
import { outlineOf } from './markdown.ts';
import { codeOf, imageTypes, type Source } from './scan-folder.ts';

/** What a file gives to its page. */
export interface SourceFile {
  /** SHA-256 of its bytes. */
  readonly contentHash: string;
  /** Bytes. */
  readonly size: number;
  /** Only for a document that differs from what was imported before. */
  readonly document?: {
    readonly title: string;
    readonly content: string;
    readonly links: string[];
  };
  readonly mimeType?: string;
}

/** A file that can't become a page; `reason` completes "left out, because …". */
export class UnreadableSource extends Error {}

const maxTitle = 500;
const maxLinks = 1000;
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads a file.
 *
 * @param knownHash the hash that was imported before: a document that still has it isn't parsed
 * @throws UnreadableSource for one that can't be read, isn't UTF-8, holds NUL or is too large
 */
export async function readSource(
  root: string,
  source: Source,
  knownHash: string | null,
): Promise<SourceFile> {
  try {
    const file = join(root, source.path);
    return source.kind === 'image'
      ? await readImage(file)
      : await readDocument(file, source, knownHash);
  } catch (error) {
    if (error instanceof UnreadableSource) throw error;
    throw new UnreadableSource(`it can't be read (${codeOf(error)})`);
  }
}

async function readImage(file: string): Promise<SourceFile> {
  const { size } = await stat(file);
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const mimeType = imageTypes.get(extname(file).toLowerCase());
  return { contentHash: hash.digest('hex'), size, ...(mimeType && { mimeType }) };
}

async function readDocument(
  file: string,
  source: Source,
  knownHash: string | null,
): Promise<SourceFile> {
  const { size } = await stat(file);
  // UTF-8 takes at most 4 bytes a character: beyond, reading it is of no use.
  if (size > 4 * maxPageContent) throw tooLarge();
  const bytes = await readFile(file);
  const contentHash = createHash('sha256').update(bytes).digest('hex');
  const read = { contentHash, size: bytes.length };
  if (contentHash === knownHash) return read;
  const content = decode(bytes);
  if (content.length > maxPageContent) throw tooLarge();
  const { title, targets } = /\.(md|markdown|mdx)$/i.test(source.name)
    ? outlineOf(content)
    : { title: undefined, targets: [] };
  const links = targets.flatMap((target) => resolveLink(source.path, target) ?? []);
  return {
    ...read,
    document: {
      title: titleOf(title, source.name),
      content,
      links: [...new Set(links)].slice(0, maxLinks),
    },
  };
}

const tooLarge = () =>
  new UnreadableSource(`it is longer than ${maxPageContent.toLocaleString('en')} characters`);

function decode(bytes: Buffer): string {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    throw new UnreadableSource('it is not UTF-8 text');
  }
  if (text.includes('\0')) throw new UnreadableSource('it holds NUL characters, so it is no text');
  return text;
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
    path = decodeURIComponent(target.replace(/[?#].*$/s, ''));
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
