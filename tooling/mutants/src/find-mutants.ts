import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sourceFiles } from './files.ts';
import type { Change, Mutant } from './mutant.ts';
import { drizzleChanges, drizzleImports, namespace } from './operators/drizzle.ts';
import { languageChanges } from './operators/language.ts';
import { schemaChanges } from './operators/schema-rules.ts';
import { statementTextChanges } from './operators/statement-text.ts';
import { isFunction, parse, walk } from './syntax.ts';
import type { Package } from './workspace.ts';

/** Every mutant of a package's sources and of the schema that its migrations end in. */
export async function findMutants(root: string, of: Package): Promise<Mutant[]> {
  const files = await sourceFiles(root, of);
  const inSources = await Promise.all(
    files.map(async (file) => mutantsOfSource(file, await readFile(join(root, file), 'utf8'))),
  );
  const inSchema = of.migrations ? await schemaMutants(root, of, of.migrations) : [];
  return [...inSources.flat(), ...inSchema];
}

/** The mutants of one TypeScript file. */
export function mutantsOfSource(file: string, text: string): Mutant[] {
  const program = parse(file, text);
  const imported = drizzleImports(program);
  const found: (Change & { functionStart?: number })[] = [];
  walk(program, (node, above) => {
    const holder = above.findLast(isFunction);
    const changes = [
      ...languageChanges(node, text),
      ...drizzleChanges(node, text, imported),
      ...statementTextChanges(node, text),
    ];
    for (const change of changes) {
      found.push(holder ? { ...change, functionStart: holder.start } : change);
    }
  });
  const seen = new Map<string, number>();
  return found.map(({ operator, functionStart, ...edit }) => {
    const before = text.slice(edit.start, edit.end);
    const context = lineAround(text, edit.start);
    const key = [file, operator, before, edit.text, context].join('\0');
    const nth = seen.get(key) ?? 0;
    seen.set(key, nth + 1);
    return {
      id: idOf(key, nth),
      file,
      line: text.slice(0, edit.start).split('\n').length,
      operator,
      before: oneLine(before === '' ? context : before),
      after: oneLine(edit.text),
      edit,
      ...(functionStart === undefined ? {} : { functionStart }),
    };
  });
}

/** The text of a file with a mutant in it. */
export function applyMutant(text: string, { edit, file }: Mutant): string {
  const changed = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  if (!file.endsWith('.ts') || !edit.text.startsWith(`${namespace}.`)) return changed;
  return `${changed}\nimport * as ${namespace} from 'drizzle-orm';\n`;
}

async function schemaMutants(root: string, of: Package, migrations: string): Promise<Mutant[]> {
  const dump = await readFile(join(root, of.folder, 'schema.sql'), 'utf8');
  const end = (await readFile(join(root, migrations), 'utf8')).length;
  return schemaChanges(dump)
    .filter(({ table }) => !/_p\d+$/.test(table))
    .map(({ operator, at, name, table, before, after, statement }) => {
      const bare = table.replace(/^public\.|"/g, '');
      const text = `\n--> statement-breakpoint\n${statement};\n`;
      return {
        id: idOf([of.name, operator, name, statement].join('\0'), 0),
        file: migrations,
        line: dump.slice(0, at).split('\n').length,
        operator,
        before: oneLine(before),
        after: oneLine(after),
        edit: { start: end, end, text },
        words: [name.replaceAll('"', ''), bare, camelCase(bare)],
      };
    });
}

const idOf = (key: string, nth: number): string =>
  createHash('sha256').update(`${key}\0${nth}`).digest('hex').slice(0, 12);

const camelCase = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 160);

const lineAround = (text: string, at: number): string => {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const end = text.indexOf('\n', at);
  return text.slice(start, end < 0 ? undefined : end).trim();
};
