import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  hashingEmbedder,
  type IngestedFile,
  ingestFolder,
  listDocuments,
  withTenant,
} from '../../src/index.ts';
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

it('leaves out what it cannot read, names it, and adds the rest', async () => {
  const { id } = (await provision(test.tenancy, 'unread')).tenant;
  const own = await mkdtemp(join(tmpdir(), 'ingest-'));
  try {
    await writeFile(join(own, 'latin1.md'), Buffer.from('# Caf\xe9\n\nNot UTF-8.', 'latin1'));
    await writeFile(join(own, 'utf16.md'), Buffer.from('\ufeff# Größe\n\nIn UTF-16.', 'utf16le'));
    await mkdir(Buffer.concat([Buffer.from(`${own}/f`), Buffer.from([0xe9])]));
    await symlink('/etc/hostname', join(own, 'link.md'));
    await writeFile(join(own, 'titled.md'), `---\ntitle: ${'🙂'.repeat(1200)}\n---\nA long title.`);
    await writeFile(join(own, 'yaml.md'), '---\ntitle: "broken\n: [\n---\nBroken front matter.');
    await writeFile(join(own, 'blank.md'), '---\ntitle: "  "\n---\nA blank title.');
    const told = new Map<string, IngestedFile>();
    await ingestFolder(test.tenancy, id, own, {
      embedder: hashingEmbedder(),
      concurrency: 1,
      onFile: (file) => told.set(basename(file.path), file),
    });
    for (const left of ['latin1.md', 'link.md']) {
      expect(told.get(left), left).toMatchObject({ outcome: 'skipped' });
    }
    expect(told.get('latin1.md')?.reason).toContain('not UTF-8 text');
    expect([...told.values()].some(({ reason }) => reason?.includes('name is not UTF-8'))).toBe(
      true,
    );
    const { items } = await withTenant(test.tenancy, id, (tx) => listDocuments(tx));
    expect(items.map(({ title }) => title).sort()).toEqual([
      'Größe',
      'blank.md',
      'yaml.md',
      '🙂'.repeat(500),
    ]);
    expect(JSON.stringify(items)).not.toContain('\ufffd');
  } finally {
    await rm(own, { recursive: true });
  }
});

it('adds every file also when nobody asked to be told of them', async () => {
  const { id } = (await provision(test.tenancy, 'quiet')).tenant;
  await writeFile(join(folder, 'one.md'), '# One\n\nThe first text.');
  await writeFile(join(folder, 'two.txt'), 'The second text.');
  await ingestFolder(test.tenancy, id, folder, { embedder: hashingEmbedder(), concurrency: 1 });
  const { items } = await withTenant(test.tenancy, id, (tx) => listDocuments(tx));
  expect(items.map(({ status }) => status)).toEqual(['ready', 'ready']);
});
