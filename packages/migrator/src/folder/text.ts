import { readFile } from 'node:fs/promises';
import { MigratorError, messageOf, refused } from '../errors.ts';

/** True if a prefix is UTF-8; with `cut`, also if its last character is incomplete. */
const isUtf8 = (bytes: Uint8Array, cut: boolean): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cut });
    return true;
  } catch {
    return false;
  }
};

/** The offset of the first byte that is not UTF-8, or undefined. */
const firstBadByte = (bytes: Uint8Array): number | undefined => {
  if (isUtf8(bytes, false)) return undefined;
  let [low, high] = [0, bytes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isUtf8(bytes.subarray(0, middle + 1), true)) low = middle + 1;
    else high = middle;
  }
  // The decoder notices it there; the character began up to three bytes before.
  while (low > 0 && !isUtf8(bytes.subarray(0, low), false)) low -= 1;
  return low;
};

/** Bytes as text: with its BOM, if it has one, because drizzle's hash has it too. */
export const decodeUtf8 = (bytes: Uint8Array, path: string): string => {
  const utf16 = bytes[0] === 0xff || bytes[0] === 0xfe ? ' (it looks like UTF-16)' : '';
  const bad = firstBadByte(bytes);
  const zero = bad === undefined ? bytes.indexOf(0) : -1;
  const at = bad ?? (zero === -1 ? undefined : zero);
  if (at !== undefined) {
    const line = bytes.subarray(0, at).filter((byte) => byte === 10).length + 1;
    const byte = `0x${(bytes[at] ?? 0).toString(16).padStart(2, '0')}`;
    throw refused(
      'folder',
      `${path}:${line}: byte ${at + 1} of the file (${byte}) is not UTF-8 text${utf16}. Save the file as UTF-8; what cannot be decoded would be stored as replacement characters.`,
    );
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
};

/**
 * A file as text, or undefined if there is none. It refuses other encodings than UTF-8, naming the
 * byte.
 */
export const readText = async (path: string): Promise<string | undefined> => {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new MigratorError('folder', 1, `cannot read ${path}: ${messageOf(error)}`, error);
  }
  return decodeUtf8(bytes, path);
};

export const withoutBom = (text: string): string => text.replace(/^\uFEFF/, '');
