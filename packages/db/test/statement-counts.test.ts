import { openStatementCounter } from '@reference/audit/testing';
import { capabilities } from '@reference/local-postgres';
import { expect, test } from 'vitest';
import { createDb } from '../src/client.ts';
import { getAccessToPages } from '../src/queries/permissions/page-access.ts';
import { openWorkspace } from './workspace.ts';

test.skipIf(!capabilities.concurrency)(
  'access to fifty pages takes as many statements as access to one',
  async () => {
    const workspace = await openWorkspace();
    const counter = await openStatementCounter(workspace.url);
    const { db, close } = createDb({ url: counter.url, max: 1 });
    const asking = (pages: number) =>
      counter.during(() =>
        getAccessToPages(db, {
          userId: 'someone',
          pageIds: Array.from({ length: pages }, (_, n) => `page${n}`),
        }),
      );
    expect(await asking(1)).toHaveLength(1);
    expect(await asking(50)).toHaveLength(1);
    await close();
    await counter.close();
    await workspace.close();
  },
);
