import { AsyncLocalStorage } from 'node:async_hooks';
import { type DbError, UsageError } from './errors.ts';

/** One open transaction or savepoint of a pool. */
export interface Frame {
  readonly pool: object;
  readonly parent: Frame | undefined;
  ended: boolean;
  /** The first statement that failed: the cause of every 25P02 that follows. */
  failure: DbError | undefined;
}

const open = new AsyncLocalStorage<Frame>();

/** Runs a transaction's callback so that `assertUsable` knows of it, and ends its frame after it. */
export async function inFrame<T>(frame: Frame, work: () => Promise<T>): Promise<T> {
  try {
    return await open.run(frame, work);
  } finally {
    frame.ended = true;
  }
}

export function currentFrame(): Frame | undefined {
  return open.getStore();
}

/**
 * @param pool the pool a statement is about to run on
 * @param frame the transaction it belongs to, or undefined for the pool's own handle
 * @throws UsageError when that transaction is over, or when the pool is used inside one of its own
 */
export function assertUsable(pool: object, frame: Frame | undefined): void {
  if (frame) {
    if (!frame.ended) return;
    throw new UsageError(
      'This transaction is over: its callback has returned. Await every statement inside the callback.',
    );
  }
  for (let around = open.getStore(); around; around = around.parent) {
    if (around.pool !== pool || around.ended) continue;
    throw new UsageError(
      "The pool's handle is used inside its own transaction: it would run outside of it, and wait for ever when the pool is small. Use the transaction's handle.",
    );
  }
}
