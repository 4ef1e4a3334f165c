import { fillTables, findText } from '@reference/audit/testing';
import { ConflictError, NotFoundError } from '@reference/kit';
import type { PersonalRows } from '@reference/kit/personal-data';
import { checkPersonalPlan } from '@reference/kit/personal-plan';
import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  appendActivityLogs,
  redactInAuditTrail,
  verifyAuditTrail,
} from '../../src/queries/audit.ts';
import {
  closeAccount,
  eraseUser,
  exportUser,
  getUser,
  issueSession,
  personalPlan,
} from '../../src/queries/auth.ts';
import { acceptInvitation, inviteMember } from '../../src/queries/members.ts';
import { requestConnection, upsertProfile } from '../../src/queries/social.ts';
import { makeScene } from '../core/scene.ts';
import { addDrive, addUser } from '../people.ts';
import { whileOpen } from '../racers.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

async function exported(userId: string): Promise<Map<string, PersonalRows['rows']>> {
  const tables = new Map<string, PersonalRows['rows']>();
  await exportUser(workspace.db, {
    userId,
    write: async ({ table, rows }) => {
      tables.set(table, [...(tables.get(table) ?? []), ...rows]);
    },
  });
  return tables;
}

test('the plan covers every table that reaches the users, and says what the foreign keys say', async () => {
  expect(await checkPersonalPlan(workspace.db, personalPlan)).toEqual([]);
});

test('a new table, a column without a rule, and a wrong rule are named', async () => {
  const { db, sql } = workspace;
  await sql`create table diaries (id text primary key, "authorId" text references users (id) on delete cascade)`;
  await sql`create table diary_lines (id text primary key, "diaryId" text references diaries (id) on delete cascade, "writerEmail" text)`;
  expect(await checkPersonalPlan(db, personalPlan)).toEqual([
    'diaries reaches users and is in no plan.',
    'diary_lines reaches users and is in no plan.',
    'diaries.authorId names a person and has no rule.',
    'diaries.authorId looks as if it named a person and has no rule.',
    'diary_lines.writerEmail looks as if it named a person and has no rule.',
  ]);
  const wrong = {
    ...personalPlan,
    tables: {
      ...personalPlan.tables,
      diaries: { columns: { authorId: 'unlink', gone: 'delete' } },
      diary_lines: { through: ['drives'], emails: ['writerEmail'] },
    },
  } as const;
  expect(await checkPersonalPlan(db, wrong)).toEqual([
    'diaries.authorId is to be unlinked, and its foreign key does not set null.',
    'diaries.gone does not exist.',
    'diary_lines does not go with the rows of drives.',
  ]);
  await sql`drop table diary_lines, diaries`;
});

test('a person who is in every table is exported whole, and after that nowhere in the database', async () => {
  const filled = await openWorkspace();
  try {
    const { db, sql } = filled;
    const person = await fillTables(sql, personalPlan);
    const texts = [person.canary, person.id, person.canaryNumber];
    const before = await findText(sql, texts);
    // Its rows hold nothing but the keys of a page and a tag.
    const onlyKeys = 'page_tags';
    for (const table of Object.keys(personalPlan.tables)) {
      if (table === onlyKeys) continue;
      expect(before.join('\n')).toMatch(new RegExp(`${table}(_day_\\d)?: `));
    }
    const tables = new Set<string>();
    let text = '';
    const write = async ({ table, rows }: PersonalRows) => {
      tables.add(table);
      text += JSON.stringify(rows);
    };
    await exportUser(db, { userId: person.id, write });
    // Rows that only name the person are somebody else's.
    const unlinked = ['files'];
    expect(Object.keys(personalPlan.tables).filter((table) => !tables.has(table))).toEqual(
      unlinked,
    );
    for (const secret of ['"password"', 'tokenHash', 'encryptedApiKey', 'searchVector']) {
      expect(text).not.toContain(secret);
    }
    // Drives with other members are refused; here everybody is a member of every drive.
    await sql`delete from drive_members`;
    // Made-up entries are in no chain.
    await sql.unsafe(
      `alter table audit_entries disable trigger all; truncate audit_entries; alter table audit_entries enable trigger all`,
    );
    const { pseudonym } = await eraseUser(db, { userId: person.id });
    expect(await findText(sql, texts)).toEqual([]);
    const [kepts] = await sql`select
      (select count(*)::int from subscriptions where "userId" = ${pseudonym}) as paid,
      (select count(*)::int from ai_usage_logs where "userId" = ${pseudonym}) as used`;
    expect(kepts).toEqual({ paid: 1, used: 1 });
  } finally {
    await filled.close();
  }
}, 120_000);

test('the audit trail holds after an erasure, and names the person no more', async () => {
  const { db } = workspace;
  const { stranger: userId, owner, driveId } = await makeScene(workspace);
  await appendActivityLogs(db, {
    lines: [
      { actorId: userId, action: 'page.rename', driveId, after: { title: 'canarytitle' } },
      { actorId: owner, action: 'member.remove', driveId, targetUserId: userId },
    ],
  });
  expect((await exported(userId)).get('activity_logs')).toHaveLength(2);
  await eraseUser(db, { userId });
  expect(await getUser(db, { userId })).toBeUndefined();
  const report = await verifyAuditTrail(db, { scope: `drive ${driveId}` });
  expect(report).toMatchObject({ redacted: 1, broken: undefined });
  expect(await findText(workspace.sql, [userId, 'canarytitle'])).toEqual([]);
  await expect(eraseUser(db, { userId })).rejects.toThrow(NotFoundError);
});

test('a long trail is redacted in batches, each entry once, and a second call finds none', async () => {
  const { db, sql } = workspace;
  const { stranger: userId, owner, driveId } = await makeScene(workspace);
  // One instant for several, so that a batch ends among equals.
  const createdAt = new Date('2026-01-02T03:04:05Z');
  const lines = Array.from({ length: 25 }, (_, n) => ({
    ...(n % 2 === 0 ? { actorId: userId } : { actorId: owner, targetUserId: userId }),
    action: 'page.rename',
    ...(n % 3 === 0 && { driveId }),
    ...(n % 5 !== 0 && { after: { title: 'canarylong' } }),
    createdAt,
  }));
  await appendActivityLogs(db, { lines });
  expect(await redactInAuditTrail(db, { userId, batch: 3 })).toEqual({ redacted: 20 });
  expect(await redactInAuditTrail(db, { userId, batch: 3 })).toEqual({ redacted: 0 });
  const [left] =
    await sql`select count(*)::int as rows from audit_entries where after::text like '%canarylong%'`;
  expect(left).toEqual({ rows: 0 });
  expect(await verifyAuditTrail(db, { scope: `drive ${driveId}` })).toMatchObject({
    broken: undefined,
  });
});

test('what an act of someone erased leaves in the trail is the act, without name and details', async () => {
  const { db, sql } = workspace;
  const { stranger: userId, driveId } = await makeScene(workspace);
  const line = { actorId: userId, action: 'page.rename', driveId, after: { title: 'canarylate' } };
  await eraseUser(db, { userId });
  await appendActivityLogs(db, { lines: [line, { ...line, action: 'page.move' }] });
  expect(await findText(sql, [userId, 'canarylate'])).toEqual([]);
  const rows = await sql`select action, "actorId" from audit_entries where "driveId" = ${driveId}`;
  expect(rows.map(({ action }) => action)).toEqual(['page.rename', 'page.move']);
  expect(new Set(rows.map(({ actorId }) => actorId)).size).toBe(2);
});

test.skipIf(!capabilities.concurrency)(
  'of what a person does while being erased nothing remains, and of a neighbour’s acts everything',
  async () => {
    const { db, sql } = workspace;
    for (let round = 0; round < 8; round++) {
      const { stranger: userId, member, driveId } = await makeScene(workspace);
      const act = (actorId: string, title: string) =>
        appendActivityLogs(db, {
          lines: [{ actorId, action: 'page.rename', driveId, after: { title } }],
        });
      // Half of them have a name in the trail before.
      if (round % 2 === 0) await act(userId, 'before');
      const [erased, , neighbours] = await Promise.allSettled([
        eraseUser(db, { userId }),
        act(userId, 'canaryracing'),
        act(member, 'neighbour'),
        issueSession(db, { userId }),
        requestConnection(db, { userId, otherId: member }),
        upsertProfile(db, { userId, username: `canary${round}`, displayName: 'canaryracing' }),
      ]);
      expect(erased.status).toBe('fulfilled');
      expect(neighbours?.status).toBe('fulfilled');
      expect(await findText(sql, [userId, 'canaryracing'])).toEqual([]);
      const report = await verifyAuditTrail(db, { scope: `drive ${driveId}` });
      expect(report.broken).toBeUndefined();
    }
  },
  60_000,
);

test.skipIf(!capabilities.concurrency)(
  'an erasure waits for an act that is not committed yet, and takes its details too',
  async () => {
    const { db, sql } = workspace;
    const { stranger: userId, driveId } = await makeScene(workspace);
    const line = { actorId: userId, action: 'page.rename' };
    await appendActivityLogs(db, { lines: [line] });
    const { later } = await whileOpen<unknown, unknown>(
      workspace,
      (tx) =>
        appendActivityLogs(tx, { lines: [{ ...line, driveId, after: { title: 'canaryopen' } }] }),
      (handle) => eraseUser(handle, { userId }),
    );
    await later[0]?.outcome;
    expect(await findText(sql, [userId, 'canaryopen'])).toEqual([]);
  },
);

test('who owns a drive with other members is not erased, and nothing of theirs', async () => {
  const { db } = workspace;
  const { owner } = await makeScene(workspace);
  await expect(eraseUser(db, { userId: owner })).rejects.toThrow(ConflictError);
  expect(await getUser(db, { userId: owner })).toBeDefined();
});

test('after an account is closed nobody joins its drives, so the person can be erased', async () => {
  const { db } = workspace;
  const [userId, guest] = [await addUser(db), await addUser(db, 'guest@example.com')];
  const driveId = await addDrive(db, userId);
  const invitation = {
    actorId: userId,
    driveId,
    email: 'guest@example.com',
    role: 'MEMBER',
  } as const;
  const { token } = await inviteMember(db, invitation);
  await closeAccount(db, { userId });
  await expect(acceptInvitation(db, { token, userId: guest })).rejects.toThrow(ConflictError);
  await eraseUser(db, { userId });
  expect(await getUser(db, { userId })).toBeUndefined();
});

test.skipIf(!capabilities.concurrency)(
  'an account whose drive somebody is joining is closed only once it is known that they did not',
  async () => {
    const { db } = workspace;
    const email = 'joining@example.com';
    const [userId, guest] = [await addUser(db), await addUser(db, email)];
    const driveId = await addDrive(db, userId);
    const { token } = await inviteMember(db, { actorId: userId, driveId, email, role: 'MEMBER' });
    const { later } = await whileOpen<unknown, unknown>(
      workspace,
      (tx) => acceptInvitation(tx, { token, userId: guest }),
      (handle) => closeAccount(handle, { userId }),
    );
    await expect(later[0]?.outcome).rejects.toThrow(ConflictError);
  },
);

test('an export has the person’s rows and nobody else’s', async () => {
  const { db } = workspace;
  const { member, owner } = await makeScene(workspace);
  const other = await addUser(db);
  const rows = await exported(member);
  expect(rows.get('users')).toHaveLength(1);
  expect(rows.get('drive_members')).toMatchObject([{ userId: member }]);
  for (const id of [owner, other])
    expect(JSON.stringify([...rows])).not.toContain(`"userId":"${id}"`);
  await expect(exported('unknown')).rejects.toThrow(NotFoundError);
});
