import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hashingEmbedder, ingestFolder, listDocuments, withTenant } from '../../src/index.ts';
import { createTestTenancy, provision, type TestTenancy } from '../test-tenancy.ts';

let test: TestTenancy;
let folder: string;
beforeAll(async () => {
  test = await createTestTenancy();
  folder = await mkdtemp(join(tmpdir(), 'ingest-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await test.close();
});

it('adds every file also when nobody asked to be told of them', async () => {
  const { id } = (await provision(test.tenancy, 'quiet')).tenant;
  await writeFile(join(folder, 'one.md'), '# One\n\nThe first text.');
  await writeFile(join(folder, 'two.txt'), 'The second text.');
  await ingestFolder(test.tenancy, id, folder, { embedder: hashingEmbedder(), concurrency: 1 });
  const { items } = await withTenant(test.tenancy, id, (tx) => listDocuments(tx));
  expect(items.map(({ status }) => status)).toEqual(['ready', 'ready']);
});
