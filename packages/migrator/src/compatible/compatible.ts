import { MigratorError, messageOf, usage } from '../errors.ts';
import type { Migration } from '../folder/migration.ts';
import type { MigrationFolder } from '../folder/migration-folder.ts';
import { readFolder } from '../folder/read.ts';
import { applyMigrations } from '../migrate.ts';
import { loadParser } from '../review/statements.ts';
import { limitsOf, type RunOptions } from '../run/options.ts';
import { openSession, type Session } from '../run/session.ts';
import { tablesOf } from '../run/tables.ts';
import type { Scratch, ScratchSource } from '../scratch.ts';
import { type Demands, readDemands } from './demands.ts';
import { JUDGING, type Judgement, judge } from './judge.ts';
import type { SentStatement } from './sent-statements.ts';
import { type Complaint, complaintsOf } from './write-complaints.ts';
import { type ReadStatement, readStatement } from './writes.ts';

export type Release = 'former' | 'next';

/** A statement that a release sends and the schema of a state refuses, or may refuse. */
export interface Incompatibility extends Complaint {
  readonly release: Release;
  /** The first state, in the order of deployment, that refuses it. */
  readonly state: string;
  readonly statement: string;
  readonly sender?: string;
}

/** The database before the first new migration, or after one of them. */
export interface DeploymentState {
  /** `before`, or the name of the migration. */
  readonly name: string;
  /** Statements that fail here; undefined if none of the release were given. */
  readonly former: number | undefined;
  readonly next: number | undefined;
}

export interface Compatibility {
  readonly states: readonly DeploymentState[];
  /** The state in which the next release starts. */
  readonly released: string;
  readonly problems: readonly Incompatibility[];
  /** Another state in which it could start without a certain problem. */
  readonly better?: string;
  readonly judged: { readonly former: number; readonly next: number };
  /** Statements that the schema of their own release refuses, which are not judged. */
  readonly notJudged: readonly {
    readonly release: Release;
    readonly statement: string;
    readonly sender?: string;
    readonly reason: string;
  }[];
}

export interface CompatibleOptions extends RunOptions {
  /** The migrations of the former release. */
  readonly former: string;
  readonly formerStatements: readonly SentStatement[];
  readonly nextStatements?: readonly SentStatement[];
  /** The last migration that is applied before the next release starts; default all. */
  readonly until?: string;
  /** Schemas to find unqualified names in; default the server's. */
  readonly searchPath?: string;
  readonly scratch: ScratchSource;
}

/** A statement that runs in the schema of its own release. */
interface Known {
  readonly statement: SentStatement;
  readonly read: ReadStatement;
  readonly own: Extract<Judgement, { ok: true }>;
}

/** A state with its verdicts on the statements of both releases. */
interface Looked {
  readonly name: string;
  readonly demands: Demands;
  readonly judge: (statement: SentStatement, read: ReadStatement) => Promise<Judgement>;
}

const TEXTS = new Set(['text', 'character varying', 'character', 'citext', 'name', 'unknown']);
/** Types that each take the values of the ones before. */
const NUMBERS = ['smallint', 'integer', 'bigint', 'numeric'];

const takes = (before: string, after: string): boolean =>
  before === after ||
  (TEXTS.has(before) && TEXTS.has(after)) ||
  (NUMBERS.includes(before) && NUMBERS.indexOf(before) < NUMBERS.indexOf(after));

const retyped = ({ own }: Known, now: Extract<Judgement, { ok: true }>): Complaint[] => {
  const found: Complaint[] = [];
  for (const [index, type] of now.parameters.entries()) {
    const before = own.parameters[index];
    if (before !== undefined && !takes(before, type))
      found.push({
        sqlstate: '22P02',
        certain: false,
        message: `its parameter $${index + 1} was ${before} and is ${type} now`,
      });
  }
  const results = own.results ?? [];
  if (now.results && own.results && now.results.length !== results.length)
    found.push({
      sqlstate: '42804',
      certain: false,
      message: `it gave ${results.length} columns and gives ${now.results.length} now`,
    });
  else
    for (const [index, type] of (now.results ?? []).entries()) {
      const before = results[index];
      if (before !== undefined && before !== type && !(TEXTS.has(before) && TEXTS.has(type)))
        found.push({
          sqlstate: '42804',
          certain: false,
          message: `its column ${index + 1} was ${before} and is ${type} now`,
        });
    }
  return found;
};

const sorted = async (
  statements: readonly SentStatement[],
  release: Release,
  home: Looked,
): Promise<{ known: Known[]; notJudged: Compatibility['notJudged'] }> => {
  const known: Known[] = [];
  const notJudged: Compatibility['notJudged'][number][] = [];
  for (const statement of statements) {
    const read = readStatement(statement.text);
    const own = read && (await home.judge(statement, read));
    if (read && own?.ok) known.push({ statement, read, own });
    else
      notJudged.push({
        release,
        statement: statement.text,
        ...(statement.sender === undefined ? {} : { sender: statement.sender }),
        reason:
          own && !own.ok ? `${own.sqlstate} ${own.message}` : 'it is not one statement of SQL',
      });
  }
  return { known, notJudged };
};

/** The statements of a release that a schema state rejects. */
const look = async (
  known: readonly Known[],
  release: Release,
  home: Looked,
  state: Looked,
): Promise<Incompatibility[]> => {
  if (state === home) return [];
  const found: Incompatibility[] = [];
  for (const one of known) {
    const { statement, read } = one;
    const now = await state.judge(statement, read);
    const complaints: Complaint[] = now.ok
      ? [
          ...retyped(one, now),
          ...read.writes.flatMap((write) => complaintsOf(write, home.demands, state.demands)),
        ]
      : [{ sqlstate: now.sqlstate, certain: true, message: now.message }];
    for (const complaint of complaints)
      found.push({
        ...complaint,
        release,
        state: state.name,
        statement: statement.text,
        ...(statement.sender === undefined ? {} : { sender: statement.sender }),
      });
  }
  return found;
};

/** The statements that the last schema refuses and the first one accepts. */
const stale = async (
  refused: Compatibility['notJudged'],
  start: Looked,
  state: string,
): Promise<Incompatibility[]> => {
  const found: Incompatibility[] = [];
  for (const { release, statement, sender, reason } of refused) {
    const read = readStatement(statement);
    if (!read || !(await start.judge({ text: statement }, read)).ok) continue;
    const [, sqlstate = '', message = reason] = /^(\w{5}) (.*)$/s.exec(reason) ?? [];
    found.push({
      release,
      state,
      statement,
      sqlstate,
      message,
      certain: true,
      ...(sender === undefined ? {} : { sender }),
    });
  }
  return found;
};

/** Whether the later folder holds all of the former's migrations, unchanged. */
const continues = (former: MigrationFolder, next: MigrationFolder): boolean =>
  former.migrations.every(({ name, hash }) =>
    next.migrations.some((migration) => migration.name === name && migration.hash === hash),
  );

const BEFORE = 'before';

/**
 * Proves that two releases can use one database while the later one is deployed. It makes the
 * former release's schema in a scratch database, applies each new migration, and in each state lets
 * the server prepare and plan the statements of both releases. It runs none of them. It reports a
 * rule that only some values break (a new check, a NOT NULL, a lost label) as uncertain.
 *
 * @returns each state, and the failures in the states that each release meets: the former one until
 *   the new release has started, the next one from then on
 * @throws MigratorError `usage` for an unknown `until`; the error of a migration that fails
 */
export const compatible = async (options: CompatibleOptions): Promise<Compatibility> => {
  await loadParser();
  const { formerStatements, nextStatements, scratch: source } = options;
  const former = await readFolder(options.former);
  const next = await readFolder(options.folder);
  const isContinued = continues(former, next);
  const added: readonly Migration[] = isContinued
    ? next.migrations.filter(({ name }) => !former.migrations.some((one) => one.name === name))
    : [];
  const names = isContinued ? added.map(({ name }) => name) : ['the history of today'];
  const released = options.until ?? names.at(-1) ?? BEFORE;
  if (options.until !== undefined && !names.includes(options.until))
    throw usage(`--until ${options.until}: the new migrations are ${names.join(', ') || 'none'}`);
  const opened: { session: Session; place: Scratch }[] = [];
  const open = async (): Promise<Session> => {
    const place = await source();
    const session = await openSession(place.address, 'migrator (compatible)').catch(
      async (error: unknown) => {
        await place.close();
        throw error;
      },
    );
    opened.push({ session, place });
    return session;
  };
  const make = async (session: Session, folder: MigrationFolder, files: readonly Migration[]) => {
    const tables = tablesOf(options.bookkeeping);
    await applyMigrations(session, folder.layout, tables, files, limitsOf(options), () => {});
    await session.reset();
    if (options.searchPath !== undefined)
      await session.rows("select set_config('search_path', $1, false)", [options.searchPath]);
    await session.run(JUDGING);
  };
  const looked = async (session: Session, name: string): Promise<Looked> => ({
    name,
    demands: await readDemands(session),
    judge: (statement, read) => judge(session, statement, read),
  });
  try {
    const first = await open();
    await make(first, former, former.migrations);
    const start = await looked(first, BEFORE);
    const old = await sorted(formerStatements, 'former', start);

    const last = await open();
    await make(last, next, next.migrations).catch((error: unknown) => {
      if (error instanceof MigratorError) throw error;
      throw new MigratorError('statement', 1, messageOf(error), error);
    });
    const end = names.length === 0 ? start : await looked(last, names.at(-1) ?? '');
    const young = await sorted(nextStatements ?? [], 'next', end);
    // Recorded, and refused only by the last schema, which lost objects that the next release still
    // uses.
    const outlived = names.length === 0 ? [] : await stale(young.notJudged, start, end.name);

    const found: Incompatibility[][] = [];
    const states: DeploymentState[] = [];
    const visit = async (state: Looked, own: { former: boolean; next: boolean }) => {
      const here = [
        ...(own.former ? [] : await look(old.known, 'former', start, state)),
        ...(own.next ? [] : await look(young.known, 'next', end, state)),
        ...(state === end ? outlived : []),
      ];
      const count = (release: Release) =>
        new Set(
          here
            .filter((one) => one.release === release && one.certain)
            .map(({ statement }) => statement),
        ).size;
      found.push(here);
      states.push({
        name: state.name,
        former: count('former'),
        next: nextStatements === undefined ? undefined : count('next'),
      });
    };
    await visit(start, { former: true, next: names.length === 0 });
    for (const [index, migration] of added.slice(0, -1).entries()) {
      await make(first, former, [migration]);
      await visit(await looked(first, names[index] ?? migration.name), {
        former: false,
        next: false,
      });
    }
    if (names.length > 0) await visit(end, { former: false, next: true });

    // The former release meets every state up to the start of the next; that one meets the rest.
    const at = states.findIndex(({ name }) => name === released);
    const runsAt = (index: number) =>
      states.slice(0, index + 1).every((state) => !state.former) &&
      states.slice(index).every((state) => !state.next);
    // The latest, so that as many migrations as possible are applied by then.
    const better = states.findLastIndex((_, index) => runsAt(index));
    const seen = new Set<string>();
    const problems = found.flatMap((here, index) =>
      here.filter(({ release, statement, message }) => {
        if (release === 'former' ? index > at : index < at) return false;
        const key = `${release} ${statement} ${message}`;
        return !seen.has(key) && seen.add(key);
      }),
    );
    const betterName = states[better]?.name;
    return {
      states,
      released,
      problems: problems.sort((a, b) => Number(b.certain) - Number(a.certain)),
      ...(better !== -1 && better !== at && !runsAt(at) && betterName !== undefined
        ? { better: betterName }
        : {}),
      judged: { former: old.known.length, next: young.known.length },
      notJudged: [
        ...old.notJudged,
        ...young.notJudged.filter((one) =>
          outlived.every(({ statement }) => statement !== one.statement),
        ),
      ],
    };
  } finally {
    for (const { session, place } of opened) {
      await session.close();
      await place.close();
    }
  }
};
