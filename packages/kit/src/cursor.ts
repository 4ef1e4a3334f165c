import { crc32 } from 'node:zlib';
import { InvalidInputError } from './errors.ts';

/** A key as PostgreSQL writes it, or null. */
export type KeyValue = string | null;

const checksumBytes = 4;

/** Identifies an order, so that a list rejects another list's cursor. */
export function orderFingerprint(keys: readonly string[]): string {
  return keys.join(', ');
}

/** @param keyText the JSON array of key texts that the row was read with */
export function encodeCursor(keyText: string, fingerprint: string): string {
  const body = Buffer.from(keyText, 'utf8');
  return Buffer.concat([checksum(body, fingerprint), body]).toString('base64url');
}

/**
 * Decodes a cursor. The checksum finds damage and another list's cursor. It is no signature,
 * because a cursor only says where to continue; the query's own predicate decides what a user may
 * see.
 */
export function decodeCursor(cursor: string, fingerprint: string, length: number): KeyValue[] {
  const bytes = Buffer.from(cursor, 'base64url');
  const body = bytes.subarray(checksumBytes);
  const isIntact =
    bytes.toString('base64url') === cursor &&
    checksum(body, fingerprint).equals(bytes.subarray(0, checksumBytes));
  if (!isIntact) throw invalidCursor();
  const values = parseJson(body.toString('utf8'));
  if (!isKeyValues(values) || values.length !== length) throw invalidCursor();
  return values;
}

function checksum(body: Buffer, fingerprint: string): Buffer {
  const bytes = Buffer.allocUnsafe(checksumBytes);
  bytes.writeUInt32BE(crc32(body, crc32(fingerprint)));
  return bytes;
}

const isKeyValues = (value: unknown): value is KeyValue[] =>
  Array.isArray(value) && value.every((key) => key === null || typeof key === 'string');

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const invalidCursor = () =>
  new InvalidInputError(
    'The cursor is damaged or belongs to another list. Start again without a cursor.',
  );
