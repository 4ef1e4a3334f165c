import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidInputError } from '@reference/kit';

/**
 * The JSON files that a path names: itself, or all of a folder's, in the order of their names.
 * @throws InvalidInputError when there is no such file or folder, or it holds no JSON file
 */
export async function findJsonFiles(path: string): Promise<string[]> {
  const found = await stat(path).catch(() => undefined);
  if (!found) throw new InvalidInputError(`There is no file or folder ${path}.`);
  if (found.isFile()) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  if (files.length === 0) throw new InvalidInputError(`There is no .json file in ${path}.`);
  return files;
}

/**
 * Reads a JSON file.
 * @throws InvalidInputError when it is no JSON; the message names the file
 */
export async function readJsonFile(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new InvalidInputError(`${file} is not JSON.`);
  }
}
