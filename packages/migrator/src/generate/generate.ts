import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareCatalogs, describeDifferences } from '../catalog/compare.ts';
import { catalogOf } from '../catalog/describe.ts';
import { messageOf, refused, usage } from '../errors.ts';
import type { Migration } from '../folder/migration.ts';
import { parseJournal, readFolder } from '../folder/read.ts';
import { applyMigrations } from '../migrate.ts';
import { isRecord } from '../review/ast.ts';
import type { Finding } from '../review/finding.ts';
import { review } from '../review/review.ts';
import { limitsOf } from '../run/options.ts';
import type { Session } from '../run/session.ts';
import { type BookkeepingNames, tablesOf } from '../run/tables.ts';
import { inScratch, type ScratchSource } from '../scratch.ts';
import { aroundViews } from './around-views.ts';
import { fillRows } from './fill-rows.ts';
import {
  type DrizzleKit,
  loadDrizzleKit,
  loadSchema,
  type ProjectConfig,
  type Snapshot,
} from './schema.ts';
import {
  applyRenames,
  latestSnapshot,
  type Rename,
  reverseRenames,
  swappedValues,
  withoutDropped,
} from './snapshots.ts';

export interface GenerateOptions {
  readonly folder: string;
  /** What the migration does, in snake_case. */
  readonly name: string;
  readonly config: ProjectConfig;
  /** Answers about what was renamed. */
  readonly renames?: readonly Rename[];
  /** Take nothing for a rename: what is gone is dropped, what is new is made. */
  readonly noRenames?: boolean;
  /** An empty migration to write SQL into. */
  readonly custom?: boolean;
  /** Where the down migration is proved. */
  readonly scratch: ScratchSource;
  readonly bookkeeping?: BookkeepingNames;
}

export interface Generated {
  readonly name: string;
  readonly path: string;
  /** Where the way back stands, or belongs. */
  readonly downPath: string;
  /** Why no down migration was kept; undefined when it was. */
  readonly withoutDown?: string;
  /** What the migration fails with where its tables hold rows; undefined when it runs there too. */
  readonly rowsProblem?: string;
  readonly findings: readonly Finding[];
}

const BREAK = '--> statement-breakpoint\n';

const toFile = (statements: readonly string[]): string =>
  statements.map((statement) => statement.trim()).join(BREAK);

/** drizzle-kit asks on a terminal whether a new column is an old one; elsewhere that is an error. */
const differenceOf = async (
  kit: DrizzleKit,
  from: Snapshot,
  to: Snapshot,
  { renames = [], noRenames = false }: Pick<GenerateOptions, 'renames' | 'noRenames'>,
): Promise<string[]> => {
  const { snapshot, statements } = applyRenames(from, renames);
  const [swapped] = noRenames ? [] : swappedValues(snapshot, to);
  if (swapped)
    throw refused(
      'usage',
      `the enum ${swapped.name} loses ${swapped.gone.join(', ')} and gains ${swapped.fresh.join(', ')}, which may be a rename. Say which with --rename ${swapped.name}.${swapped.gone[0]}=${swapped.fresh[0]}, or --no-renames when none was renamed: then rows that hold the old value have to be changed first.`,
    );
  try {
    if (!noRenames) return [...statements, ...(await kit.difference(snapshot, to))];
    const between = withoutDropped(snapshot, to);
    return [
      ...statements,
      ...(await kit.difference(snapshot, between)),
      ...(await kit.difference(between, to)),
    ];
  } catch (error) {
    if (process.stdin.isTTY && !/tty|prompt/i.test(messageOf(error))) throw error;
    throw refused(
      'usage',
      `something is gone and something of its kind is new, which may be a rename (${messageOf(error)}). Say which with --rename table.old=new (or --rename old_table=new_table), or --no-renames when nothing was renamed.`,
    );
  }
};

interface Proof {
  readonly scratch: ScratchSource;
  readonly before: readonly Migration[];
  readonly up: readonly string[];
  readonly down: readonly string[];
}

interface Failure {
  readonly at: 'up' | 'down' | 'end';
  readonly message: string;
}

/** The names in quotes, which among others are those of the tables. */
const namesIn = (statements: readonly string[]): string[] => [
  ...new Set(
    statements.flatMap((text) => [...text.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name)),
  ),
];

/** Applies everything, takes the last migration back, and tells how the result differs. */
const attempt = (
  { scratch, before, up, down }: Proof,
  withRows: boolean,
): Promise<Failure | undefined> =>
  inScratch(scratch, async (session) => {
    await applyMigrations(session, 'journal', tablesOf(), before, limitsOf({}), () => {});
    const expected = await catalogOf(session);
    if (withRows) await fillRows(session, namesIn(up));
    const step = (at: 'up' | 'down', statements: readonly string[]) =>
      session.run(`begin; ${statements.join('\n')}; commit;`).then(
        () => undefined,
        async (error: unknown): Promise<Failure> => {
          await session.run('rollback').catch(() => {});
          return { at, message: messageOf(error) };
        },
      );
    const failure = (await step('up', up)) ?? (await step('down', down));
    if (failure) return failure;
    const differences = compareCatalogs(expected, await catalogOf(session));
    return differences.length === 0
      ? undefined
      : { at: 'end', message: `:\n${describeDifferences(differences)}` };
  });

const SAYS: Record<Failure['at'], string> = {
  up: 'the migration itself fails on an empty database: ',
  down: 'the generated way back fails: ',
  end: 'the generated way back does not restore the schema',
};

/** Proves up and down on tables with rows, and, where that fails, tells whether rows are the reason. */
const prove = async (
  proof: Proof,
): Promise<{ readonly withoutDown?: string; readonly rowsProblem?: string }> => {
  const onRows = await attempt(proof, true);
  if (!onRows) return {};
  const onNone = onRows.at === 'end' ? onRows : await attempt(proof, false);
  if (onNone) return { withoutDown: SAYS[onNone.at] + onNone.message };
  return onRows.at === 'up'
    ? { rowsProblem: onRows.message }
    : { withoutDown: `the generated way back fails where there are rows: ${onRows.message}` };
};

/** In the state after the history, or after the statements as well. */
const inState = <T>(
  scratch: ScratchSource,
  before: readonly Migration[],
  statements: readonly string[],
  work: (session: Session) => Promise<T>,
): Promise<T> =>
  inScratch(scratch, async (session) => {
    await applyMigrations(session, 'journal', tablesOf(), before, limitsOf({}), () => {});
    if (statements.length > 0) await session.run(`begin; ${statements.join('\n')}; commit;`);
    return work(session);
  });

const changesTypes = (statements: readonly string[]): boolean =>
  statements.some((text) => / SET DATA TYPE /i.test(text));

/** A constraint goes before the table that it points at: drizzle-kit drops the table first. */
const constraintsFirst = (statements: readonly string[]): string[] => {
  const drops = (text: string) => /^ALTER TABLE .* DROP CONSTRAINT /i.test(text.trim());
  const first = statements.findIndex((text) => /^DROP TABLE /i.test(text.trim()));
  if (first === -1) return [...statements];
  const later = statements.slice(first);
  return [
    ...statements.slice(0, first),
    ...later.filter(drops),
    ...later.filter((text) => !drops(text)),
  ];
};

const nextNumber = (migrations: readonly Migration[]): string => {
  const highest = Math.max(-1, ...migrations.map(({ name }) => Number.parseInt(name, 10) || 0));
  return String(highest + 1).padStart(4, '0');
};

const writeJournal = async (folder: string, tag: string, when: number): Promise<void> => {
  const path = join(folder, 'meta', '_journal.json');
  const text = await readFile(path, 'utf8').catch(
    () => '{"version":"7","dialect":"postgresql","entries":[]}',
  );
  const entries = parseJournal(text, path);
  const journal: unknown = JSON.parse(text);
  const next = { idx: entries.length, version: '7', when, tag, breakpoints: true };
  const all = isRecord(journal) && Array.isArray(journal.entries) ? journal.entries : [];
  await writeFile(
    path,
    `${JSON.stringify({ ...(isRecord(journal) ? journal : {}), entries: [...all, next] }, undefined, 2)}\n`,
  );
};

/**
 * Writes the next migration of a drizzle-kit folder: the SQL that leads from the last snapshot to
 * the schema, its snapshot and journal entry, and the way back, which is kept only when a scratch
 * database proves that it restores the schema.
 *
 * @returns undefined when the schema has not changed
 * @throws MigratorError `usage` (exit 2) when drizzle-kit would have to ask about a rename
 */
export const generate = async (options: GenerateOptions): Promise<Generated | undefined> => {
  if (!/^[\w-]+$/.test(options.name))
    throw usage(`--name ${options.name}: use letters, digits and _ only`);
  await mkdir(options.folder, { recursive: true });
  const folder = await readFolder(options.folder);
  if (folder.layout === 'folders' && folder.migrations.length > 0)
    throw refused(
      'folder',
      `${folder.path} has drizzle-kit 1.0's layout: run drizzle-kit generate, and write down.sql beside migration.sql`,
    );
  const { scratch } = options;
  const previous = await latestSnapshot(folder);
  const kit = await loadDrizzleKit('.', options.config);
  const current: Snapshot = options.custom
    ? { ...previous, id: crypto.randomUUID(), prevId: previous.id }
    : kit.snapshotOf(await loadSchema(options.config.schema), previous.id);
  const difference = options.custom ? [] : await differenceOf(kit, previous, current, options);
  if (difference.length === 0 && !options.custom) return undefined;
  const up = changesTypes(difference)
    ? await inState(scratch, folder.migrations, [], (session) => aroundViews(session, difference))
    : difference;

  const name = `${nextNumber(folder.migrations)}_${options.name}`;
  const path = join(folder.path, `${name}.sql`);
  await mkdir(join(folder.path, 'meta'), { recursive: true });
  const sql = options.custom ? '-- Write the SQL of this migration here.\n' : `${toFile(up)}\n`;
  await writeFile(path, sql);
  await writeFile(
    join(folder.path, 'meta', `${name.split('_')[0]}_snapshot.json`),
    `${JSON.stringify(current, undefined, 2)}\n`,
  );
  const newest = Math.max(0, ...folder.migrations.map(({ createdAt }) => createdAt));
  await writeJournal(folder.path, name, Math.max(Date.now(), newest + 1));

  const history = folder.migrations.map((migration) => ({
    name: migration.path,
    sql: migration.sql,
  }));
  const findings = await review([{ name: path, sql }], { history });
  const proved = options.custom
    ? { withoutDown: 'its SQL is written by hand, and so is its way back' }
    : await keepDown(
        options,
        kit,
        { previous, current, up, name, path: folder.path },
        folder.migrations,
      );
  const downPath = join(folder.path, `${name}.down.sql`);
  return { name, path, downPath, findings, ...proved };
};

interface Written {
  readonly previous: Snapshot;
  readonly current: Snapshot;
  readonly up: readonly string[];
  readonly name: string;
  readonly path: string;
}

/** Writes the down file when it can be proved; otherwise says why not. */
const keepDown = async (
  options: GenerateOptions,
  kit: DrizzleKit,
  written: Written,
  before: readonly Migration[],
): Promise<{ readonly withoutDown?: string; readonly rowsProblem?: string }> => {
  const { scratch } = options;
  const { up } = written;
  const downPath = join(written.path, `${written.name}.down.sql`);
  await rm(downPath, { force: true });
  let statements: string[];
  try {
    statements = await differenceOf(kit, written.current, written.previous, {
      renames: reverseRenames(options.renames ?? []),
      // Backwards nothing is renamed that was not said to be on the way here.
      noRenames: true,
    });
  } catch (error) {
    return { withoutDown: `drizzle-kit cannot go back from here: ${messageOf(error)}` };
  }
  if (statements.length === 0) return { withoutDown: 'going back, drizzle-kit sees nothing to do' };
  let down = constraintsFirst(statements);
  if (changesTypes(down))
    down = await inState(scratch, before, up, (session) => aroundViews(session, down)).catch(
      () => down,
    );
  const proved = await prove({ scratch, before, up, down });
  if (proved.withoutDown === undefined) await writeFile(downPath, `${toFile(down)}\n`);
  return proved;
};
