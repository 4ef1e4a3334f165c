import { capabilities } from '@reference/local-postgres';
import { expect, test } from 'vitest';
import { openWorkspace } from '../workspace.ts';
import { type KillReport, killRun } from './kill-run.ts';
import { processKillRun } from './process-kill-run.ts';

// OUTBOX_KILLS=1000 for a long run.
const kills = Number(process.env.OUTBOX_KILLS ?? 60);
// OUTBOX_PROCESS_KILLS=1000 for a long run: each starts a process. With OUTBOX_WORKER it starts sooner.
const processKills = Number(process.env.OUTBOX_PROCESS_KILLS ?? 4);

function expectWhole(report: KillReport): void {
  const { changes: _, kills, ...faults } = report;
  expect(faults, `after ${kills} kills`).toEqual({
    lost: 0,
    appliedTwice: 0,
    madeUp: 0,
    outOfOrder: 0,
  });
}

test.skipIf(!capabilities.concurrency)(
  `${kills} kills: nothing is lost, nothing is applied twice, each key is in order`,
  async () => {
    const workspace = await openWorkspace();
    const report = await killRun(workspace.url, kills);
    if (process.env.OUTBOX_KILLS) console.log(report);
    await workspace.close();
    expectWhole(report);
    expect(report.changes).toBeGreaterThan(kills / 4);
    expect(report.kills).toBeGreaterThanOrEqual(kills);
  },
  600_000,
);

test.skipIf(!capabilities.concurrency)(
  `${processKills} workers killed as processes: nothing is lost, nothing is applied twice, each key is in order`,
  async () => {
    const workspace = await openWorkspace();
    const report = await processKillRun(workspace.url, processKills);
    if (process.env.OUTBOX_PROCESS_KILLS) console.log(report);
    await workspace.close();
    expectWhole(report);
    expect(report.changes).toBeGreaterThanOrEqual(processKills);
  },
  // A process takes up to three seconds to start on a busy machine.
  120_000 + processKills * 10_000,
);
