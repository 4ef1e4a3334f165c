import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  SealingError,
  transaction,
} from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { and, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accounts,
  deleteUser,
  getOAuthTokens,
  getUser,
  getUserByIdentity,
  linkAccount,
  listAccounts,
  requireUser,
  type SignIn,
  unlinkAccount,
  upsertUser,
  users,
} from '../src/index.ts';
import {
  addTask,
  addUser,
  keyring,
  openWorkbench,
  testKeyring,
  untyped,
  type Workbench,
} from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());

let counter = 0;
const identity = (changes: Partial<SignIn> = {}): SignIn => {
  counter += 1;
  return {
    provider: 'github',
    externalId: `external-${counter}`,
    accessToken: `gho_access_${counter}`,
    refreshToken: `ghr_refresh_${counter}`,
    scope: 'repo user:email',
    username: `octocat${counter}`,
    ...changes,
  };
};
const signIn = (who: SignIn, db = bench.db) => upsertUser(db, { keyring, ...who });

describe('getUserByIdentity', () => {
  it('finds the user of exactly this identity, and nobody for another', async () => {
    const [first, second] = [identity(), identity()];
    const { user } = await signIn(first);
    const { user: other } = await signIn(second);
    const found = (who: Pick<SignIn, 'provider' | 'externalId'>) =>
      getUserByIdentity(bench.db, { provider: who.provider, externalId: who.externalId });
    expect(await found(first)).toMatchObject({ id: user.id });
    expect(await found(second)).toMatchObject({ id: other.id });
    expect(await found({ ...first, externalId: 'nobody' })).toBeUndefined();
  });
});

describe('upsertUser', () => {
  it('makes a user at first, and keeps profile and tokens of each later sign-in', async () => {
    const who = identity({ email: 'a@example.com', name: 'Ada' });
    const first = await signIn(who);
    expect(first.created).toBe(true);
    expect(first.user).toMatchObject({ email: 'a@example.com', name: 'Ada', provider: 'github' });
    expect(first.user).not.toHaveProperty('accessToken');

    const again = await signIn({
      ...who,
      name: 'Ada L.',
      accessToken: 'gho_new',
      refreshToken: null,
    });
    expect(again).toMatchObject({ created: false, user: { id: first.user.id, name: 'Ada L.' } });
    const userId = first.user.id;
    expect(await getOAuthTokens(bench.db, { userId, provider: 'github', keyring })).toEqual({
      accessToken: 'gho_new',
      refreshToken: null,
      expiresAt: null,
      scope: 'repo user:email',
    });
    expect(await requireUser(bench.db, { userId })).toEqual(again.user);
  });

  it('keeps one external id at two providers apart', async () => {
    const who = identity();
    const github = await signIn(who);
    const vercel = await signIn({ ...who, provider: 'vercel' });
    expect(vercel.user.id).not.toBe(github.user.id);
  });

  it.each([
    { provider: 'gitlab' },
    { externalId: '' },
    { accessToken: '' },
    { accessToken: 'two\nlines' },
    { email: 'nobody' },
    { avatarUrl: 'javascript:alert(1)' },
    { isAdmin: true },
  ])('refuses %j', async (wrong) => {
    const signing = upsertUser(bench.db, { keyring, ...identity(), ...untyped(wrong) });
    await expect(signing).rejects.toThrow(InvalidInputError);
  });
});

describe('linkAccount', () => {
  it('lets a user sign in with the linked account too', async () => {
    const { user } = await signIn(identity());
    const vercel = identity({ provider: 'vercel', accessToken: 'vcl_one' });
    const expiresAt = new Date('2030-01-01T00:00:00.000Z');
    const linked = await linkAccount(bench.db, { userId: user.id, keyring, ...vercel, expiresAt });
    expect(linked).toMatchObject({
      provider: 'vercel',
      externalUserId: vercel.externalId,
      expiresAt,
    });

    const signed = await signIn({ ...vercel, accessToken: 'vcl_two', name: 'Not taken over' });
    expect(signed).toMatchObject({ created: false, user: { id: user.id, name: user.name } });
    const tokens = await getOAuthTokens(bench.db, { userId: user.id, provider: 'vercel', keyring });
    expect(tokens?.accessToken).toBe('vcl_two');
    expect((await listAccounts(bench.db, { userId: user.id })).map(({ id }) => id)).toEqual([
      linked.id,
    ]);
  });

  it('lists accounts by provider, whichever was linked first', async () => {
    const { user } = await signIn(identity());
    for (const provider of ['vercel', 'github'] as const) {
      await linkAccount(bench.db, { userId: user.id, keyring, ...identity({ provider }) });
    }
    const listed = await transaction(bench.db, async (tx) => {
      // The order may not rest on an index that happens to be read.
      await tx.execute(sql`set local enable_indexscan = off`);
      await tx.execute(sql`set local enable_bitmapscan = off`);
      return listAccounts(tx, { userId: user.id });
    });
    expect(listed.map(({ provider }) => provider)).toEqual(['github', 'vercel']);
  });

  it('keeps new tokens when the same account is linked again', async () => {
    const { user } = await signIn(identity());
    const vercel = identity({ provider: 'vercel' });
    const first = await linkAccount(bench.db, { userId: user.id, keyring, ...vercel });
    const again = await linkAccount(bench.db, {
      userId: user.id,
      keyring,
      ...vercel,
      accessToken: 'vcl_again',
    });
    expect(again.id).toBe(first.id);
    const tokens = await getOAuthTokens(bench.db, { userId: user.id, provider: 'vercel', keyring });
    expect(tokens?.accessToken).toBe('vcl_again');
  });

  it('refuses what another user signs in with, or has linked', async () => {
    const [owner, stranger] = [await signIn(identity()), await signIn(identity())];
    const own = identity({ provider: 'vercel' });
    await linkAccount(bench.db, { userId: owner.user.id, keyring, ...own });
    const { id: userId, externalId } = stranger.user;
    await expect(linkAccount(bench.db, { userId, keyring, ...own })).rejects.toThrow(ConflictError);
    const taken = linkAccount(bench.db, {
      userId: owner.user.id,
      keyring,
      ...identity({ externalId }),
    });
    await expect(taken).rejects.toThrow(ConflictError);
    const itself = linkAccount(bench.db, { userId, keyring, ...identity({ externalId }) });
    await expect(itself).rejects.toThrow(/signs in with/);
    expect(await listAccounts(bench.db, { userId })).toEqual([]);
  });

  it('takes one account a provider, until it is unlinked', async () => {
    const { user } = await signIn(identity());
    const link = () =>
      linkAccount(bench.db, { userId: user.id, keyring, ...identity({ provider: 'vercel' }) });
    await link();
    await expect(link()).rejects.toThrow(/Unlink/);
    await unlinkAccount(bench.db, { userId: user.id, provider: 'vercel' });
    await link();
  });

  it('refuses an unknown user', async () => {
    const linking = linkAccount(bench.db, { userId: 'nobody', keyring, ...identity() });
    await expect(linking).rejects.toThrow(NotFoundError);
  });
});

describe('getOAuthTokens', () => {
  it('gives nothing for a provider without an account, and needs the key that sealed', async () => {
    const { user } = await signIn(identity());
    const params = { userId: user.id, provider: 'vercel', keyring } as const;
    expect(await getOAuthTokens(bench.db, params)).toBeUndefined();
    const opening = getOAuthTokens(bench.db, {
      userId: user.id,
      provider: 'github',
      keyring: testKeyring('of another system'),
    });
    await expect(opening).rejects.toThrow(SealingError);
  });
});

describe('deleteUser', () => {
  it('takes everything of theirs along, and nothing of others', async () => {
    const [userId, other] = [await addUser(bench.db), await addUser(bench.db)];
    await addTask(bench.db, userId);
    await addTask(bench.db, other);
    await deleteUser(bench.db, { userId });
    expect(await getUser(bench.db, { userId })).toBeUndefined();
    expect(await getUser(bench.db, { userId: other })).toMatchObject({ id: other });
    await expect(deleteUser(bench.db, { userId })).rejects.toThrow(NotFoundError);
  });
});

describe.skipIf(!capabilities.concurrency)('sign-ins at once', () => {
  it('make one user from 20 callers', async () => {
    const pools = Array.from({ length: 20 }, () => bench.connect({ max: 1 }));
    for (let round = 0; round < 5; round++) {
      const who = identity();
      const results = await Promise.all(
        pools.map(({ db }, index) => signIn({ ...who, accessToken: `gho_${index}` }, db)),
      );
      expect(new Set(results.map(({ user }) => user.id)).size).toBe(1);
      expect(results.filter(({ created }) => created)).toHaveLength(1);
      const stored = and(eq(users.provider, 'github'), eq(users.externalId, who.externalId));
      expect(await bench.db.$count(users, stored)).toBe(1);
      const userId = results[0]?.user.id ?? '';
      const tokens = await getOAuthTokens(bench.db, { userId, provider: 'github', keyring });
      expect(tokens?.accessToken).toMatch(/^gho_\d+$/);
    }
    await Promise.all(pools.map((pool) => pool.close()));
  });

  it('never give one identity to two users, whether it is linked or signs in first', async () => {
    const pools = Array.from({ length: 12 }, () => bench.connect({ max: 1 }));
    for (let round = 0; round < 8; round++) {
      const owners = await Promise.all(Array.from({ length: 6 }, () => addUser(bench.db)));
      const who = identity({ provider: 'vercel' });
      await Promise.allSettled(
        pools.map(({ db }, index) =>
          index % 2
            ? signIn(who, db)
            : linkAccount(db, { userId: owners[index / 2] ?? '', keyring, ...who }),
        ),
      );
      const asUser = await bench.db.$count(users, eq(users.externalId, who.externalId));
      const asAccount = await bench.db.$count(
        accounts,
        eq(accounts.externalUserId, who.externalId),
      );
      expect(asUser + asAccount).toBe(1);
    }
    await Promise.all(pools.map((pool) => pool.close()));
  });
});
