import { runPlans } from '@reference/audit/testing';
import { capabilities, currentRun } from '@reference/local-postgres';
import { expect, test } from 'vitest';
import { plans } from './audit-plans.ts';

// A thousand and ten thousand rows; `audit plans --scales 100000,1000000` takes the large ones.
test.skipIf(!capabilities.concurrency)(
  'no hot query reads more pages, sends more statements or takes a worse plan than it declares',
  async () => {
    const server = currentRun()?.adminUrl;
    if (!server) throw new Error('This run has no server of its own.');
    const { calls, findings } = await runPlans(server, plans);
    expect(findings).toEqual([]);
    expect(calls).toHaveLength(plans.names.length * plans.scales.length);
    expect(calls.filter(({ plans: seen }) => seen.length === 0)).toEqual([]);
  },
  300_000,
);
