import type { PostgresDatabase } from '../../queries/database.ts';
import type { UpsertResult } from '../../queries/entity/upsert.ts';
import {
  githubCommitEntity,
  githubIssueEntity,
  githubPullRequestEntity,
  githubRepositoryEntity,
} from '../../queries/vendors/github.entities.ts';
import { deepest, isTooDeep } from './depth.ts';
import { type FoundPayload, findPayloads, type PayloadKind } from './find-payloads.ts';
import { mapPayload, type PayloadProblem } from './map-payload.ts';
import { PendingRows } from './pending-rows.ts';

/** A JSON document and its source, or why it could not be read. */
export type GithubDocument =
  | { readonly source: string; readonly value: unknown }
  | { readonly source: string; readonly problem: string };

/** The payloads that do not fit, each with its document. */
export interface SkippedPayload extends PayloadProblem {
  readonly source: string;
}

/** The result of an ingest. */
export interface IngestSummary {
  readonly documents: number;
  /** Documents without a repository, pull request, issue or commit, such as a release. */
  readonly emptyDocuments: number;
  /**
   * Repositories, pull requests, issues and commits found; one that is delivered twice counts
   * twice.
   */
  readonly payloads: number;
  readonly repositories: UpsertResult;
  readonly pullRequests: UpsertResult;
  readonly issues: UpsertResult;
  readonly commits: UpsertResult;
  /** Payloads that did not fit, and documents that could not be read. */
  readonly skipped: number;
  /** The first hundred of them, each with its first reason. */
  readonly problems: readonly SkippedPayload[];
}

const keptProblems = 100;

/** A commit never changes, so if two forms of it disagree, the more complete one decides. */
const completeness: Partial<Record<PayloadKind, number>> = {
  commit: 3,
  git_commit: 2,
  push_commit: 1,
};

/**
 * A commit's repository and address, from one delivery, so that they never name two repositories.
 */
const place = ['repositoryId', 'repositoryName', 'repositoryFullName', 'url', 'apiUrl'];

/**
 * Stores every repository, pull request, issue and commit of the documents. The rows are the same
 * in every order, in one run or in many. The newest delivery that holds a field decides, by the
 * time of change that GitHub gives; if two have the same time, always the same one. The ingest
 * skips, counts and names, with their path, objects that do not fit or cannot be read.
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
  const counts = { documents: 0, emptyDocuments: 0, payloads: 0, skipped: 0 };
  const skip = (source: string, [first, ...others]: readonly PayloadProblem[]) => {
    counts.skipped += 1;
    if (!first || problems.length >= keptProblems) return;
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    problems.push({ source, path: first.path, message: `${first.message}${more}` });
  };
  const repositories = new PendingRows(db, connectorConfigId, githubRepositoryEntity, {
    key: 'id',
    version: 'repoUpdatedAt',
  });
  const pullRequests = new PendingRows(db, connectorConfigId, githubPullRequestEntity, {
    key: 'id',
    version: 'prUpdatedAt',
  });
  const issues = new PendingRows(db, connectorConfigId, githubIssueEntity, {
    key: 'id',
    version: 'issueUpdatedAt',
  });
  const commits = new PendingRows(db, connectorConfigId, githubCommitEntity, {
    key: 'sha',
    units: [place],
  });
  /**
   * Adds one payload.
   * @returns why it does not fit
   */
  const add = async (found: FoundPayload): Promise<readonly PayloadProblem[]> => {
    const mapped = mapPayload(found);
    if (mapped.entity === 'unfit') return mapped.problems;
    const refusal =
      mapped.entity === 'repository'
        ? await repositories.add(mapped.row)
        : mapped.entity === 'pull_request'
          ? await pullRequests.add(mapped.row)
          : mapped.entity === 'issue'
            ? await issues.add(mapped.row)
            : await commits.add(mapped.row, completeness[found.kind]);
    return refusal === undefined ? [] : [{ path: found.path, message: refusal }];
  };

  for await (const document of documents) {
    const { source } = document;
    counts.documents += 1;
    if ('problem' in document) {
      skip(source, [{ path: '', message: document.problem }]);
    } else if (isTooDeep(document.value)) {
      skip(source, [{ path: '', message: `nested deeper than ${deepest} levels` }]);
    } else {
      const before = counts.payloads;
      for (const found of findPayloads(document.value)) {
        counts.payloads += 1;
        const unfit = await add(found);
        if (unfit.length > 0) skip(source, unfit);
      }
      if (counts.payloads === before) counts.emptyDocuments += 1;
    }
    onDocument(document);
  }
  return {
    ...counts,
    repositories: await repositories.close(),
    pullRequests: await pullRequests.close(),
    issues: await issues.close(),
    commits: await commits.close(),
    problems,
  };
}
