import type { PostgresDatabase } from '@ait/postgres';
import {
  type IngestSummary,
  ingestGithubDocuments,
  type SyncPageResult,
  syncPage,
  type UpsertResult,
} from '@ait/postgres/worker';
import { recordedDocuments } from './recordings.ts';

/** The result of one page of an import, and the progress so far. */
export interface ImportedPage extends UpsertResult {
  readonly status: SyncPageResult['status'];
  /** Documents read so far in this run. */
  readonly read: number;
  readonly total: number;
  /** Documents of this page that hold nothing to store, such as a release or a comment. */
  readonly empty: number;
  /** Parts of documents that did not fit. */
  readonly skipped: number;
}

const documentsAtOnce = 24;

/**
 * Imports the next recorded documents of GitHub. The database holds the place, so an import that was
 * broken off goes on from there, and one that is done begins anew and finds everything unchanged.
 */
export async function importPage(
  db: PostgresDatabase,
  connectorConfigId: string,
): Promise<ImportedPage> {
  const documents = await recordedDocuments();
  let read = 0;
  const left = { empty: 0, skipped: 0 };
  const page = await syncPage(
    db,
    { connectorConfigId, entity: 'github.recorded_document' },
    {
      fetchPage: async (cursor) => {
        const start = Number(cursor?.next ?? 0);
        const rows = documents.slice(start, start + documentsAtOnce);
        read = start + rows.length;
        const isLast = read >= documents.length;
        return { rows, cursor: { next: isLast ? 0 : read }, isLast };
      },
      store: async (tx, id, rows) => {
        const summary = await ingestGithubDocuments(tx, id, rows);
        Object.assign(left, { empty: summary.emptyDocuments, skipped: summary.skipped });
        return sumOf(summary);
      },
    },
  );
  const nothing = { inserted: 0, updated: 0, unchanged: 0 };
  const result = page.status === 'busy' ? nothing : page.result;
  return { status: page.status, read, total: documents.length, ...left, ...result };
}

const sumOf = ({ repositories, pullRequests, issues, commits }: IngestSummary): UpsertResult =>
  [repositories, pullRequests, issues, commits].reduce((sum, result) => ({
    inserted: sum.inserted + result.inserted,
    updated: sum.updated + result.updated,
    unchanged: sum.unchanged + result.unchanged,
  }));
