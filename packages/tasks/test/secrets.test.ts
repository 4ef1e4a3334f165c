// One canary stored as every secret: it is nowhere but in the answer to its owner.
import { PassThrough } from 'node:stream';
import { SealingError } from '@reference/kit';
import { eq, sql } from 'drizzle-orm';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  accounts,
  connectors,
  createConnector,
  getConnector,
  getKey,
  getOAuthTokens,
  getSettings,
  getUser,
  getUserTasks,
  keys,
  linkAccount,
  listAccounts,
  listConnectors,
  listKeys,
  listKeyUsage,
  requireConnectorSecrets,
  setKey,
  updateConnector,
  upsertUser,
  users,
} from '../src/index.ts';
import { addVictim, canaries, everythingOf, rowsOf, type Victim } from './victim.ts';
import { addUser, keyring, openWorkbench, untyped, type Workbench } from './workbench.ts';

let bench: Workbench;
let victim: Victim;
const log: string[] = [];
beforeAll(async () => {
  const stream = new PassThrough().setEncoding('utf8').on('data', (line) => log.push(line));
  // Every statement is a slow one here, so every statement is logged.
  const logger = pino({ level: 'trace' }, stream);
  bench = await openWorkbench({ logger, slowQueryMs: 0 });
  victim = await addVictim(bench.db);
});
afterAll(() => bench.close());

function expectNoCanary(text: string): void {
  for (const canary of Object.values(canaries)) {
    expect(text).not.toContain(canary);
    // Nor in base64 or hex, nor all but its ends.
    const inner = canary.slice(4, -5);
    for (const form of [inner, btoa(canary).slice(3, -6), Buffer.from(canary).toString('hex')]) {
      expect(text).not.toContain(form);
    }
  }
}

const settle = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return await work;
  } catch (error) {
    return error;
  }
};

describe('a stored secret', () => {
  it('opens for its owner', async () => {
    const { userId, connectorId } = victim;
    expect(await getKey(bench.db, { userId, keyring, provider: 'openai' })).toBe(canaries.key);
    expect(await getOAuthTokens(bench.db, { userId, keyring, provider: 'github' })).toMatchObject({
      accessToken: canaries.accessToken,
      refreshToken: canaries.refreshToken,
    });
    expect(await getOAuthTokens(bench.db, { userId, keyring, provider: 'vercel' })).toMatchObject({
      accessToken: canaries.linkedAccessToken,
      refreshToken: canaries.linkedRefreshToken,
    });
    expect(await requireConnectorSecrets(bench.db, { userId, connectorId, keyring })).toEqual({
      oauthClientSecret: canaries.clientSecret,
      env: { TOKEN: canaries.env },
    });
  });

  it('is in no row of any table', async () => {
    expectNoCanary(JSON.stringify(await rowsOf(bench.db, victim.userId)));
  });

  it('is in no list, and in no result but that of opening it', async () => {
    const { userId, connectorId } = victim;
    const results = await Promise.all([
      getUser(bench.db, { userId }),
      listAccounts(bench.db, { userId }),
      listKeys(bench.db, { userId }),
      listConnectors(bench.db, { userId }),
      getConnector(bench.db, { userId, connectorId }),
      getUserTasks(bench.db, { userId }),
      getSettings(bench.db, { userId }),
      listKeyUsage(bench.db),
      setKey(bench.db, { userId, keyring, provider: 'openai', value: canaries.key }),
    ]);
    expectNoCanary(everythingOf(results));
  });

  it('is in no error, whatever makes the write fail', async () => {
    const { userId, connectorId } = victim;
    const key = { provider: 'openai', value: canaries.key } as const;
    const identity = {
      provider: 'vercel',
      externalId: 'another',
      username: 'a',
      accessToken: canaries.accessToken,
      refreshToken: canaries.refreshToken,
    } as const;
    const broken = bench.connect({
      url: bench.url.replace(/:\d+\//, ':1/'),
      connectTimeoutSeconds: 1,
    });
    const errors = await Promise.all(
      [
        setKey(bench.db, { userId: 'nobody', keyring, ...key }),
        setKey(bench.db, { userId, keyring, ...key, value: `${canaries.key}\n` }),
        setKey(bench.db, { userId, keyring, ...untyped({ ...key, provider: 'aws' }) }),
        setKey(broken.db, { userId, keyring, ...key }),
        linkAccount(bench.db, { userId, keyring, ...identity }),
        linkAccount(bench.db, { userId: 'nobody', keyring, ...identity }),
        upsertUser(bench.db, { keyring, ...identity, email: 'no address' }),
        updateConnector(bench.db, {
          userId,
          connectorId,
          keyring,
          changes: { type: 'remote', oauthClientSecret: canaries.clientSecret },
        }),
        createConnector(bench.db, {
          userId,
          keyring,
          name: 'a',
          type: 'local',
          command: 'a',
          env: { TOKEN: `${canaries.env}\0` },
        }),
        // Past the query modules: the table refuses a plain value, and says so without it.
        bench.db.update(keys).set({ value: canaries.key }).where(eq(keys.userId, userId)),
        bench.db.insert(users).values({
          provider: 'github',
          externalId: 'plain',
          accessToken: canaries.accessToken,
          username: 'a',
        }),
        bench.db.execute(sql`select ${canaries.key}::int`),
      ].map(settle),
    );
    await broken.close();
    for (const error of errors) {
      expect(error).toBeInstanceOf(Error);
      expectNoCanary(everythingOf(error));
    }
  });

  it('is in no log line', async () => {
    expect(log.length).toBeGreaterThan(20);
    expectNoCanary(log.join(''));
  });
});

describe('a ciphertext that is moved', () => {
  const moved = async (work: () => Promise<unknown>, open: () => Promise<unknown>) => {
    await work();
    const outcome = await settle(open());
    expect(outcome).toBeInstanceOf(SealingError);
    expectNoCanary(everythingOf(outcome));
  };

  it('to another row of its own user does not open', async () => {
    const { userId } = victim;
    await setKey(bench.db, { userId, keyring, provider: 'cursor', value: 'anything' });
    await moved(
      () =>
        bench.db.execute(sql`update keys set value =
          (select value from keys where user_id = ${userId} and provider = 'openai')
          where user_id = ${userId} and provider = 'cursor'`),
      () => getKey(bench.db, { userId, keyring, provider: 'cursor' }),
    );
  });

  it('to another user does not open, in their row or as a row made theirs', async () => {
    const { userId } = victim;
    const thief = await addUser(bench.db);
    await setKey(bench.db, { userId: thief, keyring, provider: 'openai', value: 'anything' });
    const open = () => getKey(bench.db, { userId: thief, keyring, provider: 'openai' });
    await moved(
      () =>
        bench.db.execute(sql`update keys set value =
          (select value from keys where user_id = ${userId} and provider = 'openai')
          where user_id = ${thief}`),
      open,
    );
    await bench.db.delete(keys).where(eq(keys.userId, thief));
    const [row] = await bench.db
      .update(keys)
      .set({ userId: thief })
      .where(sql`${keys.userId} = ${userId} and ${keys.provider} = 'openai'`)
      .returning({ id: keys.id });
    await moved(async () => {}, open);
    await bench.db
      .update(keys)
      .set({ userId })
      .where(eq(keys.id, row?.id ?? ''));
    expect(await getKey(bench.db, { userId, keyring, provider: 'openai' })).toBe(canaries.key);
  });

  it('to another column does not open', async () => {
    const { userId, connectorId } = victim;
    await moved(
      () =>
        bench.db
          .update(connectors)
          .set({ env: sql`${connectors.oauthClientSecret}` })
          .where(eq(connectors.id, connectorId)),
      () => requireConnectorSecrets(bench.db, { userId, connectorId, keyring }),
    );
    await moved(
      () =>
        bench.db
          .update(users)
          .set({ accessToken: sql`${users.refreshToken}` })
          .where(eq(users.id, userId)),
      () => getOAuthTokens(bench.db, { userId, keyring, provider: 'github' }),
    );
    await moved(
      () =>
        bench.db.execute(sql`update accounts set refresh_token =
          (select refresh_token from users where id = ${userId}) where user_id = ${userId}`),
      () => getOAuthTokens(bench.db, { userId, keyring, provider: 'vercel' }),
    );
  });

  it('or changed in one character does not open', async () => {
    const userId = await addUser(bench.db);
    await setKey(bench.db, { userId, keyring, provider: 'openai', value: canaries.key });
    const [stored] = await bench.db
      .select({ value: keys.value })
      .from(keys)
      .where(eq(keys.userId, userId));
    const value = stored?.value ?? '';
    for (const at of [value.length - 5, value.length - 30, value.indexOf('..') + 3]) {
      const other = value[at] === 'A' ? 'B' : 'A';
      await moved(
        () =>
          bench.db
            .update(keys)
            .set({ value: value.slice(0, at) + other + value.slice(at + 1) })
            .where(eq(keys.userId, userId)),
        () => getKey(bench.db, { userId, keyring, provider: 'openai' }),
      );
    }
  });
});

describe('the sealed columns', () => {
  it('refuse a plain value in every table', async () => {
    const { userId } = victim;
    const writes = [
      bench.db.update(users).set({ accessToken: 'a' }).where(eq(users.id, userId)),
      bench.db.update(users).set({ refreshToken: 'a' }).where(eq(users.id, userId)),
      bench.db.update(accounts).set({ accessToken: 'a' }).where(eq(accounts.userId, userId)),
      bench.db.update(accounts).set({ refreshToken: 'a' }).where(eq(accounts.userId, userId)),
      bench.db.update(keys).set({ value: 'a' }).where(eq(keys.userId, userId)),
      bench.db
        .update(connectors)
        .set({ oauthClientSecret: 'a' })
        .where(eq(connectors.userId, userId)),
      bench.db.update(connectors).set({ env: 'a' }).where(eq(connectors.userId, userId)),
    ];
    for (const write of writes) {
      await expect(write).rejects.toMatchObject({ sqlstate: '23514' });
    }
  });
});
