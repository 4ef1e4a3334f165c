import { realpath } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  readText,
  scanFolder,
  splitFrontMatter,
  textField,
  UnreadableFile,
} from '@reference/folder-reader';
import { InvalidInputError } from '@reference/kit';
import { type DocumentInput, defaultMaxBytes } from './document-input.ts';

/** The extensions of text files. */
const mimeTypes: Readonly<Record<string, string>> = {
  '.md': 'text/markdown',
  '.mdx': 'text/mdx',
  '.markdown': 'text/markdown',
  '.txt': 'text/plain',
};

/** The text files below a folder, and the entries that cannot be read. */
export interface TextFiles {
  readonly files: readonly string[];
  readonly problems: readonly { readonly path: string; readonly reason: string }[];
}

/**
 * Finds the text files below a folder, in the order of their names. It follows no link below the
 * folder, so that a tree of links (node_modules) ends.
 */
export async function textFiles(folder: string): Promise<TextFiles> {
  const root = await realpath(folder);
  const { entries, problems } = await scanFolder(root, {
    kindOf: (name) => (extname(name).toLowerCase() in mimeTypes ? 'text' : undefined),
  });
  return {
    files: entries.filter(({ kind }) => kind === 'text').map(({ path }) => join(root, path)),
    problems: problems.map(({ path, reason }) => ({ path: join(root, path), reason })),
  };
}

/**
 * Reads a file as a document: the title from its front matter, first heading or name, the address its
 * `file:` URL.
 * @throws InvalidInputError for a file that cannot be read as text, or is over `maxBytes`
 */
export async function readDocument(
  path: string,
  maxBytes = defaultMaxBytes,
): Promise<DocumentInput> {
  const { title, text } = withoutFrontMatter(await contentsOf(path, maxBytes));
  const heading = /^#\s+(.+)$/m.exec(text)?.[1]?.trim();
  const mimeType = mimeTypes[extname(path).toLowerCase()];
  return {
    // A cut within a surrogate pair would leave half a character.
    title: (title || heading || basename(path)).slice(0, 1000).replace(/[\ud800-\udbff]$/, ''),
    text,
    source: 'upload',
    sourceUrl: pathToFileURL(path).href,
    ...(mimeType && { mimeType }),
  };
}

async function contentsOf(path: string, maxBytes: number): Promise<string> {
  try {
    return (await readText(path, { maxBytes })).text;
  } catch (error) {
    if (error instanceof UnreadableFile) {
      throw new InvalidInputError(`The file was left out, because ${error.message}.`);
    }
    throw error;
  }
}

/**
 * Removes the YAML block at the top; its `title` names the document, its `description` opens the
 * text.
 */
function withoutFrontMatter(text: string): { title: string | undefined; text: string } {
  const { fields, body } = splitFrontMatter(text);
  const description = textField(fields, 'description');
  return {
    title: textField(fields, 'title'),
    text: description ? `${description}\n\n${body}` : body,
  };
}
