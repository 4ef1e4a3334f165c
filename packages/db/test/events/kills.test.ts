import { capabilities } from '@reference/local-postgres';
import { expect, test } from 'vitest';
import { openWorkspace } from '../workspace.ts';
import { killRun } from './kill-run.ts';

// OUTBOX_KILLS=1000 for a long run.
const kills = Number(process.env.OUTBOX_KILLS ?? 60);

test.skipIf(!capabilities.concurrency)(
  `${kills} kills: nothing is lost, nothing is applied twice, each key is in order`,
  async () => {
    const workspace = await openWorkspace();
    const report = await killRun(workspace.url, kills);
    if (process.env.OUTBOX_KILLS) console.log(report);
    await workspace.close();
    const { changes, ...rest } = report;
    expect(changes).toBeGreaterThan(kills / 4);
    expect(rest).toEqual({
      kills: report.kills,
      lost: 0,
      appliedTwice: 0,
      madeUp: 0,
      outOfOrder: 0,
    });
    expect(report.kills).toBeGreaterThanOrEqual(kills);
  },
  600_000,
);
