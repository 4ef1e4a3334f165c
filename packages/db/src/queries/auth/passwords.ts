import bcrypt from 'bcryptjs';
import { z } from 'zod';

/** bcrypt work factor: 2^12 rounds. OWASP's password storage sheet asks for at least 2^10. */
const cost = 12;
/** bcrypt reads 72 bytes and silently ignores the rest. */
const maxBytes = 72;

export const passwordSchema = z
  .string()
  .min(8, 'must have at least 8 characters')
  .refine((password) => Buffer.byteLength(password) <= maxBytes, 'must have at most 72 bytes')
  .refine((password) => !password.includes('\0'), 'must not contain NUL characters');

// The hash, at the same cost, of 40 discarded random bytes.
const nobody = '$2b$12$HMyg0DdE7mMm22Q0H7zWyuTjAUsIWdNwfaKvrbkDG.JYPe6uRwS2y';

/** @returns the bcrypt hash to store */
export const hashPassword = (password: string) => bcrypt.hash(password, cost);

/**
 * True if a password matches a hash. A password that is too long never does, and takes as long to
 * check.
 */
export async function verifyHash(password: string, hash: string): Promise<boolean> {
  const fits = await bcrypt.compare(password, hash);
  return fits && Buffer.byteLength(password) <= maxBytes;
}

/** Takes as long as checking a password, so that its duration does not reveal an unknown address. */
export async function spendPasswordTime(password: string): Promise<void> {
  await bcrypt.compare(password, nobody);
}
