'use client';
import { useCallback, useEffect, useState } from 'react';
import type { ActionResult } from '@/server/action.ts';
import { Button } from './button.tsx';
import { ErrorState, SkeletonList } from './states.tsx';

/** A part of a screen that reads for itself, and can read again. */
export interface Read<T> {
  /** Undefined until it was read; after a failure what was read before it. */
  readonly value: T | undefined;
  /** Why the last reading failed. */
  readonly problem: string | undefined;
  readonly refresh: () => Promise<void>;
}

/**
 * Reads when it is first shown, and whenever `read` changes.
 *
 * @param read of a stable identity; without it nothing is read, as by a window that is closed
 */
export function useRead<T>(read: (() => Promise<ActionResult<T>>) | undefined): Read<T> {
  const [state, setState] = useState<{ value?: T; problem?: string }>({});
  const refresh = useCallback(async () => {
    if (!read) return;
    const result = await read().catch(() => undefined);
    if (result?.ok) return setState({ value: result.value });
    const problem = result?.problem.message ?? 'The server does not answer.';
    setState(({ value }) => (value === undefined ? { problem } : { value, problem }));
  }, [read]);
  useEffect(() => void refresh(), [refresh]);
  return { value: state.value, problem: state.problem, refresh };
}

/** The state of a reading: under way, or failed, with the reason and a button that reads again. */
export function ReadState({
  of,
  rows = 2,
}: {
  readonly of: Read<unknown>;
  readonly rows?: number;
}) {
  if (of.problem !== undefined) {
    return (
      <ErrorState
        title={of.problem}
        action={
          <Button size="sm" onPress={of.refresh}>
            Read it again
          </Button>
        }
      />
    );
  }
  return of.value === undefined ? <SkeletonList rows={rows} /> : null;
}
