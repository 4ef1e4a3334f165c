import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { readText, scanFolder, UnreadableFile } from '@reference/folder-reader';
import { InvalidInputError } from '@reference/kit';

/** A JSON file's contents, or why it could not be read. */
export type JsonFile =
  | { readonly source: string; readonly value: unknown }
  | { readonly source: string; readonly problem: string };

/** The JSON files under a path, and the entries that cannot be read. */
export interface JsonFiles {
  readonly folder: string;
  readonly files: readonly string[];
  readonly problems: readonly JsonFile[];
}

/** The limit for one file. V8 cannot hold a text of twice that. */
const maxBytes = 256 * 1024 * 1024;

/**
 * Finds the JSON files of a path: the file itself, or all of a folder's, in the order of their
 * names.
 * @throws InvalidInputError when there is no such file or folder, or it holds no JSON file
 */
export async function findJsonFiles(path: string): Promise<JsonFiles> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new InvalidInputError(`There is no file or folder ${path}.`);
  if (!found.isDirectory()) return { folder: dirname(path), files: [basename(path)], problems: [] };
  const scan = await scanFolder(path, {
    kindOf: (name) => (name.endsWith('.json') ? 'json' : undefined),
  });
  const files = scan.entries.filter(({ kind }) => kind === 'json').map((entry) => entry.path);
  const problems = scan.problems.map(({ path: source, reason }) => ({ source, problem: reason }));
  if (files.length + problems.length === 0) {
    throw new InvalidInputError(`There is no .json file in ${path}.`);
  }
  return { folder: path, files, problems };
}

/** Reads JSON files one after another. It yields an unreadable one with its reason. */
export async function* readJsonFiles({
  folder,
  files,
  problems,
}: JsonFiles): AsyncGenerator<JsonFile> {
  yield* problems;
  for (const source of files) yield await readJsonFile(folder, source);
}

async function readJsonFile(folder: string, source: string): Promise<JsonFile> {
  try {
    const { text } = await readText(join(folder, source), { maxBytes });
    return { source, value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof UnreadableFile) return { source, problem: error.message };
    if (error instanceof SyntaxError) return { source, problem: 'it is not JSON' };
    // Nesting too deep for the parser's stack.
    if (error instanceof RangeError) return { source, problem: 'it is nested too deep' };
    throw error;
  }
}
