import { InvalidInputError, NotFoundError, SealingError } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { eq } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deleteKey, getKey, keys, listKeys, setKey } from '../src/index.ts';
import { maskSecret } from '../src/queries/secrets.ts';
import {
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

const secret = 'sk-ant-api03-0123456789abcdefa1b2';

describe('setKey and getKey', () => {
  it('give back what was stored, whatever one line it is', async () => {
    const userId = await addUser(bench.db);
    const line = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 300 })
      .filter((text) => !/\p{Cc}/u.test(text));
    await fc.assert(
      fc.asyncProperty(line, async (value) => {
        await setKey(bench.db, { userId, keyring, provider: 'openai', value });
        expect(await getKey(bench.db, { userId, keyring, provider: 'openai' })).toBe(value);
      }),
      { numRuns: 25 },
    );
  });

  it('replace the key before, and keep one a provider', async () => {
    const userId = await addUser(bench.db);
    const first = await setKey(bench.db, { userId, keyring, provider: 'openai', value: secret });
    const second = await setKey(bench.db, {
      userId,
      keyring,
      provider: 'openai',
      value: 'sk-proj-something-else-9999',
    });
    expect(second.createdAt).toEqual(first.createdAt);
    expect(second.updatedAt.getTime()).toBeGreaterThanOrEqual(first.updatedAt.getTime());
    expect(await listKeys(bench.db, { userId })).toEqual([second]);
    expect(await getKey(bench.db, { userId, keyring, provider: 'openai' })).toBe(
      'sk-proj-something-else-9999',
    );
    expect(await getKey(bench.db, { userId, keyring, provider: 'cursor' })).toBeUndefined();
  });

  it('need the key that sealed', async () => {
    const userId = await addUser(bench.db);
    await setKey(bench.db, { userId, keyring, provider: 'gemini', value: secret });
    const opening = getKey(bench.db, {
      userId,
      keyring: testKeyring('another'),
      provider: 'gemini',
    });
    await expect(opening).rejects.toThrow(SealingError);
    const both = testKeyring('another', 'k1');
    expect(await getKey(bench.db, { userId, keyring: both, provider: 'gemini' })).toBe(secret);
  });

  it.each([
    { value: '' },
    { value: 'a\nb' },
    { value: 'a'.repeat(8193) },
    { provider: 'aws' },
    { key: 'x' },
  ])('refuse %j', async (wrong) => {
    const userId = await addUser(bench.db);
    const setting = setKey(bench.db, {
      userId,
      keyring,
      ...untyped({ provider: 'openai', value: secret, ...wrong }),
    });
    await expect(setting).rejects.toThrow(InvalidInputError);
    expect(await listKeys(bench.db, { userId })).toEqual([]);
  });

  it('refuse an unknown user', async () => {
    const setting = setKey(bench.db, { userId: 'nobody', keyring, provider: 'openai', value: 'a' });
    await expect(setting).rejects.toThrow(NotFoundError);
  });
});

describe('listKeys', () => {
  it('shows hints, and needs no keyring', async () => {
    const userId = await addUser(bench.db);
    await setKey(bench.db, { userId, keyring, provider: 'anthropic', value: secret });
    const [key] = await listKeys(bench.db, { userId });
    expect(key).toMatchObject({ provider: 'anthropic', valueHint: 'sk-…a1b2' });
    expect(Object.keys(key ?? {})).not.toContain('value');
  });
});

describe('maskSecret', () => {
  it.each([
    [secret, 'sk-…a1b2'],
    ['AIzaSyA-0123456789abcdefghi', '…fghi'],
    ['ghp_0123456789abcdefWXYZ', 'ghp_…WXYZ'],
    ['short-secret', '…'],
    ['1234567890123456789', '…'],
  ])('shows %s as %s', (value, hint) => {
    expect(maskSecret(value)).toBe(hint);
  });

  it('never shows more than its kind and four characters', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 100 }), (value) => {
        expect(maskSecret(value).length).toBeLessThanOrEqual(12);
        if (value.length < 20) expect(maskSecret(value)).toBe('…');
      }),
    );
  });
});

describe('listKeys of several providers', () => {
  it('gives the same order, whichever was set first', async () => {
    const providers = ['openai', 'cursor', 'anthropic'] as const;
    const listAfter = async (order: readonly (typeof providers)[number][]) => {
      const userId = await addUser(bench.db);
      for (const provider of order)
        await setKey(bench.db, { userId, keyring, provider, value: secret });
      return (await listKeys(bench.db, { userId })).map(({ provider }) => provider);
    };
    expect(await listAfter(providers.toReversed())).toEqual(await listAfter(providers));
  });
});

describe('deleteKey', () => {
  it('deletes one key, once', async () => {
    const userId = await addUser(bench.db);
    for (const provider of ['openai', 'cursor'] as const) {
      await setKey(bench.db, { userId, keyring, provider, value: secret });
    }
    await deleteKey(bench.db, { userId, provider: 'openai' });
    expect((await listKeys(bench.db, { userId })).map(({ provider }) => provider)).toEqual([
      'cursor',
    ]);
    await expect(deleteKey(bench.db, { userId, provider: 'openai' })).rejects.toThrow(
      NotFoundError,
    );
  });
});

describe.skipIf(!capabilities.concurrency)('setKey by many at once', () => {
  it('keeps one of the values, whole', async () => {
    const userId = await addUser(bench.db);
    const pools = Array.from({ length: 10 }, () => bench.connect({ max: 1 }));
    await Promise.all(
      pools.map(({ db }, index) =>
        setKey(db, { userId, keyring, provider: 'openai', value: `sk-value-of-writer-${index}` }),
      ),
    );
    await Promise.all(pools.map((pool) => pool.close()));
    expect(await bench.db.$count(keys, eq(keys.userId, userId))).toBe(1);
    const value = await getKey(bench.db, { userId, keyring, provider: 'openai' });
    expect(value).toMatch(/^sk-value-of-writer-\d$/);
    const [listed] = await listKeys(bench.db, { userId });
    expect(listed?.valueHint).toBe(maskSecret(value ?? ''));
  });
});
