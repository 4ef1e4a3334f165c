import { openStatementCounter } from '@reference/audit/testing';
import { expect, test } from 'vitest';
import { addDocument, hashingEmbedder } from '../../src/index.ts';
import { createTestTenancy, provision } from '../test-tenancy.ts';

test('a document of forty passages is stored by as many statements as one of two', async () => {
  const test = await createTestTenancy();
  const { tenant } = await provision(test.tenancy, 'acme');
  const counter = await openStatementCounter(test.appUrl);
  const tenancy = await test.connect({ url: counter.url, max: 1 });
  const adding = (passages: number) =>
    counter.during(() =>
      addDocument(
        tenancy,
        tenant.id,
        {
          title: `${passages} passages`,
          text: Array.from({ length: passages }, (_, n) => `# Part ${n}\n\nSome words.`).join(
            '\n\n',
          ),
        },
        { embedder: hashingEmbedder(), maxTokens: 40 },
      ),
    );
  // The first document of a tenant also sets its embedding model.
  await adding(1);
  const few = await adding(2);
  expect(few.length).toBeGreaterThan(0);
  expect(await adding(40)).toHaveLength(few.length);
  await test.close();
  await counter.close();
});
