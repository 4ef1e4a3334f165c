import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { InvalidInputError, type Keyring } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Db } from '../src/database.ts';
import {
  createConnector,
  getKey,
  getKeyRetirement,
  getOAuthTokens,
  type KeyProvider,
  keyProvider,
  keys,
  linkAccount,
  listKeyUsage,
  requireConnectorSecrets,
  rotateEncryptionKey,
  setKey,
  updateConnector,
  upsertUser,
  users,
} from '../src/index.ts';
import { openWorkbench, testKeyring, testKeysFor, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());
beforeEach(async () => {
  await bench.db.delete(users);
});

const oldRing = testKeyring('old');
const newRing = testKeyring('new', 'old');
const newOnly = testKeyring('new');
const providers = keyProvider.enumValues;

interface Owner {
  readonly userId: string;
  readonly connectorId: string;
  readonly number: number;
}

/** A user with a value in each of the seven sealed columns, and a key at every provider. */
async function addOwner(db: Db, keyring: Keyring, number: number): Promise<Owner> {
  const identity = {
    externalId: `owner-${number}`,
    accessToken: `access-${number}`,
    refreshToken: `refresh-${number}`,
    username: 'a',
  };
  const { user } = await upsertUser(db, { keyring, provider: 'github', ...identity });
  const userId = user.id;
  await linkAccount(db, { userId, keyring, provider: 'vercel', ...identity });
  for (const provider of providers) {
    await setKey(db, { userId, keyring, provider, value: `${provider}-${number}` });
  }
  const connector = await createConnector(db, {
    userId,
    keyring,
    name: 'a',
    baseUrl: 'https://example.com',
    oauthClientSecret: `client-${number}`,
    env: { NUMBER: `${number}` },
  });
  return { userId, connectorId: connector.id, number };
}

let number = 0;

async function addOwners(count: number, keyring: Keyring): Promise<Owner[]> {
  const owners: Owner[] = [];
  while (owners.length < count) {
    number += 1;
    owners.push(await addOwner(bench.db, keyring, number));
  }
  return owners;
}

/** Opens everything an owner has, but the keys that writers change meanwhile. */
async function expectReadable({ userId, connectorId, number }: Owner, keyring: Keyring) {
  const tokens = { accessToken: `access-${number}`, refreshToken: `refresh-${number}` };
  for (const provider of ['github', 'vercel'] as const) {
    expect(await getOAuthTokens(bench.db, { userId, provider, keyring })).toMatchObject(tokens);
  }
  expect(await requireConnectorSecrets(bench.db, { userId, connectorId, keyring })).toEqual({
    oauthClientSecret: `client-${number}`,
    env: { NUMBER: `${number}` },
  });
}

const remaining = async (keyId: string) => (await getKeyRetirement(bench.db, { keyId })).remaining;
const perOwner = 6 + providers.length;

describe('rotateEncryptionKey', () => {
  it('seals everything with the current key, and says when the old one can go', async () => {
    const owners = await addOwners(4, oldRing);
    const before = await bench.db.select({ at: users.updatedAt }).from(users).orderBy(users.id);
    expect(await getKeyRetirement(bench.db, { keyId: 'old' })).toEqual({
      keyId: 'old',
      remaining: 4 * perOwner,
      retirable: false,
    });
    const progress: [number, number][] = [];
    const report = await rotateEncryptionKey(bench.db, {
      keyring: newRing,
      batchSize: 3,
      onProgress: (done, total) => progress.push([done, total]),
    });
    expect(report).toEqual({ resealed: 4 * perOwner, unopened: [], remaining: 0 });
    expect(progress.at(-1)).toEqual([4 * perOwner, 4 * perOwner]);
    expect(progress.map(([done]) => done)).toEqual(
      progress.map(([done]) => done).sort((a, b) => a - b),
    );
    expect(await getKeyRetirement(bench.db, { keyId: 'old' })).toMatchObject({ retirable: true });
    for (const owner of owners) {
      await expectReadable(owner, newOnly);
      for (const provider of providers) {
        const value = await getKey(bench.db, { userId: owner.userId, provider, keyring: newOnly });
        expect(value).toBe(`${provider}-${owner.number}`);
      }
    }
    const after = await bench.db.select({ at: users.updatedAt }).from(users).orderBy(users.id);
    expect(after).toEqual(before);
  });

  it('does nothing when there is nothing to do', async () => {
    await addOwners(1, newRing);
    expect(await rotateEncryptionKey(bench.db, { keyring: newRing })).toEqual({
      resealed: 0,
      unopened: [],
      remaining: 0,
    });
  });

  it('leaves what it cannot open, names it, and does the rest', async () => {
    const [owner] = await addOwners(1, testKeyring('lost'));
    await addOwners(2, oldRing);
    const [key] = await bench.db
      .select({ id: keys.id })
      .from(keys)
      .where(eq(keys.userId, owner?.userId ?? ''));
    const report = await rotateEncryptionKey(bench.db, { keyring: newRing, batchSize: 2 });
    expect(report).toMatchObject({ resealed: 2 * perOwner, remaining: perOwner });
    expect(report.unopened).toContainEqual({ table: 'keys', column: 'value', rowId: key?.id });
    expect(await remaining('old')).toBe(0);
    expect(await remaining('lost')).toBe(report.remaining);
  });

  it('leaves what someone writes between its reading and its writing', async () => {
    const [owner] = await addOwners(1, oldRing);
    if (!owner) throw new Error('one was added');
    const { userId, connectorId } = owner;
    let meddled = false;
    const meddling: Keyring = {
      ...newRing,
      async open(sealed, place) {
        const plain = await newRing.open(sealed, place);
        if (place.table === 'connectors' && !meddled) {
          meddled = true;
          const changes = { oauthClientSecret: 'written meanwhile', env: { NUMBER: 'meanwhile' } };
          await updateConnector(bench.db, { userId, connectorId, keyring: newRing, changes });
        }
        return plain;
      },
    };
    const report = await rotateEncryptionKey(bench.db, { keyring: meddling });
    expect(report).toMatchObject({ remaining: 0, unopened: [] });
    expect(
      await requireConnectorSecrets(bench.db, { userId, connectorId, keyring: newOnly }),
    ).toEqual({ oauthClientSecret: 'written meanwhile', env: { NUMBER: 'meanwhile' } });
  });

  it('counts every sealed column that the database checks', async () => {
    await addOwners(1, oldRing);
    const checked = await bench.sql`
      select conrelid::regclass::text as table, conname from pg_constraint
      where contype = 'c' and pg_get_constraintdef(oid) like '%eyJ%' order by 1, 2`;
    const counted = (await listKeyUsage(bench.db)).map(({ table, column }) => ({
      table,
      conname: `${table}_${column}_check`,
    }));
    const byName = (rows: readonly { conname?: string }[]) =>
      rows.map(({ conname }) => conname).sort();
    expect(byName(counted)).toEqual(byName(checked.map((row) => ({ conname: row.conname }))));
    expect(counted).toHaveLength(7);
  });

  it('names the keys of a column in order, with how many values each has sealed', async () => {
    const ring = testKeyring('new', 'old', 'middle');
    const middle = testKeyring('middle');
    for (const keyring of [ring, oldRing, middle, oldRing]) await addOwners(1, keyring);
    const ofEnv = (await listKeyUsage(bench.db)).filter(({ column }) => column === 'env');
    expect(ofEnv.map(({ keyId, values }) => [keyId, values])).toEqual([
      ['middle', 1],
      ['new', 1],
      ['old', 2],
    ]);
  });

  it.each([0, 10_001, 1.5])('refuses a batch of %j', async (batchSize) => {
    const rotating = rotateEncryptionKey(bench.db, { keyring: newRing, batchSize });
    await expect(rotating).rejects.toThrow(InvalidInputError);
  });
});

/** Runs the command line in a process of its own. */
function startRotation(args: readonly string[] = [], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      fileURLToPath(new URL('../src/cli/rotate-keys.ts', import.meta.url)),
      ...args,
    ],
    {
      env: {
        ...process.env,
        TASKS_DATABASE_URL: bench.url,
        ENCRYPTION_KEYS: testKeysFor('new', 'old'),
        NO_COLOR: '1',
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exit = once(child, 'close').then(([code]) => ({ code, output }));
  return { child, exit };
}

describe('the command line', () => {
  it('shows progress, what each key sealed, and which key can go', async () => {
    await addOwners(3, oldRing);
    const { code, output } = await startRotation(['--batch-size', '5']).exit;
    expect(output).toContain(`100% | ${3 * perOwner} of ${3 * perOwner}`);
    expect(output).toContain('Key old can be retired');
    expect(output).toContain('oauth_client_secret');
    expect(code).toBe(0);
  });

  it('only looks with --status', async () => {
    await addOwners(1, oldRing);
    const { code, output } = await startRotation(['--status']).exit;
    expect(output).toContain('Keep key old');
    expect(code).toBe(0);
    expect(await remaining('old')).toBe(perOwner);
  });

  it('says what is wrong with its environment, and no more', async () => {
    const wrong = [
      [{ ENCRYPTION_KEYS: '' }, /encryption keys/i],
      [{ ENCRYPTION_KEYS: 'k:c2hvcnQ=' }, /32/],
      [{ TASKS_DATABASE_URL: '' }, /TASKS_DATABASE_URL/],
    ] as const;
    await Promise.all(
      wrong.map(async ([environment, message]) => {
        const { code, output } = await startRotation([], environment).exit;
        expect(output).toMatch(message);
        expect(output).not.toContain('    at ');
        expect(code).toBe(1);
      }),
    );
  });
});

describe.skipIf(!capabilities.concurrency)('a rotation that is killed while writers write', () => {
  it('loses nothing, and the next one finishes', async () => {
    const owners = await addOwners(60, oldRing);
    const pools = Array.from({ length: 4 }, () => bench.connect({ max: 1 }));
    const latest = new Map<string, string>();
    let writing = true;
    /** The processes of the application: the first two still have the old keyring. */
    const write = async (writer: number) => {
      const { db } = pools[writer] ?? bench;
      const keyring = () => (writer < 2 && oldWritersRun ? oldRing : newRing);
      for (let round = 0; writing; round++) {
        const owner = owners[(round * pools.length + writer) % owners.length];
        const provider: KeyProvider = providers[writer] ?? 'openai';
        const value = `${provider}-by-${writer}-round-${round}`;
        if (!owner) return;
        await setKey(db, { userId: owner.userId, keyring: keyring(), provider, value });
        latest.set(`${owner.userId} ${provider}`, value);
        await sleep(2);
      }
    };
    let oldWritersRun = true;
    const writers = pools.map((_, writer) => write(writer));

    let killedMidway = 0;
    let output = '';
    try {
      // Started together, since starting takes longest; killed one by one, at any instant.
      const rotations = [1, 2, 3].map(() => startRotation(['--batch-size', '3']));
      for (const { child, exit } of rotations) {
        const before = await remaining('old');
        while ((await remaining('old')) >= before && child.exitCode === null) await sleep(5);
        await sleep(Math.random() * 60);
        child.kill('SIGKILL');
        await exit;
        if ((await remaining('old')) > 0) killedMidway += 1;
      }
      oldWritersRun = false;
      await sleep(200);
      const last = await startRotation(['--batch-size', '50']).exit;
      expect(last.code).toBe(0);
      output = last.output;
    } finally {
      writing = false;
      await Promise.all(writers);
      await Promise.all(pools.map((pool) => pool.close()));
    }

    expect(killedMidway).toBeGreaterThan(0);
    expect(output).toContain('Key old can be retired');
    expect(await getKeyRetirement(bench.db, { keyId: 'old' })).toMatchObject({ retirable: true });
    for (const owner of owners) {
      await expectReadable(owner, newOnly);
      for (const provider of providers) {
        const value = await getKey(bench.db, { userId: owner.userId, provider, keyring: newOnly });
        const expected = latest.get(`${owner.userId} ${provider}`);
        expect(value).toBe(expected ?? `${provider}-${owner.number}`);
      }
    }
    expect(latest.size).toBeGreaterThan(50);
  }, 300_000);

  it('can be done by two at once', async () => {
    const owners = await addOwners(20, oldRing);
    const pools = [bench.connect({ max: 1 }), bench.connect({ max: 1 })];
    const reports = await Promise.all(
      pools.map(({ db }) => rotateEncryptionKey(db, { keyring: newRing, batchSize: 7 })),
    );
    await Promise.all(pools.map((pool) => pool.close()));
    const resealed = reports.reduce((sum, report) => sum + report.resealed, 0);
    expect(resealed).toBe(20 * perOwner);
    for (const owner of owners) await expectReadable(owner, newOnly);
  });
});
