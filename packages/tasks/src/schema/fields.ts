import { z } from 'zod';

/** Columns that no caller may update, in any table: `updateXSchema` omits them. */
export const immutable = { id: true, userId: true, createdAt: true, updatedAt: true } as const;

// PostgreSQL's text cannot hold U+0000, and a lone surrogate is not UTF-8.
const storable = (value: string) => !value.includes('\0') && !/\p{Surrogate}/u.test(value);
const storableMessage = 'must not contain NUL characters or lone surrogates; remove them';

/** One line of text, 1 to `max` characters once trimmed. */
export const line = (max: number) => (field: z.ZodString) =>
  field
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\r\n]*$/, 'must be one line')
    .refine(storable, storableMessage);

/** Text of any number of lines, up to `max` characters, stored unchanged. */
export const prose = (max: number) => (field: z.ZodString) =>
  field.max(max).refine(storable, storableMessage);

/** Text of any number of lines, not blank, up to `max` characters, stored unchanged. */
export const filledProse = (max: number) => (field: z.ZodString) =>
  field.max(max).regex(/\S/, 'must not be empty').refine(storable, storableMessage);

/** An e-mail address, at most 254 characters (RFC 5321). */
export const email = (field: z.ZodString) => field.trim().max(254).check(z.email());

/** An absolute http(s) address without a user or password in it. */
export const url = (field: z.ZodString) =>
  field
    .max(2048)
    .check(z.url({ protocol: /^https?$/ }))
    .refine(withoutCredentials, 'must not contain a user name or password; store those as a key');

// `https://token@host/…` would put a secret into a column that lists show.
function withoutCredentials(value: string): boolean {
  if (!URL.canParse(value)) return true;
  const { username, password } = new URL(value);
  return username === '' && password === '';
}

/** The display colour of a tag: `#rrggbb`. */
export const color = (field: z.ZodString) =>
  field.regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour as #rrggbb');

/** A secret in clear, on its way to being sealed: 1 to 8,192 characters of one line, never trimmed. */
export const secretSchema = z
  .string()
  .min(1)
  .max(8192)
  .regex(/^\P{Cc}+$/u, 'must be one line without control characters')
  .refine(storable, storableMessage);

/** An id of this schema, a seed or an import. */
export const idSchema = z.string().regex(/^[\w-]{1,64}$/, 'is not an id');
