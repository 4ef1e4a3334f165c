import { transaction } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ingestGithubDocuments } from '../../src/connectors/github/ingest.ts';
import {
  deliveriesOf,
  type MergeRules,
  mergeRows,
  rowOf,
  storedRow,
} from '../../src/connectors/github/merge-deliveries.ts';
import type { PostgresDatabase } from '../../src/queries/database.ts';
import { connect, openDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

type Json = Record<string, unknown>;
const at = (day: number) => `2026-03-${String(day).padStart(2, '0')}T10:00:00Z`;

const repository = (fields: Json = {}): Json => ({
  id: 7,
  name: 'widgets',
  full_name: 'acme/widgets',
  private: false,
  html_url: 'https://github.com/acme/widgets',
  stargazers_count: 1,
  updated_at: at(3),
  ...fields,
});
const listed = (fields: Json = {}): Json => ({
  id: 70,
  number: 7,
  title: 'Faster',
  state: 'open',
  locked: false,
  html_url: 'https://github.com/acme/widgets/pull/7',
  diff_url: 'https://github.com/acme/widgets/pull/7.diff',
  patch_url: 'https://github.com/acme/widgets/pull/7.patch',
  head: { ref: 'fast', sha: 'a'.repeat(40), repo: null },
  base: { ref: 'main', sha: 'b'.repeat(40), repo: repository() },
  author_association: 'OWNER',
  created_at: at(1),
  updated_at: at(3),
  merged_at: null,
  closed_at: null,
  labels: [{ id: 1, name: 'bug' }],
  ...fields,
});
const detailed = (fields: Json = {}): Json =>
  listed({ merged: false, commits: 3, additions: 10, deletions: 2, comments: 1, ...fields });
const issue = (fields: Json = {}): Json => ({
  id: 80,
  number: 8,
  title: 'Slow',
  state: 'open',
  locked: false,
  comments: 1,
  html_url: 'https://github.com/acme/widgets/issues/8',
  url: 'https://api.github.com/repos/acme/widgets/issues/8',
  repository_url: 'https://api.github.com/repos/acme/widgets',
  repository: repository(),
  created_at: at(1),
  updated_at: at(3),
  closed_at: null,
  labels: [{ id: 1, name: 'bug' }],
  ...fields,
});
const sha = 'c'.repeat(40);
const committed = (repo: string): Json => ({
  sha,
  url: `https://api.github.com/repos/${repo}/commits/${sha}`,
  html_url: `https://github.com/${repo}/commit/${sha}`,
  commit: {
    message: 'Faster\n\nBy half.',
    author: { name: 'Ada', email: 'ada@example.com', date: at(2) },
    committer: { name: 'Ada', email: 'ada@example.com', date: at(2) },
    tree: { sha: 'd'.repeat(40) },
  },
  parents: [{ sha: 'e'.repeat(40) }],
  stats: { additions: 4, deletions: 1, total: 5 },
  files: [{ filename: 'a.ts', status: 'modified' }],
});
const pushed: Json = {
  ref: 'refs/heads/main',
  repository: repository(),
  commits: [
    {
      id: sha,
      tree_id: 'd'.repeat(40),
      message: 'Faster\n\nBy half.',
      timestamp: at(2),
      url: `https://github.com/acme/widgets/commit/${sha}`,
      author: { name: 'Ada', email: 'ada@example.com' },
      committer: { name: 'Ada', email: 'ada@example.com' },
      added: [],
      removed: [],
      modified: ['a.ts'],
    },
  ],
};

/** The stored rows after deliveries in this order, each in an ingest of its own. */
async function storedAfter(deliveries: readonly Json[]): Promise<unknown[]> {
  const { db } = database;
  const { connectorConfigId } = await connect(db);
  for (const value of deliveries) {
    const { skipped } = await ingestGithubDocuments(db, connectorConfigId, [
      { source: 'x', value },
    ]);
    expect(skipped).toBe(0);
  }
  const rows = await db.execute<{ row: Json }>(sql`
    select row - 'created_at' - 'updated_at' - 'connector_config_id' as row from (
      select 'r' as kind, to_jsonb(t) as row from github_repositories t where connector_config_id = ${connectorConfigId}
      union all select 'p', to_jsonb(t) from github_pull_requests t where connector_config_id = ${connectorConfigId}
      union all select 'i', to_jsonb(t) from github_issues t where connector_config_id = ${connectorConfigId}
      union all select 'c', to_jsonb(t) from github_commits t where connector_config_id = ${connectorConfigId}
    ) kinds order by kind`);
  return [...rows];
}

describe('deliveries in any order give the same rows', () => {
  const cases: Record<string, Json[]> = {
    'the same time, other labels': [listed(), listed({ labels: [{ id: 2, name: 'idea' }] })],
    'the same time, other stars': [repository(), repository({ stargazers_count: 2 })],
    'an older whole pull request and a newer entry of a list': [
      detailed(),
      listed({ updated_at: at(4), title: 'Faster still' }),
    ],
    'one commit in two repositories': [committed('acme/widgets'), committed('zeta/fork')],
    'a push and the commit itself': [pushed, committed('acme/widgets')],
    'a repository without a time of change': [
      repository(),
      repository({ updated_at: null, stargazers_count: 9, description: 'Small parts' }),
    ],
    'an issue at the same time, with other labels': [issue(), issue({ labels: ['idea'] })],
    'an issue that is closed, and an older one that says more': [
      issue({ reactions: { total_count: 2 }, body: 'Very' }),
      issue({ updated_at: at(4), closed_at: at(4), state: 'closed', state_reason: 'completed' }),
    ],
    'a value that a newer delivery clears': [
      detailed({ body: 'Why', milestone: null }),
      listed({ updated_at: at(4), body: null }),
    ],
  };
  test.each(Object.entries(cases))('%s', async (_, [one = {}, other = {}]) => {
    const stored = await storedAfter([one, other]);
    expect(stored.length).toBeGreaterThan(0);
    expect(await storedAfter([other, one])).toEqual(stored);
  });

  test('what the newer entry leaves out stays known', async () => {
    const newer = listed({ updated_at: at(4), title: 'Faster still' });
    for (const order of [
      [detailed(), newer],
      [newer, detailed()],
    ]) {
      const [row] = await storedAfter(order);
      expect(row).toMatchObject({ row: { title: 'Faster still', additions: 10, commits: 3 } });
    }
  });

  test('four deliveries of one pull request in every order', async () => {
    const deliveries = [
      detailed({ updated_at: at(2), additions: 5 }),
      detailed({ updated_at: at(3), additions: 7, title: 'Fast' }),
      listed({ updated_at: at(4) }),
      listed({ updated_at: at(3), title: 'Other', draft: true }),
    ];
    const expected = await storedAfter(deliveries);
    expect(expected).toMatchObject([{ row: { title: 'Faster', additions: 7, draft: true } }]);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(deliveries, { minLength: 4 }), async (order) => {
        expect(await storedAfter(order)).toEqual(expected);
      }),
      { numRuns: 12 },
    );
  });
});

describe.skipIf(!capabilities.concurrency)(
  'deliveries at once give what they give one after the other',
  () => {
    const ingest = (db: PostgresDatabase, connectorConfigId: string, value: Json) =>
      ingestGithubDocuments(db, connectorConfigId, [{ source: 'x', value }]);

    /** What is stored after an older delivery that arrives before `first` is committed. */
    async function whileUncommitted(
      connectorConfigId: string,
      first: (tx: PostgresDatabase) => Promise<unknown>,
    ) {
      let commit = () => {};
      const released = new Promise<void>((resolve) => {
        commit = resolve;
      });
      let done = () => {};
      const isDone = new Promise<void>((resolve) => {
        done = resolve;
      });
      const open = transaction(database.openClient().db, async (tx) => {
        await first(tx);
        done();
        await released;
      });
      await Promise.race([isDone, open]);
      const second = ingest(database.db, connectorConfigId, detailed());
      try {
        const isWaiting = async () => {
          const [row] = await database.sql`
          select count(*)::int as waiting from pg_stat_activity
          where wait_event_type = 'Lock' and datname = current_database()`;
          expect(row?.waiting).toBe(1);
        };
        await vi.waitFor(isWaiting, { timeout: 30_000 });
      } finally {
        commit();
        await Promise.allSettled([open, second]);
      }
      await Promise.all([open, second]);
      const [row] = await database.sql`
      select title, additions from github_pull_requests
      where connector_config_id = ${connectorConfigId}`;
      return row;
    }

    test('of a pull request that neither has stored yet', async () => {
      const { connectorConfigId } = await connect(database.db);
      const newer = listed({ updated_at: at(4), title: 'Faster still' });
      const stored = await whileUncommitted(connectorConfigId, (tx) =>
        ingest(tx, connectorConfigId, newer),
      );
      expect(stored).toEqual({ title: 'Faster still', additions: 10 });
    }, 60_000);

    test('of a pull request that is being changed by another than an ingest', async () => {
      const { connectorConfigId } = await connect(database.db);
      await ingest(database.db, connectorConfigId, listed());
      const stored = await whileUncommitted(connectorConfigId, (tx) =>
        tx.execute(sql`
        update github_pull_requests
        set title = 'Renamed', pr_updated_at = ${at(4)}, deliveries = null
        where connector_config_id = ${connectorConfigId}`),
      );
      expect(stored).toEqual({ title: 'Renamed', additions: 10 });
    }, 60_000);
  },
);

const rules: MergeRules = {
  key: 'id',
  fields: ['id', 'at', 'a', 'b', 'c', 'place', 'name'],
  version: 'at',
  units: [['place', 'name']],
};

test('merging is the same in every order, grouping and storage between', () => {
  const value = fc.option(fc.constantFrom<unknown>(1, 2, null), { nil: undefined });
  const delivery = fc.record({
    id: fc.constant('x'),
    at: fc.option(
      fc.integer({ min: 1, max: 3 }).map((day) => new Date(day)),
      { nil: undefined },
    ),
    a: value,
    b: value,
    c: value,
    place: value,
    name: value,
  });
  /** As the database gives it back: what is unknown is null. */
  const throughStorage = (row: ReturnType<typeof rowOf>) =>
    storedRow(
      rules,
      Object.fromEntries(rules.fields.map((field) => [field, row.fields[field] ?? null])),
      JSON.parse(JSON.stringify(deliveriesOf(rules, row))),
    );
  fc.assert(
    fc.property(
      fc.array(delivery, { minLength: 2, maxLength: 6 }),
      fc.infiniteStream(fc.nat()),
      (deliveries, random) => {
        const next = () => random.next().value ?? 0;
        const rows = deliveries.map((one) => rowOf(rules, one));
        const inOrder = rows.reduce((one, other) => mergeRows(rules, one, other));
        const left = [...rows];
        while (left.length > 1) {
          const [one] = left.splice(next() % left.length, 1);
          const [other] = left.splice(next() % left.length, 1);
          if (one && other) left.push(throughStorage(mergeRows(rules, one, other)));
        }
        expect(left[0]).toEqual(inOrder);
        // A value that any delivery held is stored.
        for (const field of rules.fields) {
          const known = deliveries.some((one) => Reflect.get(one, field) !== undefined);
          if (known && !['place', 'name'].includes(field)) {
            expect(inOrder.ranks.has(field)).toBe(true);
          }
        }
      },
    ),
    { numRuns: 2000 },
  );
});
