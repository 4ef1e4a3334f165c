import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type AuditAnchor,
  appendActivityLogs,
  forgetInAuditTrail,
  pruneAuditTrail,
  verifyAuditTrail,
} from '../../src/queries/audit.ts';
import { addUsersById } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

// A superuser can switch the triggers off and change any row. Each change must be found, where it is.

const scope = 'drive d';
const [first, last] = [4, 25];
let workspace: Workspace;
let anchor: AuditAnchor | undefined;

beforeAll(async () => {
  workspace = await openWorkspace();
  const { db, sql } = workspace;
  const append = (actorId: string, count: number) =>
    appendActivityLogs(db, {
      lines: Array.from({ length: count }, (_, n) => ({
        action: 'page.rename',
        driveId: 'd',
        pageId: `p${n}`,
        actorId,
        targetUserId: 'zoe',
        before: { n },
        after: { n: n + 1 },
      })),
    });
  await addUsersById(db, 'ada', 'eve', 'zoe');
  await append('ada', 12);
  await append('eve', 3);
  await forgetInAuditTrail(db, { userId: 'eve' }); // 13 to 15, recorded in 16 to 18
  await pruneAuditTrail(db, { scope, before: new Date(Date.now() + 60_000), limit: first - 1 }); // 19
  await append('ada', last - 19);
  ({ anchor } = await verifyAuditTrail(db, { scope }));
  expect(anchor?.position).toBe(last);
  await sql`alter table audit_entries disable trigger all`;
  await sql`alter table audit_heads disable trigger all`;
});
afterAll(() => workspace.close());

/** The result of verifying after some statements, which are then rolled back. */
async function foundAfter(statements: readonly string[], anchors: AuditAnchor[] = []) {
  const undone = new Error('undone');
  let broken: Awaited<ReturnType<typeof verifyAuditTrail>>['broken'];
  await workspace.db
    .transaction(async (tx) => {
      for (const statement of statements) await tx.execute(statement);
      ({ broken } = await verifyAuditTrail(tx, { scope, anchors }));
      throw undone;
    })
    .catch((error: unknown) => {
      if (error !== undone) throw error;
    });
  return broken;
}

const at = (position: number) => `scope = '${scope}' and position = ${position}`;
const rehash = (position: number) => `update audit_entries e set
  "detailsHash" = case when salt is null then "detailsHash" else audit_sha256(salt, before::text, after::text) end where ${at(position)};
  update audit_entries e set hash = audit_sha256("previousHash", scope, position::text, id, "actorId", action, "driveId", "pageId",
    "targetUserId", "detailsHash", audit_millis("recordedAt"), audit_millis("createdAt")) where ${at(position)}`;

const edits = {
  id: `id || 'x'`,
  actorId: `coalesce("actorId", '') || 'x'`,
  action: `action || 'x'`,
  driveId: `coalesce("driveId", '') || 'x'`,
  pageId: `coalesce("pageId", '') || 'x'`,
  targetUserId: `coalesce("targetUserId", '') || 'x'`,
  before: `coalesce(before, '{}') || '{"x": 1}'`,
  after: `coalesce(after, '{}') || '{"x": 1}'`,
  salt: `coalesce(salt, '') || 'x'`,
  detailsHash: `repeat('a', 64)`,
  redactedAt: `coalesce("redactedAt", now()) + interval '1 ms'`,
  recordedAt: `"recordedAt" + interval '1 ms'`,
  previousHash: `repeat('a', 64)`,
  hash: `repeat('a', 64)`,
  createdAt: `"createdAt" + interval '1 ms'`,
  updatedAt: `"updatedAt" + interval '1 ms'`,
};
const position = fc.integer({ min: first, max: last });
const column = fc.constantFrom(...Object.keys(edits)) as fc.Arbitrary<keyof typeof edits>;
const runs = { numRuns: Number(process.env.AUDIT_MUTANTS ?? 60) };

test('untouched, it verifies, with its anchor', async () => {
  expect(await foundAfter([], anchor && [anchor])).toBeUndefined();
});

test('every edited column of every row is found, at that row', async () => {
  await fc.assert(
    fc.asyncProperty(position, column, async (n, name) => {
      const broken = await foundAfter([
        `update audit_entries set "${name}" = ${edits[name]} where ${at(n)}`,
      ]);
      expect(broken?.position).toBe(n);
    }),
    { ...runs, numRuns: runs.numRuns * 2 },
  );
});

test('an edited row that is hashed anew is found at the row after it', async () => {
  const hashed = [
    'id',
    'actorId',
    'action',
    'driveId',
    'pageId',
    'targetUserId',
    'recordedAt',
  ] as const;
  await fc.assert(
    fc.asyncProperty(position, fc.constantFrom(...hashed, 'after' as const), async (n, name) => {
      fc.pre(name !== 'after' || n < 13 || n > 19);
      const broken = await foundAfter([
        `update audit_entries set "${name}" = ${edits[name]}${name === 'recordedAt' ? `, "updatedAt" = "updatedAt" + interval '1 ms'` : ''} where ${at(n)}`,
        ...rehash(n).split(';'),
      ]);
      expect(broken).toBeDefined();
      // A redacted row and a record also bind their times to one another, which may show first.
      if (n < 13 || n > 19) expect(broken?.position).toBe(Math.min(n + 1, last));
    }),
    runs,
  );
});

test('a deleted row is found at its place, the last ones by the head or, if that was moved, an anchor', async () => {
  await fc.assert(
    fc.asyncProperty(
      position,
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      async (n, many, moves) => {
        const statements = [
          `delete from audit_entries where scope = '${scope}' and position >= ${n} and position < ${n + many}`,
        ];
        const cutsEnd = n + many > last;
        if (moves && cutsEnd && n > 19) {
          statements.push(`update audit_heads set position = ${n - 1},
          hash = (select hash from audit_entries where ${at(n - 1)}) where scope = '${scope}'`);
          expect(await foundAfter(statements)).toBeUndefined();
        }
        const broken = await foundAfter(statements, anchor && [anchor]);
        expect(broken).toMatchObject({ position: n, problem: 'missing' });
      },
    ),
    runs,
  );
});

test('an inserted row is found, also with its hash right and all places moved on', async () => {
  await fc.assert(
    fc.asyncProperty(position, fc.boolean(), async (n, hashes) => {
      const columns = `id, action, "driveId", "detailsHash", "recordedAt", "previousHash", hash, "createdAt", "updatedAt", salt`;
      const broken = await foundAfter([
        `update audit_entries set position = -position where scope = '${scope}' and position >= ${n}`,
        `update audit_entries set position = -position + 1 where scope = '${scope}' and position < 0`,
        `update audit_heads set position = position + 1 where scope = '${scope}'`,
        `insert into audit_entries (scope, position, ${columns}) select scope, ${n}, ${columns} from audit_entries where ${at(n + 1)}`,
        ...(hashes
          ? [
              `update audit_entries set id = 'x', "previousHash" = coalesce((select hash from audit_entries where ${at(n - 1)}), "previousHash") where ${at(n)}`,
              ...rehash(n).split(';'),
            ]
          : []),
      ]);
      expect(broken).toBeDefined();
      expect(broken?.position).toBeGreaterThanOrEqual(n);
      expect(broken?.position).toBeLessThanOrEqual(n + 1);
    }),
    runs,
  );
});

test('a row behind the head is found', async () => {
  const columns = `id, action, "detailsHash", "recordedAt", hash, "createdAt", "updatedAt", salt`;
  const broken = await foundAfter([
    `insert into audit_entries (scope, position, "previousHash", ${columns}) select scope, ${last + 1}, hash, ${columns} from audit_entries where ${at(last)}`,
    `update audit_entries set "detailsHash" = audit_sha256(salt, before::text, after::text) where ${at(last + 1)}`,
    ...rehash(last + 1).split(';'),
  ]);
  expect(broken).toEqual({ position: last + 1, problem: 'not the head' });
});

test('two rows that changed places are found at the first', async () => {
  await fc.assert(
    fc.asyncProperty(position, position, async (one, other) => {
      fc.pre(one !== other);
      const broken = await foundAfter([
        `update audit_entries set position = -position where scope = '${scope}' and position in (${one}, ${other})`,
        `update audit_entries set position = ${one} + ${other} + position where scope = '${scope}' and position < 0`,
      ]);
      expect(broken?.position).toBe(Math.min(one, other));
    }),
    runs,
  );
});

test('details that vanish as if redacted, and a stretch as if pruned, are found', async () => {
  await fc.assert(
    fc.asyncProperty(position, async (n) => {
      fc.pre(n < 13 || n > 19);
      const broken = await foundAfter([
        `update audit_entries set before = null, after = null, salt = null, "redactedAt" = now(), "updatedAt" = now() where ${at(n)}`,
      ]);
      expect(broken).toEqual({ position: n, problem: 'redacted without a record' });
    }),
    { numRuns: 15 },
  );
  const broken = await foundAfter([
    `update audit_heads set "prunedPosition" = 8, "prunedHash" = (select hash from audit_entries where ${at(8)}) where scope = '${scope}'`,
    `delete from audit_entries where scope = '${scope}' and position <= 8`,
  ]);
  expect(broken).toEqual({ position: 8, problem: 'pruned without a record' });
});

test('a whole chain that was hashed anew is found by an anchor, and by nothing else', async () => {
  await fc.assert(
    fc.asyncProperty(position, async (n) => {
      fc.pre(n < 13 || n > 19);
      const statements = [
        `update audit_entries set after = '{"forged": true}' where ${at(n)}`,
        `do $$ declare p int; begin for p in ${n}..${last} loop
          update audit_entries e set "previousHash" = coalesce((select hash from audit_entries b where b.scope = e.scope and b.position = p - 1), "previousHash") where ${at(0).replace('= 0', '= p')};
          ${rehash(0).replaceAll('position = 0', 'position = p')};
          end loop; end $$`,
        `update audit_heads set hash = (select hash from audit_entries where ${at(last)}) where scope = '${scope}'`,
      ];
      expect(await foundAfter(statements)).toBeUndefined();
      expect(await foundAfter(statements, anchor && [anchor])).toEqual({
        position: last,
        problem: 'not the anchor',
      });
    }),
    { numRuns: 10 },
  );
});
