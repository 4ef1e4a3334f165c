import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf, refused, usage } from '../errors.ts';
import type { MigrationFolder } from '../folder/migration-folder.ts';
import { isRecord } from '../review/ast.ts';
import { applyHints, swappedEntities, withNamesOf } from './entities.ts';
import type {
  Answers,
  Difference,
  DrizzleKit,
  NewMigration,
  Snapshot,
  WrittenMigration,
} from './kit-contract.ts';
import { refuseSwapped } from './renames.ts';
import type { ProjectConfig } from './schema.ts';
import { latestSnapshot } from './snapshots.ts';

type Call = (...args: unknown[]) => unknown;

const isSnapshot = (value: unknown): value is Snapshot =>
  isRecord(value) && typeof value.id === 'string' && Array.isArray(value.ddl);

const snapshotIn = (value: unknown): Snapshot => {
  if (isSnapshot(value)) return value;
  throw usage('drizzle-kit gave no snapshot: its version may be unsupported');
};

const ORIGIN = '00000000-0000-0000-0000-000000000000';

const emptySnapshot = (): Snapshot => ({
  version: '9',
  dialect: 'postgres',
  id: ORIGIN,
  prevIds: [],
  ddl: [],
});

interface Question {
  readonly type: string;
  readonly kind: string;
  readonly entity: readonly string[];
}

const isQuestion = (value: unknown): value is Question =>
  isRecord(value) &&
  typeof value.type === 'string' &&
  typeof value.kind === 'string' &&
  Array.isArray(value.entity);

/** The questions of drizzle-kit; empty if the error is another one. */
const questionsOf = (error: unknown): Question[] => {
  const asked = isRecord(error) ? error.missingHints : undefined;
  return Array.isArray(asked) ? asked.filter(isQuestion) : [];
};

const refuseQuestions = (questions: readonly Question[]): never => {
  const asked = questions.map(({ kind, entity }) => `${kind} ${entity.join('.')}`).join(', ');
  throw refused(
    'usage',
    `an object is gone and one of its kind is new, which may be a rename (${asked}). Say which with --rename table.old=new (or --rename old_table=new_table), or --no-renames when nothing was renamed.`,
  );
};

const answerOf = ({ type, kind, entity }: Question): unknown => ({
  type: type === 'rename_or_create' ? 'create' : type,
  kind,
  entity,
});

const readJson = async (path: string): Promise<unknown> => {
  const content = await readFile(path, 'utf8').catch(() => undefined);
  if (content === undefined) return undefined;
  try {
    return JSON.parse(content);
  } catch (error) {
    throw refused('folder', `${path} is not JSON: ${messageOf(error)}`);
  }
};

const run = (
  bin: string,
  args: readonly string[],
): Promise<{ readonly out: string; readonly err: string }> =>
  new Promise((done) => {
    execFile(
      process.execPath,
      [bin, ...args],
      { env: { ...process.env, NO_COLOR: '1' }, maxBuffer: 64 * 1024 * 1024 },
      (_error, out, err) => done({ out, err }),
    ).stdin?.end();
  });

/** The answer of the command line: its last line of JSON. */
const answerIn = (out: string): Record<string, unknown> => {
  for (const line of out.trim().split('\n').reverse())
    try {
      const parsed: unknown = JSON.parse(line);
      if (isRecord(parsed)) return parsed;
    } catch {
      // A line that a configuration or a schema printed.
    }
  return {};
};

const problemOf = (answer: Record<string, unknown>, err: string): string => {
  const error = isRecord(answer.error) ? answer.error : {};
  const message = error.message ?? error.code;
  return typeof message === 'string' ? message : err.trim();
};

/**
 * The project's own configuration, or an equal one if that cannot be used: for another folder, or
 * in JSON, which drizzle-kit 1.0.0-rc.5 does not load on Node.
 */
const withConfig = async <T>(
  config: ProjectConfig,
  folder: string,
  work: (path: string) => Promise<T>,
): Promise<T> => {
  const { path, out } = config;
  if (path !== undefined && !path.endsWith('.json') && out === resolve(folder)) return work(path);
  const directory = await mkdtemp(join(tmpdir(), 'migrator-config-'));
  try {
    const own = join(directory, 'drizzle.config.mjs');
    const { schema, schemaFilter } = config;
    const same = { dialect: 'postgresql', schema, schemaFilter, out: resolve(folder) };
    await writeFile(own, `export default ${JSON.stringify(same)};\n`);
    return await work(own);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/**
 * drizzle-kit 1.0: a base snapshot and the change of each migration, which only drizzle-kit can
 * write.
 */
export const foldersKit = (
  api: Record<'generateDrizzleJson' | 'generateMigration' | 'reconstruct' | 'up', Call>,
  bin: string,
  version: string,
  config: ProjectConfig,
): DrizzleKit => {
  const ofFolders = async ({ migrations }: MigrationFolder): Promise<Snapshot> => {
    const files: Record<string, unknown> = {};
    for (const { name, snapshotPath } of migrations) {
      const snapshot = await readJson(snapshotPath);
      if (snapshot !== undefined) files[name] = snapshot;
    }
    if (Object.keys(files).length === 0) return emptySnapshot();
    try {
      return snapshotIn(await api.reconstruct(files));
    } catch (error) {
      throw refused('folder', messageOf(error));
    }
  };

  const ofJournal = async (folder: MigrationFolder): Promise<Snapshot> => {
    const converted = await api.up(await latestSnapshot(folder));
    return snapshotIn(isRecord(converted) ? converted.snapshot : undefined);
  };

  const difference = async (
    from: Snapshot,
    to: Snapshot,
    { renames = [], noRenames = false }: Answers,
  ): Promise<Difference> => {
    const { snapshot, statements, hints } = applyHints(from, renames);
    if (!noRenames) refuseSwapped(swappedEntities(snapshot, to));
    for (;;)
      try {
        const rest: unknown = await api.generateMigration(snapshot, to, { hints });
        const found = Array.isArray(rest) ? rest.map(String) : [];
        return {
          statements: [...statements, ...found],
          hints,
          isOwn: statements.length > 0,
        };
      } catch (error) {
        const questions = questionsOf(error);
        if (questions.length === 0) throw error;
        if (!noRenames) refuseQuestions(questions);
        hints.push(...questions.map(answerOf));
      }
  };

  const write = async ({
    folder,
    name,
    difference: { hints },
    sql,
    custom,
  }: NewMigration): Promise<WrittenMigration | undefined> => {
    const answered = custom ? ['--custom'] : ['--hints', JSON.stringify(hints)];
    const { out, err } = await withConfig(config, folder.path, (path) =>
      run(bin, ['generate', '--config', path, '--name', name, '--output', 'json', ...answered]),
    );
    const answer = answerIn(out);
    if (answer.status === 'no_changes') return undefined;
    if (answer.status === 'missing_hints')
      refuseQuestions(Array.isArray(answer.unresolved) ? answer.unresolved.filter(isQuestion) : []);
    if (answer.status !== 'ok' || typeof answer.migration_path !== 'string')
      throw refused('folder', `drizzle-kit ${version} generate: ${problemOf(answer, err)}`);
    const path = resolve(answer.migration_path);
    if (sql !== undefined) await writeFile(path, sql);
    const directory = dirname(path);
    return { name: basename(directory), path, downPath: join(directory, 'down.sql') };
  };

  return {
    version,
    layout: 'folders',
    empty: emptySnapshot,
    latest: (folder) => (folder.layout === 'journal' ? ofJournal(folder) : ofFolders(folder)),
    snapshotOf: async (modules, { id }) =>
      snapshotIn(await api.generateDrizzleJson(modules, id, config.schemaFilter)),
    asNamedBy: (history, current) => withNamesOf(current, history),
    difference,
    write,
  };
};
