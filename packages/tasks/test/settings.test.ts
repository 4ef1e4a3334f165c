import { InvalidInputError, NotFoundError } from '@reference/kit';
import { and, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  getPreferences,
  getSetting,
  getSettings,
  preferenceDefinitions,
  preferences,
  resetPreference,
  resetSetting,
  setPreference,
  setSetting,
  settingDefinitions,
  settings,
} from '../src/index.ts';
import { addUser, openWorkbench, untyped, type Workbench } from './workbench.ts';

let bench: Workbench;
let userId: string;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());

const newUser = async () => {
  userId = await addUser(bench.db);
  await resetSetting(bench.db, { userId, key: 'maxMessagesPerDay' });
};

describe('settings', () => {
  it('are their defaults until they are set, and again after a reset', async () => {
    await newUser();
    const defaults = { maxMessagesPerDay: 50, maxSandboxDuration: 300, autoMerge: false };
    expect(await getSettings(bench.db, { userId })).toEqual(defaults);
    for (const value of [10, 20]) {
      await setSetting(bench.db, { userId, key: 'maxMessagesPerDay', value });
    }
    await setSetting(bench.db, { userId, key: 'autoMerge', value: true });
    expect(await getSettings(bench.db, { userId })).toEqual({
      ...defaults,
      maxMessagesPerDay: 20,
      autoMerge: true,
    });
    await resetSetting(bench.db, { userId, key: 'autoMerge' });
    expect(await getSetting(bench.db, { userId, key: 'autoMerge' })).toBe(false);
    expect(await getSetting(bench.db, { userId, key: 'maxMessagesPerDay' })).toBe(20);
  });

  it('have defaults of their own form', () => {
    for (const { schema, fallback } of Object.values(settingDefinitions)) {
      expect(schema.safeParse(fallback).success).toBe(true);
    }
    for (const { schema, fallback } of Object.values(preferenceDefinitions)) {
      expect(schema.safeParse(fallback).success).toBe(true);
    }
  });

  it.each([
    ['maxMessagesPerDay', -1],
    ['maxMessagesPerDay', '10'],
    ['maxMessagesPerDay', 1.5],
    ['maxMessagesPerDay', null],
    ['autoMerge', 'yes'],
    ['isAdmin', true],
    ['constructor', true],
  ])('refuse %s = %j', async (key, value) => {
    await newUser();
    const setting = setSetting(bench.db, { userId, ...untyped({ key, value }) });
    await expect(setting).rejects.toThrow(InvalidInputError);
    expect(await bench.db.$count(settings, eq(settings.userId, userId))).toBe(0);
  });

  it.each(['50 messages', '-5', '"50"'])('refuse to read %s in place of a limit', async (value) => {
    await newUser();
    await bench.db.insert(settings).values({ userId, key: 'maxMessagesPerDay', value });
    const reading = getSetting(bench.db, { userId, key: 'maxMessagesPerDay' });
    await expect(reading).rejects.toThrow(InvalidInputError);
    await expect(getSettings(bench.db, { userId })).rejects.toThrow(/maxMessagesPerDay.*reset/);
  });

  it('refuse an unknown user', async () => {
    const setting = setSetting(bench.db, { userId: 'nobody', key: 'autoMerge', value: true });
    await expect(setting).rejects.toThrow(NotFoundError);
  });
});

describe('preferences', () => {
  it('are their defaults until they are chosen, and again after a reset', async () => {
    await newUser();
    const defaults = {
      theme: 'system',
      defaultAgent: { agent: 'claude', model: null },
      paneWidths: [],
    };
    expect(await getPreferences(bench.db, { userId })).toEqual(defaults);
    await setPreference(bench.db, { userId, key: 'theme', value: 'dark' });
    await setPreference(bench.db, { userId, key: 'paneWidths', value: [200, 640] });
    const defaultAgent = { agent: 'codex', model: 'large' } as const;
    await setPreference(bench.db, { userId, key: 'defaultAgent', value: defaultAgent });
    expect(await getPreferences(bench.db, { userId })).toEqual({
      theme: 'dark',
      defaultAgent,
      paneWidths: [200, 640],
    });
    await resetPreference(bench.db, { userId, key: 'theme' });
    expect((await getPreferences(bench.db, { userId })).theme).toBe('system');
  });

  it('are stored as JSON, not as a string of it', async () => {
    await newUser();
    await setPreference(bench.db, { userId, key: 'paneWidths', value: [1] });
    const [row] = await bench.sql`
      select jsonb_typeof(value) as type from preferences where user_id = ${userId}`;
    expect(row).toEqual({ type: 'array' });
  });

  it.each([
    ['theme', 'pink'],
    ['paneWidths', [-1]],
    ['paneWidths', [1, 2, 3, 4, 5]],
    ['defaultAgent', { agent: 'claude' }],
    ['toString', 1],
  ])('refuse %s = %j', async (key, value) => {
    await newUser();
    const setting = setPreference(bench.db, { userId, ...untyped({ key, value }) });
    await expect(setting).rejects.toThrow(InvalidInputError);
    expect(await bench.db.$count(preferences, eq(preferences.userId, userId))).toBe(0);
  });

  it('refuse to read what does not have their form', async () => {
    await newUser();
    await setPreference(bench.db, { userId, key: 'theme', value: 'dark' });
    await bench.db
      .update(preferences)
      .set({ value: [1] })
      .where(and(eq(preferences.userId, userId), eq(preferences.key, 'theme')));
    await expect(getPreferences(bench.db, { userId })).rejects.toThrow(InvalidInputError);
  });
});
