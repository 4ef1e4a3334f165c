import { complaintsOf } from '@reference/audit/testing';
import { createTestDatabase } from '@reference/local-postgres';
import { expect, test } from 'vitest';
import { plans } from './plans/audit-plans.ts';

test('the schema, its queries and its live catalog with rows in it hold to the rules', async () => {
  const { url, close } = await createTestDatabase();
  try {
    const config = new URL('../audit.config.ts', import.meta.url);
    expect(await complaintsOf({ config, url, plans })).toEqual([]);
  } finally {
    await close();
  }
}, 180_000);
