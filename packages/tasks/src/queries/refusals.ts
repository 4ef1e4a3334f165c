import { ConflictError, NotFoundError } from '@reference/kit';

/** The error of every query for an unknown user. */
export const noSuchUser = () => new NotFoundError('There is no such user.');

/** The error of every query for a task that does not exist or belongs to another user. */
export const noSuchTask = () => new NotFoundError('There is no such task.');

/** The error for a worker whose claim was stopped, expired, or taken over. */
export const leaseLost = () =>
  new ConflictError('Another worker holds this task, or the lease has ended. Stop working on it.');
