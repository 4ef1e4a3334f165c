import { genericPlanNodes, nodeName, vacuumFilled } from '@reference/audit/testing';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTasksClient } from '../../src/client.ts';
import { hotQueries } from '../../src/hot-queries.ts';
import type { PlanSample } from '../../src/queries/hot-query.ts';
import { openWorkbench, type Workbench } from '../workbench.ts';
import { fillPlanWorld } from './plan-world.ts';

let bench: Workbench;
let sample: PlanSample;
let statements: string[] = [];
let watched: ReturnType<typeof createTasksClient>;
beforeAll(async () => {
  bench = await openWorkbench();
  sample = await fillPlanWorld(bench.sql);
  // With a threshold of 0 ms every statement is logged as slow: that is how its text is learnt.
  const logger = pino({}, { write: (line) => statements.push(JSON.parse(line).query) });
  await bench.sql.end();
  watched = createTasksClient({ url: bench.url, max: 1, slowQueryMs: 0, logger });
  await vacuumFilled(simple);
});
afterAll(async () => {
  await watched.close();
  await bench.close();
});

const simple = (text: string) => watched.sql.unsafe(text).simple();

describe('a large database', () => {
  test.each(hotQueries)('serves $name from its indexes', async ({ run, forbidden, indexes }) => {
    statements = [];
    await run(watched.db, sample);
    const sent = statements.filter((text) =>
      /^\s*\(?(select|with|insert|update|delete)/i.test(text),
    );
    const used = new Set<string>();
    for (const statement of sent) {
      const nodes = await genericPlanNodes(simple, statement);
      const shown = `${statement}\n${nodes.map(nodeName).join('\n')}`;
      for (const node of nodes) {
        if (node.index) used.add(node.index);
        for (const bad of forbidden) expect(nodeName(node).startsWith(bad), shown).toBe(false);
      }
    }
    expect([...used], sent.join('\n')).toEqual(expect.arrayContaining([...indexes]));
  });
});
