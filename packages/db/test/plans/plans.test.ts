import { genericPlanNodes, nodeName, vacuumFilled } from '@reference/audit/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDb } from '../../src/client.ts';
import { hotQueries } from '../../src/hot-queries.ts';
import type { PlanSample } from '../../src/queries/hot-query.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { fillPlanWorld } from './plan-world.ts';

let workspace: Workspace;
let sample: PlanSample;
let statements: string[] = [];
let watched: ReturnType<typeof createDb>;
beforeAll(async () => {
  workspace = await openWorkspace();
  await workspace.sql.end();
  // With a threshold of 0 ms every statement is logged as slow: that is how its text is learnt.
  const logger = pino({}, { write: (line) => statements.push(JSON.parse(line).query) });
  const patience = { statementTimeoutMs: 0, deadlineMs: 0 };
  watched = createDb({ url: workspace.url, max: 1, slowQueryMs: 0, logger, ...patience });
  sample = await fillPlanWorld(watched);
  await vacuumFilled(simple);
}, 600_000);
afterAll(async () => {
  await watched.close();
  await workspace.close();
});

const simple = (text: string) => watched.sql.unsafe(text).simple();

test.each(hotQueries)('$name', async ({ run, forbidden, branch }) => {
  statements = [];
  await run(watched.db, sample);
  const sent = statements.filter((text) => /^\s*\(?(select|with|insert|update|delete)/i.test(text));
  expect(sent.length).toBeGreaterThan(0);
  for (const statement of sent) {
    const plan = await genericPlanNodes(simple, statement, branch);
    const nodes = plan.map(nodeName);
    const found = nodes.filter((node) =>
      forbidden.some((bad) => node === bad || node.startsWith(`${bad} on `)),
    );
    expect(found, `${statement}\n${nodes.join('\n')}`).toEqual([]);
  }
});
