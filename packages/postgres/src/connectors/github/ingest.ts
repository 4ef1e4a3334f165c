import { InvalidInputError } from '@reference/kit';
import type { PostgresDatabase } from '../../queries/database.ts';
import { addResults, noRows, type UpsertResult } from '../../queries/entity/upsert.ts';
import {
  upsertGithubCommits,
  upsertGithubIssues,
  upsertGithubPullRequests,
  upsertGithubRepositories,
} from '../../queries/vendors/pg.github.queries.ts';
import { findPayloads } from './find-payloads.ts';
import { mapPayload, type PayloadProblem } from './map-payload.ts';
import type { CommitRow, IssueRow, PullRequestRow, RepositoryRow } from './rows.ts';

/** A JSON document and where it came from. */
export interface GithubDocument {
  readonly source: string;
  readonly value: unknown;
}

/** What does not fit, in which document. */
export interface SkippedPayload extends PayloadProblem {
  readonly source: string;
}

/** What an ingest did. */
export interface IngestSummary {
  readonly documents: number;
  readonly repositories: UpsertResult;
  readonly pullRequests: UpsertResult;
  readonly issues: UpsertResult;
  readonly commits: UpsertResult;
  /** Payloads that did not fit. */
  readonly skipped: number;
  /** The first hundred, each with its first reason. */
  readonly problems: readonly SkippedPayload[];
}

const flushAt = 5_000;
const keptProblems = 100;

interface Placed<Row> {
  readonly row: Row;
  readonly source: string;
  readonly path: string;
}

/**
 * Stores every repository, pull request, issue and commit of the documents. Delivered again, in
 * another order or twice in one run, they give the same rows. What does not fit is skipped,
 * counted and named with its path.
 *
 * @param onDocument called after each document is read, for a progress bar
 * @throws NotFoundError when there is no such connection
 */
export async function ingestGithubDocuments(
  db: PostgresDatabase,
  connectorConfigId: string,
  documents: Iterable<GithubDocument> | AsyncIterable<GithubDocument>,
  onDocument: (document: GithubDocument) => void = () => {},
): Promise<IngestSummary> {
  const problems: SkippedPayload[] = [];
  let skipped = 0;
  const skip = (source: string, [first, ...others]: readonly PayloadProblem[]) => {
    skipped += 1;
    if (!first || problems.length >= keptProblems) return;
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    problems.push({ source, path: first.path, message: `${first.message}${more}` });
  };
  const table = <Row extends object>(
    upsert: (db: PostgresDatabase, id: string, rows: readonly Row[]) => Promise<UpsertResult>,
  ) => new PendingRows<Row>((rows) => upsert(db, connectorConfigId, rows), skip);
  const repositories = table<RepositoryRow>(upsertGithubRepositories);
  const pullRequests = table<PullRequestRow>(upsertGithubPullRequests);
  const issues = table<IssueRow>(upsertGithubIssues);
  const commits = table<CommitRow>(upsertGithubCommits);

  let count = 0;
  for await (const document of documents) {
    const { source } = document;
    for (const found of findPayloads(document.value)) {
      const mapped = mapPayload(found);
      const place = { source, path: found.path };
      if (mapped.entity === 'unfit') skip(source, mapped.problems);
      else if (mapped.entity === 'repository') await repositories.add(mapped.row, place);
      else if (mapped.entity === 'pull_request') await pullRequests.add(mapped.row, place);
      else if (mapped.entity === 'issue') await issues.add(mapped.row, place);
      else await commits.add(mapped.row, place);
    }
    count += 1;
    onDocument(document);
  }
  return {
    documents: count,
    repositories: await repositories.close(),
    pullRequests: await pullRequests.close(),
    issues: await issues.close(),
    commits: await commits.close(),
    skipped,
    problems,
  };
}

/** Rows on their way into one table. */
class PendingRows<Row extends object> {
  readonly #upsert: (rows: readonly Row[]) => Promise<UpsertResult>;
  readonly #skip: (source: string, problems: readonly PayloadProblem[]) => void;
  #rows: Placed<Row>[] = [];
  #result = noRows;

  constructor(
    upsert: (rows: readonly Row[]) => Promise<UpsertResult>,
    skip: (source: string, problems: readonly PayloadProblem[]) => void,
  ) {
    this.#upsert = upsert;
    this.#skip = skip;
  }

  async add(row: Row, place: { source: string; path: string }): Promise<void> {
    this.#rows.push({ row, ...place });
    if (this.#rows.length >= flushAt) await this.#flush();
  }

  async close(): Promise<UpsertResult> {
    await this.#flush();
    return this.#result;
  }

  async #flush(): Promise<void> {
    const rows = this.#rows;
    this.#rows = [];
    await this.#write(rows);
  }

  /** A row that its table refuses (a title that is too long) is found by halving, and skipped. */
  async #write(rows: readonly Placed<Row>[]): Promise<void> {
    try {
      this.#result = addResults(this.#result, await this.#upsert(rows.map(({ row }) => row)));
    } catch (error) {
      if (!(error instanceof InvalidInputError)) throw error;
      const [only] = rows;
      if (only && rows.length === 1) {
        this.#skip(only.source, [{ path: only.path, message: error.message }]);
        return;
      }
      const middle = rows.length >> 1;
      await this.#write(rows.slice(0, middle));
      await this.#write(rows.slice(middle));
    }
  }
}
