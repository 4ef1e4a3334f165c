import { readFile } from 'node:fs/promises';
import { sourceFiles } from '../load/files.ts';
import type { Location } from '../model/model.ts';
import type { JudgedQuery } from './judged.ts';

/** The places of `name: '…'` in the `*.plans.*` files of a project, by the name. */
const namesIn = async (folder: string): Promise<Map<string, Location>> => {
  const found = new Map<string, Location>();
  for (const file of await sourceFiles(folder)) {
    if (!/\.plans\.[mc]?[jt]s$/.test(file)) continue;
    for (const [number, line] of (await readFile(file, 'utf8')).split('\n').entries()) {
      const name = /\bname:\s*(['"`])(.*?)\1/.exec(line);
      if (name?.[2] !== undefined)
        found.set(name[2], { file, line: number + 1, column: name.index + 1 });
    }
  }
  return found;
};

/** The same queries, each with the line of its `*.plans.*` file that names it. */
export const placed = async (
  queries: readonly JudgedQuery[],
  folder: string,
): Promise<JudgedQuery[]> => {
  const places = await namesIn(folder);
  return queries.map((query) => ({ ...query, location: places.get(query.name) }));
};
