import { causes } from './causes.ts';
import { DbError } from './errors.ts';

/** The server's error code behind an error, such as `55P03`; undefined when no server gave one. */
export function sqlstateOf(error: unknown): string | undefined {
  for (const cause of causes(error))
    if (cause instanceof DbError && cause.sqlstate !== undefined) return cause.sqlstate;
  return undefined;
}
