import type { Session } from '../catalog/connection.ts';
import type { Table } from '../model/model.ts';
import { type Candidate, createStatement } from './candidates.ts';
import { qualified, quoteName, withoutSchemas } from './names.ts';
import { nodesOf, type Plan, planOf } from './plan.ts';

export interface Proof {
  readonly candidate: Candidate;
  readonly before: Plan;
  readonly after: Plan;
  /** The factor by which the planner's cost falls. If it was run, the plans hold the times. */
  readonly gain: number;
  /** Whether the plan uses the index at all. */
  readonly used: boolean;
}

export interface Explained {
  readonly text: string;
  /** Values for its parameters; without them it gets a generic plan. */
  readonly values?: readonly unknown[] | undefined;
  readonly run: boolean;
}

const hasParameters = (text: string): boolean => /\$\d/.test(text.replace(/'(?:[^']|'')*'/g, ''));

/** Plans a statement, and runs it if that is asked for and possible. */
export const explainStatement = async (
  session: Session,
  { text, values, run }: Explained,
): Promise<Plan> => {
  const open = hasParameters(text) && values === undefined;
  const options = [
    'format json',
    ...(open ? ['generic_plan'] : []),
    ...(run && !open ? ['analyze', 'buffers'] : []),
  ];
  // A generic plan's parameters have no values, which only the simple protocol allows.
  const statement = `explain (${options.join(', ')}) ${text}`;
  const rows = await session.rows<{ 'QUERY PLAN': unknown }>(statement, open ? undefined : values);
  const plan = planOf(rows[0]?.['QUERY PLAN']);
  if (!plan) throw new Error('the server answered without a plan');
  return plan;
};

const proofOf = (candidate: Candidate, before: Plan, after: Plan, indexName: string): Proof => ({
  candidate,
  before,
  after,
  gain: before.root.cost / Math.max(after.root.cost, 0.001),
  used: nodesOf(after.root).some(({ index }) => index === indexName),
});

/**
 * Tells whether the server has hypopg. It creates the extension in a transaction that is rolled
 * back.
 */
export const canPretend = async (session: Session): Promise<boolean> => {
  const [found] = await session.rows<{ there: boolean }>(
    `select exists (select 1 from pg_extension where extname = 'hypopg')
       or (exists (select 1 from pg_available_extensions where name = 'hypopg')
         and (select rolsuper from pg_roles where rolname = current_user)) as there`,
  );
  return found?.there === true;
};

/**
 * Tries an index and drops it. One that cannot be created (an expression that is not immutable, a
 * key that is too long) is no candidate.
 */
const trying = async (session: Session, attempt: () => Promise<void>): Promise<void> => {
  await session.run('savepoint candidate');
  await attempt().catch(() => undefined);
  await session.run('rollback to savepoint candidate');
};

/** The planner's estimate with each index as a hypothetical one, which is never built. */
export const pretend = async (
  session: Session,
  explained: Explained,
  candidates: readonly Candidate[],
): Promise<Proof[]> => {
  const planned = { ...explained, run: false };
  const proofs: Proof[] = [];
  await session.run('begin');
  try {
    await session.run('create extension if not exists hypopg');
    const before = await explainStatement(session, planned);
    for (const candidate of candidates) {
      const bare = createStatement(candidate).replace(
        /^create index (?:"(?:[^"]|"")*"|\S+) on/,
        'create index on',
      );
      await trying(session, async () => {
        const [made] = await session.rows<{ name: string }>(
          'select indexname as name from hypopg_create_index($1)',
          [bare],
        );
        const after = await explainStatement(session, planned);
        proofs.push(proofOf(candidate, before, after, made?.name ?? ''));
      });
      await session.run('select hypopg_reset()');
    }
  } finally {
    await session.run('rollback');
  }
  return proofs;
};

/** Larger tables are not copied, because the copy is on the server with the data. */
const MOST_ROWS = 2_000_000;

/**
 * Builds each index on a copy of the tables that the statement reads, and runs the statement there.
 * The copies are temporary tables of this session, so nobody else sees them or waits for them.
 *
 * @returns undefined if a table is too large, or two of the tables have one name in two schemas
 */
export const build = async (
  session: Session,
  explained: Explained,
  candidates: readonly Candidate[],
  tables: readonly Table[],
): Promise<Proof[] | undefined> => {
  if (new Set(tables.map(({ name }) => name)).size < tables.length) return undefined;
  const copied = { ...explained, text: await withoutSchemas(explained.text) };
  const proofs: Proof[] = [];
  await session.run('begin');
  try {
    for (const table of tables) {
      const source = table.schema ? qualified(table) : `public.${qualified(table)}`;
      const copy = quoteName(table.name);
      const [size] = await session.rows<{ rows: number }>(
        `select count(*)::float8 as rows from (select 1 from ${source} limit ${MOST_ROWS + 1}) few`,
      );
      if ((size?.rows ?? 0) > MOST_ROWS) return undefined;
      const indexes = await session.rows<{ definition: string }>(
        `select pg_get_indexdef(indexrelid) as definition from pg_index where indrelid = $1::regclass and indisvalid`,
        [source],
      );
      await session.run(`create temporary table ${copy} on commit drop as table ${source}`);
      for (const { definition } of indexes)
        await session.run(
          definition.replace(
            / ON (?:ONLY )?(?:(?:"[^"]+"|\w+)\.)?("[^"]+"|\w+) USING/,
            ' ON pg_temp.$1 USING',
          ),
        );
      await session.run(`analyze pg_temp.${copy}`);
    }
    const timed = async () => {
      // The first run warms the copy; the second is compared.
      await explainStatement(session, copied);
      return explainStatement(session, copied);
    };
    const before = await timed();
    for (const candidate of candidates) {
      await trying(session, async () => {
        await session.run(
          createStatement(candidate).replace(
            ` on ${qualified(candidate.table)} `,
            ` on pg_temp.${quoteName(candidate.table.name)} `,
          ),
        );
        await session.run(`analyze pg_temp.${quoteName(candidate.table.name)}`);
        proofs.push(proofOf(candidate, before, await timed(), candidate.name));
      });
    }
  } finally {
    await session.run('rollback');
  }
  return proofs;
};

/** The proof whose index helps most, if one helps enough to be worth its writes. */
export const bestOf = (proofs: readonly Proof[]): Proof | undefined =>
  [...proofs]
    .filter(({ used, gain }) => used && gain >= 1.5)
    .sort((a, b) => {
      // If the difference is small, the smaller index wins.
      const near = Math.abs(a.gain - b.gain) < Math.max(a.gain, b.gain) / 5;
      return near ? a.candidate.keys.length - b.candidate.keys.length : b.gain - a.gain;
    })[0];
