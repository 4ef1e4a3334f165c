import { isIP } from 'node:net';
import { isCuid } from '@paralleldrive/cuid2';
import { z } from 'zod';

/** Columns that no caller may update, in any table: `updateXSchema` omits them. */
export const immutable = { id: true, createdAt: true, updatedAt: true } as const;

/**
 * A refinement for a column that may be left out. drizzle-zod makes a refined column optional at
 * run time but not in its type.
 */
export const optional =
  <F extends z.ZodType, R extends z.ZodType>(refine: (field: F) => R) =>
  (field: F) =>
    refine(field).optional();

// PostgreSQL's text cannot hold U+0000; rejected here, so that the message says what to do.
const withoutNul = (value: string) => !value.includes('\0');
const nulMessage = 'must not contain NUL characters; remove them';

/** One line of text, 1 to `max` characters once trimmed. */
export const line = (max: number) => (field: z.ZodString) =>
  field.trim().min(1).max(max).refine(withoutNul, nulMessage);

/** Text of any number of lines, up to `max` characters, stored unchanged. */
export const prose = (max: number) => (field: z.ZodString) =>
  field.max(max).refine(withoutNul, nulMessage);

/** An e-mail address, at most 254 characters (RFC 5321). Case is kept; uniqueness ignores it. */
export const email = (field: z.ZodString) => field.trim().max(254).check(z.email());

/** Lower-case words of letters and digits, joined by single hyphens. */
export const slug = (field: z.ZodString) =>
  field.max(100).regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens');

/** An absolute http(s) address. */
export const url = (field: z.ZodString) =>
  field.max(2048).check(z.url({ protocol: /^https?$/, hostname: z.regexes.hostname }));

/** An IPv4 or IPv6 address. */
export const ipAddress = (field: z.ZodString) =>
  field.refine((value) => isIP(value) !== 0, 'must be an IPv4 or IPv6 address');

/** SHA-256 of a token, 64 hex digits. */
export const sha256 = (field: z.ZodString) => field.regex(/^[0-9a-f]{64}$/);

/** An integer of at least `min`. */
export const atLeast = (min: number) => (field: z.ZodInt) => field.min(min);

/** An id of the form that this schema makes. */
export const cuidSchema = z.string().refine((value) => isCuid(value), 'is not an id');
