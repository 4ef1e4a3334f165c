import { pino } from 'pino';
import type { Workbench } from './workbench.ts';

/** A pool of its own that tells the statements sent through it. Close it in the test. */
export function openRecording(bench: Workbench) {
  const statements: string[] = [];
  // With a threshold of 0 ms every statement is logged as slow: that is how its text is learnt.
  const logger = pino({}, { write: (line) => statements.push(JSON.parse(line).query) });
  const { db, close } = bench.connect({ max: 1, logger, slowQueryMs: 0 });
  return {
    db,
    close,
    /** Records the statements that `work` sends. */
    async record(work: () => Promise<unknown>): Promise<string[]> {
      statements.length = 0;
      await work();
      return statements.splice(0);
    },
  };
}
