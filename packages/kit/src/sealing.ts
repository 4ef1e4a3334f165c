import { createHash } from 'node:crypto';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';
import { InvalidInputError, SealingError } from './errors.ts';

/** Where a sealed value lives. A value sealed for one place does not open at another. */
export interface SealedPlace {
  readonly table: string;
  readonly column: string;
  readonly rowId: string;
}

/** Seals and opens secrets at rest. */
export interface Keyring {
  /** The id of the key that seals. */
  readonly currentKeyId: string;
  /**
   * Encrypts a secret for one row, with the current key and a fresh nonce.
   * @throws InvalidInputError when the text holds half a surrogate pair, which has no bytes
   */
  seal(plain: string, place: SealedPlace): Promise<string>;
  /**
   * Decrypts what `seal` gave for the same place.
   * @throws SealingError when it was sealed for another place, with an unknown key, or is damaged
   */
  open(sealed: string, place: SealedPlace): Promise<string>;
  /** Whether a value was sealed with an older key, and should be sealed again on the next write. */
  needsReseal(sealed: string): boolean;
}

const keyBytes = 32;
/** With `u`, a whole pair is one character and does not match. */
const halfPair = /\p{Surrogate}/u;
/** Gives back the very text: also a byte order mark, and no replacement character for other bytes. */
const exactText = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });
const exampleLine =
  'Expected "id:key,olderId:olderKey", keys being 32 bytes in base64 (openssl rand -base64 32), the first the current one.';

/**
 * A keyring over AES-256-GCM. A sealed value is a compact JWE (RFC 7516, `dir` and `A256GCM`) with
 * the key's id and a digest of its place in the protected header, which GCM authenticates.
 *
 * @param current the id of the key that seals
 * @param keys every key that may still open, by id; 32 bytes each
 * @throws InvalidInputError when the current key is missing or a key is not 32 bytes long
 */
export function createKeyring({
  current,
  keys,
}: {
  readonly current: string;
  readonly keys: Readonly<Record<string, Uint8Array>>;
}): Keyring {
  const byId = new Map(Object.entries(keys));
  for (const [id, key] of byId) {
    if (key.byteLength !== keyBytes) {
      throw new InvalidInputError(
        `Encryption key "${id}" has ${key.byteLength} bytes; it needs exactly ${keyBytes}.`,
      );
    }
  }
  const currentKey = byId.get(current);
  if (!currentKey) throw new InvalidInputError(`The keyring has no key "${current}" to seal with.`);

  return {
    currentKeyId: current,

    async seal(plain, place) {
      if (halfPair.test(plain)) {
        throw new InvalidInputError(
          `The value for ${name(place)} holds half a surrogate pair, which has no bytes. Remove it, or seal bytes as base64.`,
        );
      }
      return new CompactEncrypt(new TextEncoder().encode(plain))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: current, place: digest(place) })
        .encrypt(currentKey);
    },

    async open(sealed, place) {
      const { kid, place: sealedFor } = header(sealed);
      const key = kid === undefined ? undefined : byId.get(kid);
      if (!key) {
        throw new SealingError(
          `No key "${kid ?? ''}" in the keyring opens ${name(place)}. Keep a key until nothing is sealed with it.`,
        );
      }
      if (sealedFor !== digest(place)) {
        throw new SealingError(`The value in ${name(place)} was sealed for another row or column.`);
      }
      try {
        const { plaintext } = await compactDecrypt(sealed, key, {
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        });
        return exactText.decode(plaintext);
      } catch {
        throw new SealingError(
          `The value in ${name(place)} is damaged, or key "${kid}" has changed.`,
        );
      }
    },

    needsReseal: (sealed) => header(sealed).kid !== current,
  };
}

/**
 * A keyring from an environment variable's value, such as `ENCRYPTION_KEYS`.
 *
 * @param value `id:key,olderId:olderKey`, keys in base64; the first seals, all open
 * @throws InvalidInputError when it is missing or malformed; there is no default key
 */
export function keyringFromEnv(value: string | undefined): Keyring {
  if (!value?.trim())
    throw new InvalidInputError(
      `No encryption keys are set: ENCRYPTION_KEYS, unless this program reads another variable. ${exampleLine}`,
    );
  const keys = new Map<string, Uint8Array>();
  for (const entry of value.split(',')) {
    const [id, key, ...rest] = entry.trim().split(':');
    if (!id || !key || rest.length > 0 || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(key)) {
      throw new InvalidInputError(`The encryption keys are malformed. ${exampleLine}`);
    }
    if (keys.has(id)) throw new InvalidInputError(`Encryption key "${id}" is given twice.`);
    keys.set(id, Buffer.from(key, 'base64'));
  }
  const [current = ''] = keys.keys();
  return createKeyring({ current, keys: Object.fromEntries(keys) });
}

/** JSON keeps ("a", "b.c") and ("a.b", "c") apart. */
const digest = ({ table, column, rowId }: SealedPlace) =>
  createHash('sha256')
    .update(JSON.stringify([table, column, rowId]))
    .digest('base64url');

const name = ({ table, column }: SealedPlace) => `${table}.${column}`;

function header(sealed: string): { kid: string | undefined; place: unknown } {
  try {
    const { kid, place } = decodeProtectedHeader(sealed);
    return { kid, place };
  } catch {
    throw new SealingError('The value is not a sealed one: it is stored in clear, or damaged.');
  }
}
