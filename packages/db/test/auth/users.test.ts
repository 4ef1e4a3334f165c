import bcrypt from 'bcryptjs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  changePassword,
  createUser,
  getUser,
  getUserByEmail,
  issueSession,
  raiseTokenVersion,
  requireUser,
  verifyPassword,
  verifySession,
} from '../../src/queries/auth.ts';
import { addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

// bcrypt is meant to be slow, and a busy machine makes it slower.
vi.setConfig({ testTimeout: 60_000 });

const password = 'correct horse battery';

test('a password is stored as bcrypt hash, and no query gives it out', async () => {
  const { db, sql } = workspace;
  const user = await createUser(db, { email: 'Ada@Example.com', password, displayName: ' Ada ' });
  expect(user).toMatchObject({ email: 'Ada@Example.com', displayName: 'Ada', role: 'USER' });
  const [row] = await sql`select password from users where id = ${user.id}`;
  expect(row?.password).toMatch(/^\$2b\$12\$/);
  for (const found of [
    user,
    await getUser(db, { userId: user.id }),
    await getUserByEmail(db, { email: 'ada@example.COM' }),
    await verifyPassword(db, { email: 'ADA@example.com', password }),
  ]) {
    expect(found?.id).toBe(user.id);
    expect(JSON.stringify(found)).not.toContain('$2b$');
    expect(found).not.toHaveProperty('password');
    expect(found).not.toHaveProperty('tokenVersion');
  }
});

test('an address is taken whatever its case, also when two people take it at once', async () => {
  const { db } = workspace;
  const both = await Promise.allSettled([
    createUser(db, { email: 'twin@example.com' }),
    createUser(db, { email: 'TWIN@example.com' }),
  ]);
  expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'CONFLICT', message: expect.stringContaining('Sign in') },
  });
  await createUser(db, { email: 'g1@example.com', googleId: '42' });
  await expect(createUser(db, { email: 'g2@example.com', googleId: '42' })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('Google'),
  });
});

test.each([
  ['no address', { email: 'ada' }],
  ['an address of 300 characters', { email: `${'a'.repeat(290)}@example.com` }],
  ['a short password', { email: 'b@example.com', password: 'short' }],
  ['a password that bcrypt would cut', { email: 'b@example.com', password: 'é'.repeat(37) }],
  ['NUL in a password', { email: 'b@example.com', password: 'abcdefgh\0' }],
  ['NUL in a name', { email: 'b@example.com', displayName: 'a\0b' }],
  ['a script as avatar', { email: 'b@example.com', avatarUrl: 'javascript:alert(1)' }],
])('refuses %s and quotes no value', async (_, params) => {
  const error: unknown = await createUser(workspace.db, params).catch((thrown) => thrown);
  expect(error).toMatchObject({ code: 'INVALID_INPUT' });
  for (const value of Object.values(params)) expect(String(error)).not.toContain(`${value}`);
});

test('a wrong password, an unknown address and a user without password look alike', async () => {
  const { db } = workspace;
  const user = await createUser(db, { email: 'lin@example.com', password });
  await addUser(db, 'google@example.com');
  const compare = vi.spyOn(bcrypt, 'compare');
  const attempts = [
    { email: 'lin@example.com', password: 'wrong horse battery' },
    { email: 'nobody@example.com', password },
    { email: 'google@example.com', password },
    { email: 'lin@example.com', password: `${password}${'x'.repeat(80)}` },
  ];
  for (const attempt of attempts) {
    compare.mockClear();
    expect(await verifyPassword(db, attempt)).toBeUndefined();
    // One comparison each, at the same cost: that is what takes the time.
    expect(compare).toHaveBeenCalledTimes(1);
    expect(bcrypt.getRounds(String(compare.mock.calls[0]?.[1]))).toBe(12);
  }
  compare.mockRestore();
  expect((await getUser(db, { userId: user.id }))?.lastLoginAt).toBeNull();
  const signedIn = await verifyPassword(db, { email: 'lin@example.com', password });
  expect(signedIn?.lastLoginAt).toBeInstanceOf(Date);
});

test('a password longer than bcrypt reads never fits, even when its first 72 bytes do', async () => {
  const { db } = workspace;
  const longest = 'x'.repeat(72);
  const { id } = await createUser(db, { email: 'long@example.com', password: longest });
  const fits = await verifyPassword(db, { email: 'long@example.com', password: longest });
  expect(fits).toMatchObject({ id });
  expect(
    await verifyPassword(db, { email: 'long@example.com', password: `${longest}y` }),
  ).toBeUndefined();
});

test('changing the password or raising the version voids what was issued before', async () => {
  const { db } = workspace;
  const { id: userId, email } = await createUser(db, { email: 'max@example.com', password });
  const first = await issueSession(db, { userId });
  await changePassword(db, { userId, password: 'another horse' });
  expect(await verifySession(db, first)).toBeUndefined();
  expect(await verifyPassword(db, { email, password })).toBeUndefined();
  expect(await verifyPassword(db, { email, password: 'another horse' })).toMatchObject({
    id: userId,
  });

  const second = await issueSession(db, { userId });
  expect(await verifySession(db, second)).toMatchObject({ sessionId: second.id, userId });
  expect(await raiseTokenVersion(db, { userId })).toBe(2);
  expect(await verifySession(db, second)).toBeUndefined();
});

test('an unknown user is an error for every function that requires one', async () => {
  const { db } = workspace;
  const userId = 'nobody';
  expect(await getUser(db, { userId })).toBeUndefined();
  const missing = { code: 'NOT_FOUND' };
  await expect(requireUser(db, { userId })).rejects.toMatchObject(missing);
  await expect(raiseTokenVersion(db, { userId })).rejects.toMatchObject(missing);
  await expect(changePassword(db, { userId, password })).rejects.toMatchObject(missing);
});

test('the database itself refuses a password or token that is not hashed', async () => {
  const { sql } = workspace;
  const userId = await addUser(workspace.db);
  await expect(
    sql`update users set password = 'secret' where id = ${userId}`,
  ).rejects.toMatchObject({ constraint: 'users_password_check' });
  await expect(
    sql`insert into sessions (id, "tokenHash", "tokenPrefix", "userId", "tokenVersion", "expiresAt")
        values ('s', 'ses_plain', 'ses_', ${userId}, 0, now())`,
  ).rejects.toMatchObject({ constraint: 'sessions_tokenHash_check' });
});
