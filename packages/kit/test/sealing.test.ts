import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createKeyring, InvalidInputError, keyringFromEnv, SealingError } from '../src/index.ts';

const place = { table: 'providers', column: 'encryptedApiKey', rowId: 'row-1' };
const key = () => randomBytes(32);

describe('sealed values', () => {
  it('open where they were sealed, whatever the text', async () => {
    const keyring = createKeyring({ current: 'a', keys: { a: key() } });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), async (plain) => {
        expect(await keyring.open(await keyring.seal(plain, place), place)).toBe(plain);
      }),
    );
  });

  it('open to the very text: a byte order mark stays, and half a surrogate pair is not sealed', async () => {
    const keyring = createKeyring({ current: 'a', keys: { a: key() } });
    for (const plain of ['\uFEFFtoken', '\uFEFF\uFEFF', '\0', '\uFFFD', '']) {
      expect(await keyring.open(await keyring.seal(plain, place), place)).toBe(plain);
    }
    for (const plain of ['\ud83d', 'sk-\ude00x']) {
      const refused = keyring.seal(plain, place);
      await expect(refused).rejects.toBeInstanceOf(InvalidInputError);
      await expect(refused).rejects.not.toThrow(/sk-/);
    }
  });

  it('open nowhere else: other row, column or table, or parts moved between the three', async () => {
    const keyring = createKeyring({ current: 'a', keys: { a: key() } });
    const sealed = await keyring.seal('sk-secret', place);
    for (const other of [
      { ...place, rowId: 'row-2' },
      { ...place, column: 'baseUrl' },
      { ...place, table: 'users' },
      { table: 'providers', column: 'encryptedApiKeyrow', rowId: '-1' },
    ]) {
      const failure = await keyring.open(sealed, other).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(SealingError);
      expect(String(failure)).not.toContain('sk-secret');
    }
  });

  it('never look alike, and hold no plain text', async () => {
    const keyring = createKeyring({ current: 'a', keys: { a: key() } });
    const [one, two] = await Promise.all([
      keyring.seal('sk-secret', place),
      keyring.seal('sk-secret', place),
    ]);
    expect(one).not.toBe(two);
    expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('sk-secret');
    expect(one.split('.')).toHaveLength(5);
  });

  it('do not open when any part was changed', async () => {
    const keyring = createKeyring({ current: 'a', keys: { a: key() } });
    const sealed = await keyring.seal('sk-secret', place);
    for (let index = 0; index < sealed.length; index += 7) {
      const changed = `${sealed.slice(0, index)}${sealed[index] === 'A' ? 'B' : 'A'}${sealed.slice(index + 1)}`;
      await expect(keyring.open(changed, place)).rejects.toBeInstanceOf(SealingError);
    }
    await expect(keyring.open('plain text', place)).rejects.toThrow(/not a sealed one/);
  });

  it('outlive a rotation, and say that they should be sealed again', async () => {
    const [old, current] = [key(), key()];
    const before = createKeyring({ current: 'old', keys: { old } });
    const sealed = await before.seal('sk-secret', place);
    expect(before.needsReseal(sealed)).toBe(false);

    const after = createKeyring({ current: 'new', keys: { new: current, old } });
    expect(after.needsReseal(sealed)).toBe(true);
    expect(await after.open(sealed, place)).toBe('sk-secret');
    expect(after.needsReseal(await after.seal('sk-secret', place))).toBe(false);

    const forgotten = createKeyring({ current: 'new', keys: { new: current } });
    await expect(forgotten.open(sealed, place)).rejects.toThrow(/No key "old"/);
    const replaced = createKeyring({ current: 'old', keys: { old: key() } });
    await expect(replaced.open(sealed, place)).rejects.toBeInstanceOf(SealingError);
  });
});

describe('a keyring from the environment', () => {
  const good = (id: string) => `${id}:${key().toString('base64')}`;

  it('seals with the first key and opens with all', async () => {
    const [older, newer] = [good('2025'), good('2026')];
    const sealed = await keyringFromEnv(older).seal('x', place);
    const keyring = keyringFromEnv(`${newer}, ${older}`);
    expect(await keyring.open(sealed, place)).toBe('x');
    expect(keyring.needsReseal(sealed)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'nokey',
    'a:',
    ':b',
    'a:short',
    `a:${randomBytes(31).toString('base64')}`,
    `a:${'!'.repeat(44)}`,
    `${good('a')},${good('a')}`,
    `${good('a')},`,
  ])('refuses %s without quoting it', (value) => {
    expect(() => keyringFromEnv(value)).toThrow(InvalidInputError);
    if (value === undefined) expect(() => keyringFromEnv(value)).toThrow(/ENCRYPTION_KEYS/);
    const secret = value?.split(':')[1];
    if (secret && secret.length > 5) expect(() => keyringFromEnv(value)).not.toThrow(secret);
  });

  it('refuses a current key that is not among the keys', () => {
    expect(() => createKeyring({ current: 'b', keys: { a: key() } })).toThrow(/no key "b"/);
  });
});
