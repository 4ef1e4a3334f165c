import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capabilities } from '@reference/local-postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashingEmbedder, type IngestedFile, ingestFolder } from '../../../src/index.ts';
import { createTestTenancy, provision, type TestTenancy } from '../../test-tenancy.ts';
import { judgedQuestions } from './questions.ts';
import { type Mode, modes, type Quality, scoreMode } from './score.ts';

/** The documentation that the `ai` package ships: 238 files, a dependency of this package at a fixed version. */
const docs = join(dirname(fileURLToPath(import.meta.resolve('ai/package.json'))), 'docs');

// Embedded, indexing 2,500 chunks takes minutes, and the answers are the same.
describe.skipIf(!capabilities.concurrency)('retrieval on real documentation', () => {
  let test: TestTenancy;
  let tenantId: string;
  beforeAll(async () => {
    test = await createTestTenancy();
    tenantId = (await provision(test.tenancy, 'reader')).tenant.id;
  });
  afterAll(() => test?.close());

  const ingest = async () => {
    const files: IngestedFile[] = [];
    let embedded = 0;
    const inner = hashingEmbedder();
    await ingestFolder(test.tenancy, tenantId, docs, {
      embedder: {
        ...inner,
        embed: (texts) => {
          embedded += texts.length;
          return inner.embed(texts);
        },
      },
      onFile: (file) => files.push(file),
    });
    return { outcomes: files.map(({ outcome }) => outcome), embedded };
  };

  it('ingests a real documentation folder, and embeds nothing the second time', async () => {
    const first = await ingest();
    const expected = readdirSync(docs, { recursive: true }).filter((name) =>
      /\.mdx?$/.test(String(name)),
    );
    expect(first.outcomes).toHaveLength(expected.length);
    expect(new Set(first.outcomes)).toEqual(new Set(['added']));
    expect(first.embedded).toBeGreaterThan(2000);

    const second = await ingest();
    expect(new Set(second.outcomes)).toEqual(new Set(['unchanged']));
    expect(second.embedded).toBe(0);
  }, 480_000);

  it('finds the files that answer thirty questions; hybrid at least as well as text and as vector', async () => {
    const quality: Partial<Record<Mode, Quality>> = {};
    for (const mode of modes) {
      quality[mode] = await scoreMode(test.tenancy, tenantId, hashingEmbedder(), mode);
    }
    console.log(
      [
        `${judgedQuestions.length} questions | recall@10 | MRR`,
        ...modes.map(
          (mode) =>
            `${mode} | ${quality[mode]?.recall.toFixed(3)} | ${quality[mode]?.mrr.toFixed(3)}`,
        ),
      ].join('\n'),
    );
    const { text, vector, hybrid } = quality;
    if (!text || !vector || !hybrid) throw new Error('A mode was not scored.');
    expect(hybrid.recall).toBeGreaterThanOrEqual(Math.max(text.recall, vector.recall));
    expect(hybrid.mrr).toBeGreaterThanOrEqual(Math.max(text.mrr, vector.mrr));
    expect(hybrid.recall).toBeGreaterThanOrEqual(0.9);
    expect(hybrid.mrr).toBeGreaterThanOrEqual(0.75);
  }, 240_000);
});
