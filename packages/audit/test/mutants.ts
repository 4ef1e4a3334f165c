import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Rule } from '../src/rules/rule.ts';

const rulesFolder = fileURLToPath(new URL('../src/rules/', import.meta.url));
const folder = fileURLToPath(
  new URL(`../node_modules/.cache/mutants-${process.pid}/`, import.meta.url),
);

export interface Mutant {
  /** The line of the check that was removed. */
  readonly line: number;
  readonly rule: Rule;
}

const isRule = (value: unknown): value is Rule =>
  typeof value === 'object' && value !== null && 'check' in value && 'id' in value;

/** The text of the file that defines a rule. */
const sourceOf = async (id: string): Promise<string | undefined> => {
  for (const file of await readdir(rulesFolder)) {
    const text = await readFile(join(rulesFolder, file), 'utf8');
    if (text.includes(`id: '${id}',`)) return text;
  }
  return undefined;
};

/** A rule without one of its checks, for each place where it says that it found something. */
export const mutantsOf = async (id: string): Promise<Mutant[]> => {
  const text = await sourceOf(id);
  if (text === undefined) return [];
  await mkdir(folder, { recursive: true });
  const absolute = text.replace(
    /from '(\.[^']+)'/g,
    (_, path: string) => `from '${pathToFileURL(join(rulesFolder, path)).pathname}'`,
  );
  const mutants: Mutant[] = [];
  for (const { index } of absolute.matchAll(/\byield\b/g)) {
    const before = absolute.slice(0, index);
    const line = before.split('\n').length;
    const path = join(folder, `${id}-${line}.ts`);
    await writeFile(path, before + absolute.slice(index).replace(/^yield\*?/, 'void'));
    const module: Record<string, unknown> = await import(path);
    const rule = Object.values(module).find(isRule);
    if (rule) mutants.push({ line, rule });
  }
  return mutants;
};

export const removeMutants = (): Promise<void> => rm(folder, { recursive: true, force: true });
