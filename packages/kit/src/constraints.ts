import { causes } from './causes.ts';
import { DbError } from './errors.ts';
import { isServerError, toDbError } from './server-errors.ts';

/** Builds the error a caller should see from the one the database gave. */
export type ConstraintErrors = Readonly<Record<string, (error: DbError) => Error>>;

/**
 * Runs a write and gives its constraint violations the domain's own names. Matches by constraint
 * *name*: any other violation of the same SQLSTATE passes through untouched. Works for any handle, also
 * one of plain Drizzle over postgres.js, node-postgres or PGlite.
 *
 * @param work the write, as a promise or as a function that starts it
 * @param errors for each constraint name, the error to throw instead
 * @example
 * await mapConstraints(db.insert(users).values(user), {
 *   users_email_key: () => new ConflictError('This e-mail address is taken. Sign in instead.'),
 * });
 */
export async function mapConstraints<T>(
  work: PromiseLike<T> | (() => PromiseLike<T>),
  errors: ConstraintErrors,
): Promise<T> {
  try {
    return await (typeof work === 'function' ? work() : work);
  } catch (error) {
    for (const cause of causes(error)) {
      const violation = isServerError(cause) ? toDbError(cause, { text: undefined }) : cause;
      if (!(violation instanceof DbError) || violation.constraint === undefined) continue;
      const replace = Object.hasOwn(errors, violation.constraint)
        ? errors[violation.constraint]
        : undefined;
      if (replace) throw replace(violation);
    }
    throw error;
  }
}
