import { randomBytes } from 'node:crypto';
import { createKeyring, type Keyring } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  deleteProviderSettings,
  getAiSettings,
  getProviderKey,
  listProviderSettings,
  rotateProviderKeys,
  setProviderSettings,
  upsertAiSettings,
} from '../../src/queries/ai.ts';
import {
  insertUserProviderSettingSchema,
  updateUserProviderSettingSchema,
  userProviderSettings,
} from '../../src/schema/index.ts';
import { addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

const keys = { old: randomBytes(32), new: randomBytes(32) };
const keyring = createKeyring({ current: 'old', keys });
const nextKeyring = createKeyring({ current: 'new', keys });
const provider = 'anthropic' as const;

let workspace: Workspace;
let ada: string;
let lin: string;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());
beforeEach(async () => {
  const { db } = workspace;
  await db.delete(userProviderSettings);
  [ada, lin] = [await addUser(db), await addUser(db)];
});

const invalid = { code: 'INVALID_INPUT' };
const missing = { code: 'NOT_FOUND' };
const set = (userId: string, more: { apiKey?: string | null; baseUrl?: string | null }) =>
  setProviderSettings(workspace.db, { userId, provider, keyring, ...more });
const keyOf = (userId: string, ring = keyring) =>
  getProviderKey(workspace.db, { userId, provider, keyring: ring });
const stored = async () =>
  workspace.db
    .select({
      id: userProviderSettings.id,
      userId: userProviderSettings.userId,
      sealed: userProviderSettings.encryptedApiKey,
    })
    .from(userProviderSettings);

test('settings are chosen and replaced; an unknown provider is refused', async () => {
  const { db } = workspace;
  expect(await getAiSettings(db, { userId: ada })).toEqual({
    selectedProvider: 'pagespace',
    selectedModel: null,
  });
  await upsertAiSettings(db, { userId: ada, selectedProvider: 'google', selectedModel: 'gemini' });
  await upsertAiSettings(db, { userId: ada, selectedProvider: 'openai' });
  expect(await getAiSettings(db, { userId: ada })).toEqual({
    selectedProvider: 'openai',
    selectedModel: null,
  });
  expect(await getAiSettings(db, { userId: lin })).toMatchObject({ selectedProvider: 'pagespace' });
  const unknown = JSON.parse('"acme"');
  await expect(
    upsertAiSettings(db, { userId: ada, selectedProvider: unknown }),
  ).rejects.toMatchObject(invalid);
  const nobody = { userId: 'nobody', selectedProvider: 'openai' as const };
  await expect(upsertAiSettings(db, nobody)).rejects.toMatchObject(missing);
});

describe('a provider key', () => {
  test('in clear is refused by the insert and the update schema', async () => {
    const row = { userId: 'u', provider };
    const sealed = await keyring.seal('sk-clear', { table: 't', column: 'c', rowId: 'i' });
    const accepts = (encryptedApiKey: string | null) => [
      insertUserProviderSettingSchema.safeParse({ ...row, encryptedApiKey }).success,
      updateUserProviderSettingSchema.safeParse({ encryptedApiKey }).success,
    ];
    expect(accepts('sk-clear')).toEqual([false, false]);
    expect(accepts(sealed)).toEqual([true, true]);
    expect(accepts(null)).toEqual([true, true]);
  });

  test('is sealed, opened for its user alone, and in no list', async () => {
    const { db } = workspace;
    const summary = await set(ada, { apiKey: 'sk-secret-1', baseUrl: 'https://ai.example.com/v1' });
    expect(summary).toMatchObject({
      provider,
      hasApiKey: true,
      baseUrl: 'https://ai.example.com/v1',
    });
    expect(await keyOf(ada)).toBe('sk-secret-1');
    expect(await keyOf(lin)).toBeUndefined();
    expect(await listProviderSettings(db, { userId: lin })).toEqual([]);
    const listed = await listProviderSettings(db, { userId: ada });
    expect(listed).toEqual([summary]);
    const [row] = await stored();
    expect(JSON.stringify([row, listed])).not.toContain('sk-secret');
    expect(JSON.stringify(listed)).not.toContain(row?.sealed);
  });

  test('is replaced, kept when only the address changes, and removed', async () => {
    const { db } = workspace;
    await set(ada, { apiKey: 'sk-1' });
    await set(ada, { baseUrl: 'https://ai.example.com' });
    expect(await keyOf(ada)).toBe('sk-1');
    await set(ada, { apiKey: 'sk-2' });
    expect(await keyOf(ada)).toBe('sk-2');
    expect(await set(ada, { apiKey: null })).toMatchObject({
      hasApiKey: false,
      baseUrl: 'https://ai.example.com',
    });
    expect(await keyOf(ada)).toBeUndefined();
    await expect(deleteProviderSettings(db, { userId: lin, provider })).rejects.toMatchObject(
      missing,
    );
    await deleteProviderSettings(db, { userId: ada, provider });
    expect(await listProviderSettings(db, { userId: ada })).toEqual([]);
  });

  test('does not open in another row, and the database refuses a plain one', async () => {
    const { db } = workspace;
    await set(ada, { apiKey: 'sk-ada' });
    await set(lin, { apiKey: 'sk-lin' });
    const sealed = (await stored()).find(({ userId }) => userId === ada)?.sealed ?? '';
    const steal = (value: string) =>
      db
        .update(userProviderSettings)
        .set({ encryptedApiKey: value })
        .where(eq(userProviderSettings.userId, lin));
    await steal(sealed);
    await expect(keyOf(lin)).rejects.toMatchObject({ code: 'SEALING' });
    const refused = await steal('sk-plain').catch((error: unknown) => error);
    expect(refused).toMatchObject({ constraint: 'user_provider_settings_encryptedApiKey_check' });
    expect(JSON.stringify(refused)).not.toContain('sk-plain');
  });

  test('is refused with spaces or a line break, and stays out of the message', async () => {
    for (const apiKey of ['', 'sk secret', 'sk-secret\n', 'x'.repeat(9000)]) {
      const error: unknown = await set(ada, { apiKey }).catch((caught: unknown) => caught);
      expect(error).toMatchObject(invalid);
      expect(String(error)).not.toContain('secret');
    }
    await expect(set(ada, {})).rejects.toMatchObject(invalid);
    await expect(set(ada, { baseUrl: 'file:///etc' })).rejects.toMatchObject(invalid);
    await expect(set('nobody', { apiKey: 'x' })).rejects.toMatchObject(missing);
  });
});

describe('rotation', () => {
  test('seals anew what an older key sealed, once, and names what it cannot open', async () => {
    const { db } = workspace;
    await set(ada, { apiKey: 'sk-ada' });
    await set(lin, { apiKey: 'sk-lin' });
    const [row] = await stored();
    const foreign = createKeyring({ current: 'lost', keys: { lost: randomBytes(32) } });
    const max = await addUser(db);
    await setProviderSettings(db, { userId: max, provider, keyring: foreign, apiKey: 'sk-max' });
    expect(await rotateProviderKeys(db, { keyring: nextKeyring })).toEqual({
      resealed: 2,
      unopened: [{ userId: max, provider }],
    });
    expect((await rotateProviderKeys(db, { keyring: nextKeyring })).resealed).toBe(0);
    const onlyNew = createKeyring({ current: 'new', keys: { new: keys.new } });
    expect(await keyOf(ada, onlyNew)).toBe('sk-ada');
    expect(await keyOf(lin, onlyNew)).toBe('sk-lin');
    expect((await stored()).map(({ id }) => id)).toContain(row?.id);
  });

  test('brings back no key that was removed after it was read', async () => {
    await set(ada, { apiKey: 'sk-ada' });
    const slow: Keyring = {
      ...nextKeyring,
      open: async (sealed, place) => {
        await set(ada, { apiKey: null });
        return nextKeyring.open(sealed, place);
      },
    };
    expect((await rotateProviderKeys(workspace.db, { keyring: slow })).resealed).toBe(0);
    expect(await keyOf(ada, nextKeyring)).toBeUndefined();
  });

  test.skipIf(!capabilities.concurrency)(
    'and replacement at the same time as reading: every read gives a whole key, and none is lost',
    async () => {
      const { db } = workspace;
      const everyone = await Promise.all(Array.from({ length: 20 }, () => addUser(db)));
      for (const userId of everyone) await set(userId, { apiKey: `sk-0-${userId}` });
      let running = true;
      const seen = new Set<string>();
      const readers = [0, 1].map(async () => {
        while (running) {
          for (const userId of everyone) {
            const key = await keyOf(userId, nextKeyring);
            expect(key).toMatch(new RegExp(`^sk-\\d-${userId}$`));
            seen.add(String(key).slice(0, 4));
          }
        }
      });
      const replacing = (async () => {
        for (const round of [1, 2]) {
          for (const userId of everyone) await set(userId, { apiKey: `sk-${round}-${userId}` });
        }
      })();
      const rotating = (async () => {
        for (let n = 0; n < 5; n++) await rotateProviderKeys(db, { keyring: nextKeyring });
      })();
      await Promise.all([replacing, rotating]);
      running = false;
      await Promise.all(readers);
      await rotateProviderKeys(db, { keyring: nextKeyring });
      expect(seen).toContain('sk-2');
      for (const userId of everyone)
        expect(await keyOf(userId, nextKeyring)).toBe(`sk-2-${userId}`);
      const sealed = (await stored()).map((row) => row.sealed ?? '');
      expect(sealed.some((value) => nextKeyring.needsReseal(value))).toBe(false);
    },
  );
});
