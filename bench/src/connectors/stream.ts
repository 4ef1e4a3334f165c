import { createPostgresClient } from '@ait/postgres';
import { upsertGithubPullRequests } from '@ait/postgres/worker';
import type postgres from 'postgres';
import { pullRequest } from './pull-requests.ts';

export interface StreamCost {
  readonly rows: number;
  readonly seconds: number;
  /** Resident memory before, after a tenth of the rows, and at its peak. */
  readonly before: number;
  readonly atATenth: number;
  readonly peak: number;
}

/** Streams rows that are made as they are read; memory is looked at every thousand rows. */
export async function measureStream(
  url: string,
  raw: postgres.Sql,
  connection: string,
  rows: number,
): Promise<StreamCost> {
  await raw`truncate github_pull_requests`;
  const client = createPostgresClient({ url, max: 1, statementTimeoutMs: 0, deadlineMs: 0 });
  const before = process.memoryUsage.rss();
  let peak = before;
  let atATenth = before;
  async function* stream() {
    for (let index = 0; index < rows; index++) {
      if (index % 1000 === 0) peak = Math.max(peak, process.memoryUsage.rss());
      if (index === rows / 10) atATenth = peak;
      yield pullRequest(index, 1);
    }
  }
  const started = performance.now();
  try {
    await upsertGithubPullRequests(client.db, connection, stream());
  } finally {
    await client.close();
  }
  return { rows, seconds: (performance.now() - started) / 1000, before, atATenth, peak };
}
