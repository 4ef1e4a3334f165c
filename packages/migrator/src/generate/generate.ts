import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { compareCatalogs, describeDifferences } from '../catalog/compare.ts';
import { catalogOf } from '../catalog/describe.ts';
import { messageOf, usage } from '../errors.ts';
import type { MigrationFolder } from '../folder/migration-folder.ts';
import { readFolder } from '../folder/read.ts';
import { applyMigrations } from '../migrate.ts';
import { tryWayBack } from '../reverse/reverse.ts';
import { stateOf } from '../reverse/way-back.ts';
import type { Finding } from '../review/finding.ts';
import { review } from '../review/review.ts';
import { limitsOf } from '../run/options.ts';
import type { Session } from '../run/session.ts';
import { type BookkeepingNames, tablesOf } from '../run/tables.ts';
import { inScratch, type ScratchSource } from '../scratch.ts';
import { aroundViews } from './around-views.ts';
import { loadDrizzleKit, placesOf } from './drizzle-kit.ts';
import { fillRows } from './fill-rows.ts';
import type { Difference, DrizzleKit, Snapshot } from './kit-contract.ts';
import { type Rename, reverseRenames } from './renames.ts';
import { requireLayout } from './require-layout.ts';
import { loadSchema, type ProjectConfig } from './schema.ts';

export interface GenerateOptions {
  readonly folder: string;
  /** The migration's name, in snake_case. */
  readonly name: string;
  readonly config: ProjectConfig;
  /** The renames. */
  readonly renames?: readonly Rename[];
  /** Treat nothing as a rename: drop missing objects and create new ones. */
  readonly noRenames?: boolean;
  /** An empty migration to write SQL into. */
  readonly custom?: boolean;
  /** Scratch databases in which the down migration is proved. */
  readonly scratch: ScratchSource;
  readonly bookkeeping?: BookkeepingNames;
}

export interface Generated {
  readonly name: string;
  readonly path: string;
  /** The path of the down migration, also if it is missing. */
  readonly downPath: string;
  /** Why no down migration was written; undefined if it was. */
  readonly withoutDown?: string;
  /** The error of the migration on tables with rows; undefined if it succeeds there too. */
  readonly rowsProblem?: string;
  readonly findings: readonly Finding[];
}

const BREAK = '--> statement-breakpoint\n';

const toFile = (statements: readonly string[]): string =>
  statements.map((statement) => statement.trim()).join(BREAK);

const replay = (session: Session, { layout, migrations }: MigrationFolder): Promise<unknown> =>
  applyMigrations(session, layout, tablesOf(), migrations, limitsOf({}), () => {});

interface Proof {
  readonly scratch: ScratchSource;
  readonly before: MigrationFolder;
  readonly up: readonly string[];
  readonly down: readonly string[];
}

interface Failure {
  readonly at: 'up' | 'down' | 'end';
  readonly message: string;
}

/** The names in quotes, among them those of the tables. */
const namesIn = (statements: readonly string[]): string[] => [
  ...new Set(
    statements.flatMap((text) => [...text.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name)),
  ),
];

/** Applies everything, rolls the last migration back, and gives the differences. */
const attempt = (
  { scratch, before, up, down }: Proof,
  withRows: boolean,
): Promise<Failure | undefined> =>
  inScratch(scratch, async (session) => {
    await replay(session, before);
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
  down: 'the generated down migration fails: ',
  end: 'the generated down migration does not restore the schema',
};

/**
 * Proves up and down on tables with rows. If that fails, it finds out whether the rows are the
 * reason.
 */
const prove = async (
  proof: Proof,
): Promise<{ readonly withoutDown?: string; readonly rowsProblem?: string }> => {
  const onRows = await attempt(proof, true);
  if (!onRows) return {};
  const onNone = onRows.at === 'end' ? onRows : await attempt(proof, false);
  if (onNone) return { withoutDown: SAYS[onNone.at] + onNone.message };
  return onRows.at === 'up'
    ? { rowsProblem: onRows.message }
    : { withoutDown: `the generated down migration fails where there are rows: ${onRows.message}` };
};

/** In the state after the history, or after the statements as well. */
const inState = <T>(
  scratch: ScratchSource,
  before: MigrationFolder,
  statements: readonly string[],
  work: (session: Session) => Promise<T>,
): Promise<T> =>
  inScratch(scratch, async (session) => {
    await replay(session, before);
    if (statements.length > 0) await session.run(`begin; ${statements.join('\n')}; commit;`);
    return work(session);
  });

const changesTypes = (statements: readonly string[]): boolean =>
  statements.some((text) => / SET DATA TYPE /i.test(text));

/**
 * Drops a constraint before the table that it points at, because drizzle-kit drops the table first.
 */
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

const EMPTY: Difference = { statements: [], hints: [], isOwn: true };

/** The statements of a file as drizzle-kit writes it. */
const statementsIn = (sql: string): string[] =>
  sql.split('--> statement-breakpoint').map((statement) => statement.trim());

/**
 * Writes the next migration of a drizzle-kit folder, in the layout of the project's drizzle-kit:
 * the SQL from the last snapshot to the schema, the new snapshot, and the down migration if a
 * scratch database proves that it restores the schema.
 *
 * @returns undefined when the schema has not changed
 * @throws MigratorError `usage` (exit 2) when drizzle-kit would have to ask about a rename; `folder`
 *   (exit 2) when the folder has the layout of the other line of drizzle-kit
 */
export const generate = async (options: GenerateOptions): Promise<Generated | undefined> => {
  if (!/^[\w-]+$/.test(options.name))
    throw usage(`--name ${options.name}: use letters, digits and _ only`);
  await mkdir(options.folder, { recursive: true });
  const folder = await readFolder(options.folder);
  const { scratch, config } = options;
  const custom = options.custom ?? false;
  const kit = await loadDrizzleKit(placesOf(config), config);
  requireLayout(folder, kit);
  const previous = await kit.latest(folder);
  const current = custom
    ? previous
    : await kit.snapshotOf(await loadSchema(config.schema), previous);
  const difference = custom ? EMPTY : await kit.difference(previous, current, options);
  if (difference.statements.length === 0 && !custom) return undefined;
  const changed = changesTypes(difference.statements)
    ? await inState(scratch, folder, [], (session) => aroundViews(session, difference.statements))
    : undefined;
  const own = changed ?? (difference.isOwn ? difference.statements : undefined);
  const sql = custom ? '-- Write the SQL of this migration here.\n' : own && `${toFile(own)}\n`;
  const written = await kit.write({
    folder,
    name: options.name,
    previous,
    current,
    difference,
    custom,
    ...(sql === undefined ? {} : { sql }),
  });
  if (!written) return undefined;
  const { name, path, downPath } = written;
  const text = await readFile(path, 'utf8');
  const history = folder.migrations.map((migration) => ({
    name: migration.path,
    sql: migration.sql,
  }));
  const findings = await review([{ name: path, sql: text }], { history });
  const proved = custom
    ? { withoutDown: 'its SQL is written by hand, and so is its down migration' }
    : await keepDown(options, kit, {
        previous,
        current,
        up: own ?? statementsIn(text),
        downPath,
        before: folder,
      });
  return { name, path, downPath, findings, ...proved };
};

interface Written {
  readonly previous: Snapshot;
  readonly current: Snapshot;
  readonly up: readonly string[];
  readonly downPath: string;
  readonly before: MigrationFolder;
}

/** Writes the down file if it can be proved, else gives the reason. */
const keepDown = async (
  options: GenerateOptions,
  kit: DrizzleKit,
  written: Written,
): Promise<{ readonly withoutDown?: string; readonly rowsProblem?: string }> => {
  const { scratch } = options;
  const { up, downPath, before } = written;
  await rm(downPath, { force: true });
  const ofSnapshots = await downOfSnapshots(options, kit, written);
  const proved =
    typeof ofSnapshots === 'string'
      ? { withoutDown: ofSnapshots }
      : await prove({ scratch, before, up, down: ofSnapshots });
  if (typeof ofSnapshots !== 'string' && proved.withoutDown === undefined) {
    await writeFile(downPath, `${toFile(ofSnapshots)}\n`);
    return proved;
  }
  // Snapshots are incomplete; the migration's changes in the catalog give the rest.
  const down = await downOfCatalogs(scratch, before, up);
  const again = down && (await prove({ scratch, before, up, down }));
  if (!again || again.withoutDown !== undefined) return proved;
  await writeFile(downPath, `${toFile(down)}\n`);
  return again;
};

/** The down migration by the difference of two catalogs; undefined if it is incomplete. */
const downOfCatalogs = (
  scratch: ScratchSource,
  before: MigrationFolder,
  up: readonly string[],
): Promise<readonly string[] | undefined> =>
  inState(scratch, before, [], async (session) => {
    const state = await stateOf(session, {});
    await session.run(`begin; ${up.join('\n')}; commit;`);
    const { statements, unmade } = await tryWayBack(session, state, {});
    return unmade.length === 0 && statements.length > 0 ? statements : undefined;
  }).catch(() => undefined);

/** The down migration by drizzle-kit's snapshots, or why there is none. */
const downOfSnapshots = async (
  options: GenerateOptions,
  kit: DrizzleKit,
  written: Written,
): Promise<readonly string[] | string> => {
  const { scratch } = options;
  const { up, before } = written;
  let statements: readonly string[];
  try {
    ({ statements } = await kit.difference(written.current, written.previous, {
      renames: reverseRenames(options.renames ?? []),
      // The down migration renames only what the migration renames.
      noRenames: true,
    }));
  } catch (error) {
    return `drizzle-kit cannot go back from here: ${messageOf(error)}`;
  }
  if (statements.length === 0) return 'going back, drizzle-kit sees nothing to do';
  let down = constraintsFirst(statements);
  if (changesTypes(down))
    down = await inState(scratch, before, up, (session) => aroundViews(session, down)).catch(
      () => down,
    );
  return down;
};
