import { writeFile } from 'node:fs/promises';
import {
  compareCatalogs,
  type Difference,
  describeDifference,
  describeDifferences,
} from '../catalog/compare.ts';
import { catalogOf } from '../catalog/describe.ts';
import { messageOf, refused, usage } from '../errors.ts';
import type { Migration } from '../folder/migration.ts';
import { readFolder } from '../folder/read.ts';
import { applyMigrations } from '../migrate.ts';
import { limitsOf, type RunOptions } from '../run/options.ts';
import type { Session } from '../run/session.ts';
import { tablesOf } from '../run/tables.ts';
import { inScratch, type ScratchSource } from '../scratch.ts';
import { type RowChanges, rowChangesOf } from './row-changes.ts';
import { findWayBack, type State, stateOf, type WayBack } from './way-back.ts';

export interface ReverseOptions extends RunOptions {
  readonly scratch: ScratchSource;
  /** Schemas to leave out. */
  readonly without?: readonly string[];
  /** Migrations by name. Default: all that have no down file and are not declared irreversible. */
  readonly names?: readonly string[];
  /** Write nothing. */
  readonly dryRun?: boolean;
}

/** The result for one migration's down migration. */
export interface ReversedFile {
  readonly name: string;
  readonly downPath: string;
  /** The down migration; undefined if it does not restore the schema, or none could be written. */
  readonly sql?: string;
  /**
   * `reversed`: down and up again were proved. `only rows`: the migration changes no schema, so the
   * catalogs give no down migration. `not reversed`: a part of the schema would stay.
   */
  readonly outcome: 'reversed' | 'only rows' | 'not reversed';
  /** Steps that a person has to write, one line each; with `sql`, losses of rows that it does not restore. */
  readonly left: readonly string[];
}

/**
 * Required columns that come back without values, so that the down migration fails on a table with
 * rows.
 */
const emptyRequired = (statements: readonly string[]): string[] =>
  statements.flatMap((text) => {
    const [, table, column] =
      /^ALTER TABLE (\S+) ADD COLUMN (\S+) (?!.*\b(?:DEFAULT|GENERATED)\b).* NOT NULL;$/.exec(
        text,
      ) ?? [];
    return table === undefined
      ? []
      : [
          `-- ${table}.${column} comes back NOT NULL and without values: where there are rows, give it a DEFAULT here.`,
        ];
  });

const NOTHING =
  '-- The migration changes neither the schema nor rows, so there is nothing to take back.';
const ITS_ROWS =
  '-- Rows that the migration inserts. Rows that refer to them go with them, or prevent this.';

const toSql = (way: readonly string[], deletes: readonly string[], left: readonly string[]) =>
  `${[
    ...left.map((line) => `-- Not taken back here: ${line}.`),
    ...emptyRequired(way),
    ...(deletes.length > 0 ? [ITS_ROWS] : []),
    ...way,
    ...(way.length + left.length === 0 ? [NOTHING] : []),
  ].join('\n')}\n`;

/** The tables' row counts, by oid, because a name may change. */
const countsOf = async (session: Session, oids: Iterable<string>): Promise<Map<string, number>> => {
  const counts = new Map<string, number>();
  for (const oid of oids) {
    const [table] = await session.rows<{ name: string }>('select $1::oid::regclass::text as name', [
      oid,
    ]);
    const [row] = await session.rows<{ n: string }>(`select count(*) as n from ${table?.name}`);
    counts.set(oid, Number(row?.n));
  }
  return counts;
};

/** Steps that a person has to write for a migration that changes only rows. */
const onlyRows = ({ deletes, left }: RowChanges): string[] => [
  'it changes rows and no schema: write what takes these back, or declare it "-- migrator: irreversible: REASON"',
  ...deletes,
  ...(deletes.length + left.length > 0
    ? left
    : ['it calls functions, whose effect on rows cannot be read']),
];

/** A difference that the down migration leaves, in one line, for a comment. */
const describeKept = ({ kind, name, expected, actual }: Difference): string =>
  `${kind} ${name}, ${actual ?? 'gone'} (before: ${expected ?? 'none'})`.replace(/\s+/g, ' ');

const leftOf = ({ unmade }: WayBack): string[] => [
  ...unmade.flatMap(({ difference: { name }, lacksValues }) =>
    lacksValues
      ? [
          `${name} has to come back NOT NULL, and the migration leaves rows in its table: delete these rows first, or add the column with a DEFAULT for them`,
        ]
      : [],
  ),
  ...unmade.map(
    ({ difference, reason }) =>
      `${describeDifference(difference)}${reason === undefined ? '' : `\n    the server: ${reason}`}`,
  ),
];

/**
 * The statements that lead a session's database back to another state, tried and rolled back.
 *
 * @param first statements that have to run before all others
 */
export const tryWayBack = async (
  session: Session,
  before: State,
  options: { readonly without?: readonly string[] },
  first: readonly string[] = [],
): Promise<WayBack> => {
  await session.run(
    "begin; set local search_path = ''; set local jit = off; set local check_function_bodies = off",
  );
  try {
    return await findWayBack(session, before, options, first);
  } finally {
    await session.run('rollback');
  }
};

/**
 * Writes the missing down files of a folder, from the difference of the catalog before and after
 * each migration, so that they also reverse hand-written triggers, functions, grants and policies.
 * It keeps a file only if down and up again give the schemas before and after.
 *
 * @returns every migration that it tried, in order
 */
export const reverse = async (
  options: ReverseOptions & { readonly folder: string },
): Promise<ReversedFile[]> => {
  const folder = await readFolder(options.folder);
  const unknown = (options.names ?? []).find(
    (name) => !folder.migrations.some((migration) => migration.name === name),
  );
  if (unknown !== undefined) throw usage(`${folder.path} holds no migration "${unknown}"`);
  const isWanted = (migration: Migration) =>
    options.names?.includes(migration.name) ??
    (migration.down === undefined && migration.directives.irreversible === undefined);
  const tables = tablesOf(options.bookkeeping);
  const done = new Map<string, ReversedFile>();

  /** Tries the remaining migrations; false if a failed proof left an unusable state. */
  const walk = async (session: Session): Promise<boolean> => {
    const up = (migration: Migration) =>
      applyMigrations(session, folder.layout, tables, [migration], limitsOf(options), () => {});
    // Owners, withdrawn rights and settings are named if they stay, but get no statements.
    const details = () => catalogOf(session, { ...options, details: true });
    let before = await stateOf(session, options);
    for (const migration of folder.migrations) {
      const detailed = isWanted(migration) && !done.has(migration.name) ? await details() : [];
      await up(migration);
      const { name, downPath } = migration;
      if (!isWanted(migration) || done.has(name)) {
        before = await stateOf(session, options);
        continue;
      }
      const after = await stateOf(session, options);
      const rows = await rowChangesOf(session, migration.sql, before, after);
      const { deletes, inserted } = rows;
      const counts = await countsOf(session, inserted.keys());
      const way = await tryWayBack(session, before, options, deletes);
      const remarks = [...rows.left];
      const sql = () => toSql(way.statements, deletes, remarks);
      const isOnlyRows = way.statements.length === deletes.length;
      let left = leftOf(way);
      if (left.length > 0) left.push(...rows.left);
      let isUsable = true;
      const changesOnlyRows =
        left.length === 0 &&
        isOnlyRows &&
        !rows.none &&
        (deletes.length === 0 || rows.left.length > 0);
      if (changesOnlyRows) left = [...onlyRows(rows)];
      else if (left.length === 0)
        try {
          await session.run(`begin; ${sql()} commit;`);
          const kept = compareCatalogs(detailed, await details()).map(describeKept);
          if (isOnlyRows && deletes.length === 0) left = kept;
          else remarks.push(...kept);
          const taken = await countsOf(session, inserted.keys());
          if ([...inserted].some(([oid, n]) => taken.get(oid) !== (counts.get(oid) ?? 0) - n))
            left = ['the rows that it inserts are not those that their keys find'];
          await up(migration);
          const again = compareCatalogs(after.catalog, await catalogOf(session, options));
          if (again.length > 0)
            left = [`up again gives another schema:\n${describeDifferences(again)}`];
        } catch (error) {
          await session.run('rollback').catch(() => {});
          left = [`down and up again fails: ${messageOf(error)}`, ...rows.left];
          isUsable = false;
        }
      const proved = left.length === 0;
      if (proved && !options.dryRun) await writeFile(downPath, sql());
      done.set(name, {
        name,
        downPath,
        outcome: proved ? 'reversed' : changesOnlyRows ? 'only rows' : 'not reversed',
        left: proved ? remarks : left,
        ...(proved ? { sql: sql() } : {}),
      });
      if (!isUsable) return false;
      before = await stateOf(session, options);
    }
    return true;
  };
  let finished = false;
  while (!finished)
    finished = await inScratch(options.scratch, (session) => {
      if (session.embedded)
        throw refused(
          'connection',
          'down migrations are found on a server: name one with --scratch-url',
        );
      return walk(session);
    });
  return [...done.values()];
};
