import { createDb, listAccessiblePageIds } from '@pagespace/db';
import postgres from 'postgres';
import { type Benchmark, rowsOf } from '../benchmark.ts';
import { poolSize } from '../clients.ts';
import { accessiblePages } from './accessible-pages.ts';

const limit = 1000;

/** The same database with an index on each foreign key, and none from which the ids could be read. */
const withoutCovering = `
  alter table pages drop constraint "pages_driveId_id_key" cascade;
  drop index pages_tree_idx, "pages_driveId_isTrashed_updatedAt_idx";
  create index on pages ("driveId");
  drop index "page_permissions_userId_pageId_idx";
  create index on page_permissions ("userId");
  analyze pages, page_permissions;`;

let plain: ReturnType<typeof createDb> | undefined;

export const coveringIndex: Benchmark<{ userId: string; driveId: string }> = {
  name: 'covering-index',
  title: 'Accessible pages through a covering index',
  about: 'The same statement in two databases that differ in their indexes.',
  throughput: false,
  targets: [{ contestant: 'covering index', figure: 'latencyRatio', atMost: 0.5 }],
  async prepare(url) {
    const copy = new URL(url);
    const original = copy.pathname.slice(1);
    const admin = new URL(url);
    admin.pathname = '/postgres';
    copy.pathname = `/${original}_plain`;
    const sql = postgres(admin.href, { max: 1, onnotice: () => {} });
    const drop = () => sql.unsafe(`drop database if exists "${original}_plain" with (force)`);
    await drop();
    await sql.unsafe(
      `create database "${original}_plain" template "${original}" strategy file_copy`,
    );
    plain = createDb({ url: copy.href, max: poolSize, statementTimeoutMs: 0, deadlineMs: 0 });
    await plain.sql.unsafe(withoutCovering);
    return async () => {
      await plain?.close();
      await drop();
      await sql.end();
    };
  },
  samples: accessiblePages.samples,
  comparable: rowsOf,
  contestants: ({ db }) => {
    if (!plain) throw new Error('covering-index was not prepared.');
    const { db: plainDb } = plain;
    return [
      {
        name: 'plain indexes',
        run: (params) => listAccessiblePageIds(plainDb, { ...params, limit }),
      },
      { name: 'covering index', run: (params) => listAccessiblePageIds(db, { ...params, limit }) },
    ];
  },
};
