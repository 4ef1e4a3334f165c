import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { usage } from '../errors.ts';
import { readDirectives } from '../folder/migration.ts';
import { readFolder } from '../folder/read.ts';
import { readText, withoutBom } from '../folder/text.ts';
import { splitStatements } from '../sql/split.ts';

/**
 * A tool's convention for running the files of a folder. `drizzle`: this migrator, a transaction
 * per file unless the file says otherwise. `prisma`: a file of one statement outside a transaction,
 * and one of several inside. `plain`: statement by statement, as psql does, unless the file's own
 * BEGIN or directive says otherwise.
 */
export const RUNNERS = ['drizzle', 'prisma', 'plain'] as const;
export type Runner = (typeof RUNNERS)[number];

/** Directives of other tools above a file that must run outside a transaction, or in one. */
const OUTSIDE =
  /^\s*--\s*(?:migrate:up\s+.*transaction:\s*false|\+goose\s+NO\s+TRANSACTION|no-transaction|atlas:txmode\s+none|disable_ddl_transaction|migrator:\s*no-transaction)/im;

/** True if a tool of this convention runs the file outside a transaction. */
export const runsWithoutTransaction = (sql: string, runner: Runner): boolean => {
  if (readDirectives(sql).noTransaction) return true;
  if (runner === 'drizzle') return false;
  const statements = splitStatements(sql);
  if (OUTSIDE.test(sql)) return true;
  if (statements.some(({ text }) => /^(begin|start\s+transaction)\b/i.test(text))) return false;
  if (/^\s*--\s*(?:migrate:up|\+goose\s+Up)/im.test(sql)) return false;
  return runner === 'plain' || statements.length === 1;
};

/** The up part of a file, on its own lines; dbmate and goose keep both directions in one file. */
const upPart = (sql: string): string =>
  sql.split(/^\s*--\s*(?:migrate:down|\+goose\s+Down)\b/im)[0] ?? sql;

const inOrder = new Intl.Collator('en', { numeric: true });

export interface FolderFile {
  readonly name: string;
  readonly path: string;
  readonly sql: string;
}

/** Every .sql file below a folder in the order of the names, without down files. */
const plainFiles = async (folder: string): Promise<FolderFile[]> => {
  const isFolder = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw usage(`no such folder: ${folder}`);
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => name.endsWith('.sql'))
    .filter((name) => !/(^|[._/\\-])(down|undo|rollback|revert)\.sql$/i.test(name))
    .filter((name) => !/(^|[/\\])(U\d[^/\\]*__|schema\.sql$)/.test(name))
    .sort(inOrder.compare);
  return Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { name, path, sql: upPart(withoutBom((await readText(path)) ?? '')) };
    }),
  );
};

/** The migrations of a folder, by the convention of the tool that runs them. */
export const filesOfFolder = async (folder: string, runner: Runner): Promise<FolderFile[]> => {
  if (runner === 'plain') return plainFiles(folder);
  const { migrations } = await readFolder(folder);
  return migrations.map(({ name, path, sql }) => ({ name, path, sql }));
};
