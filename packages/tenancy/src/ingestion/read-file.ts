import { open, readdir, realpath } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidInputError } from '@reference/kit';
import { type DocumentInput, defaultMaxBytes } from './document-input.ts';

/** What is taken for text, by extension. */
const mimeTypes: Readonly<Record<string, string>> = {
  '.md': 'text/markdown',
  '.mdx': 'text/mdx',
  '.markdown': 'text/markdown',
  '.txt': 'text/plain',
};

/**
 * The text files below a folder, in the order of their names. Follows no link but the folder itself,
 * so that a tree of links (node_modules) ends.
 */
export async function* textFiles(folder: string): AsyncGenerator<string> {
  yield* below(await realpath(folder));
}

async function* below(folder: string): AsyncGenerator<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* below(path);
    else if (entry.isFile() && extname(path).toLowerCase() in mimeTypes) yield path;
  }
}

/**
 * Reads a file as a document: the title from its front matter, first heading or name, the address its
 * `file:` URL.
 * @throws InvalidInputError for a file over `maxBytes`, without reading it
 */
export async function readDocument(
  path: string,
  maxBytes = defaultMaxBytes,
): Promise<DocumentInput> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) {
      throw new InvalidInputError(`The file has ${size} bytes; at most ${maxBytes} are taken.`);
    }
    const { title, text } = withoutFrontMatter(await file.readFile('utf8'));
    const heading = /^#\s+(.+)$/m.exec(text)?.[1];
    const mimeType = mimeTypes[extname(path).toLowerCase()];
    return {
      title: (title ?? heading ?? basename(path)).slice(0, 1000),
      text,
      source: 'upload',
      sourceUrl: pathToFileURL(path).href,
      ...(mimeType && { mimeType }),
    };
  } finally {
    await file.close();
  }
}

/** Takes the YAML block off the top; its `title` names the document, its `description` opens the text. */
function withoutFrontMatter(text: string): { title: string | undefined; text: string } {
  const block = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---(?:\r?\n|$)/.exec(text);
  if (!block?.[1]) return { title: undefined, text };
  const field = (name: string) =>
    new RegExp(`^${name}:\\s*["']?(.*?)["']?\\s*$`, 'm').exec(block[1] ?? '')?.[1] || undefined;
  const description = field('description');
  const body = text.slice(block[0].length);
  return { title: field('title'), text: description ? `${description}\n\n${body}` : body };
}
