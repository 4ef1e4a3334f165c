import { complaintsOf } from '@reference/audit/testing';
import { capabilities, createTestDatabase } from '@reference/local-postgres';
import { expect, test } from 'vitest';
import { plans } from './plans/audit-plans.ts';

const config = new URL('../audit.config.ts', import.meta.url);

test.skipIf(!capabilities.concurrency)(
  'the schema, its queries and its live catalog with rows in it hold to the rules',
  async () => {
    expect(await complaintsOf({ config, open: createTestDatabase, plans })).toEqual([]);
  },
  180_000,
);
