import { ConflictError, NotFoundError } from '@reference/kit';

/** What every query throws for an unknown user. */
export const noSuchUser = () => new NotFoundError('There is no such user.');

/** What every query throws for a task that is not there, or not this user's. */
export const noSuchTask = () => new NotFoundError('There is no such task.');

/** What a worker gets whose claim ended: stopped, run out, or taken over. */
export const leaseLost = () =>
  new ConflictError('Another worker holds this task, or the lease has ended. Stop working on it.');
