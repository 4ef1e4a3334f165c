import { NotFoundError } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import {
  issueSession,
  listSessions,
  purgeSessions,
  raiseTokenVersion,
  revokeSession,
  revokeSessions,
  touchSession,
  verifySession,
} from '../../src/queries/auth.ts';
import { sessions } from '../../src/schema/index.ts';
import { addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
let userId: string;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  userId = await addUser(workspace.db);
});

test('a session is verified by its token, of which only the SHA-256 is stored', async () => {
  const { db, sql } = workspace;
  const issued = await issueSession(db, { userId, userAgent: 'curl/8', ipAddress: '::1' });

  expect(await verifySession(db, issued)).toEqual({
    sessionId: issued.id,
    userId,
    role: 'USER',
    lastUsedAt: null,
  });
  const [row] = await sql`select to_jsonb(s)::text as text from sessions s where id = ${issued.id}`;
  expect(row?.text).not.toContain(issued.token);
  expect(row?.text).toContain(issued.token.slice(0, 8));
});
