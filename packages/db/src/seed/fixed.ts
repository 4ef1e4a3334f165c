import { createHash } from 'node:crypto';

/** A seeded row's id, the same in every database: of a CUID2's form, made from its name. */
export const seedId = (name: string) =>
  `s${createHash('sha256').update(name).digest('hex').slice(0, 23)}`;

/** The password of every seeded person. For local databases only. */
export const seedPassword = 'reference-password';
/** bcrypt of `seedPassword` with a fixed salt, so that seeding again changes nothing. */
export const seedPasswordHash = '$2b$10$abcdefghijklmnopqrstuuaCdknTowm0MlwtsvkQflj/CCNBClkgu';

const start = Date.UTC(2026, 0, 5, 9);
/** A moment after the seeded workspace was founded: the same in every run. */
export const after = (days: number, minutes = 0) =>
  new Date(start + days * 86_400_000 + minutes * 60_000);

/** Numbers from 0 to 1 that look random and are the same in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
