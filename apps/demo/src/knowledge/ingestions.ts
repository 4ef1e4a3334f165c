import { randomUUID } from 'node:crypto';
import { NotFoundError } from '@reference/kit';
import type { AddedDocument } from '@reference/tenancy';
import { type Problem, problemOf } from '../server/problems.ts';
import { processWide } from '../server/process-wide.ts';

/** How far the embedding of a document is, and what became of it. */
export interface Ingestion {
  readonly embedded: number;
  /** Passages; 0 until the text is split. */
  readonly total: number;
  readonly added?: AddedDocument;
  readonly problem?: Problem;
}

const keptAfterEndMs = 60_000;
const running = processWide(
  'reference-demo-ingestions',
  () => new Map<string, { readonly userId: string; now: Ingestion }>(),
);

/**
 * Starts an ingestion that goes on after the request that asked for it.
 *
 * @param work told where to report its progress
 * @returns what `ingestionOf` takes
 */
export function startIngestion(
  userId: string,
  work: (
    onProgress: (progress: { embedded: number; total: number }) => void,
  ) => Promise<AddedDocument>,
): string {
  const id = randomUUID();
  const entry = { userId, now: { embedded: 0, total: 0 } as Ingestion };
  running.set(id, entry);
  void work((progress) => {
    entry.now = progress;
  })
    .then(
      (added) => {
        entry.now = { ...entry.now, added };
      },
      (error: unknown) => {
        entry.now = { ...entry.now, problem: problemOf(error) };
      },
    )
    .finally(() => setTimeout(() => running.delete(id), keptAfterEndMs).unref());
  return id;
}

/** @throws NotFoundError also for another person's */
export function ingestionOf(userId: string, id: string): Ingestion {
  const entry = running.get(id);
  if (entry?.userId !== userId) throw new NotFoundError('There is no such ingestion.');
  return entry.now;
}
