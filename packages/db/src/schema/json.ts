import type { z } from 'zod';

/**
 * The same schema, which also rejects values longer than `max` characters as JSON and values that
 * jsonb cannot hold (U+0000).
 */
export const boundedJson = <T extends z.ZodType>(schema: T, max: number) =>
  schema.superRefine((value, context) => {
    const json = JSON.stringify(value) ?? '';
    if (json.length > max) {
      context.addIssue({
        code: 'custom',
        message: `must be at most ${max} characters as JSON, is ${json.length}`,
      });
    } else if (json.includes('\\u0000')) {
      context.addIssue({
        code: 'custom',
        message: 'must not contain NUL characters; remove them',
      });
    }
  });
