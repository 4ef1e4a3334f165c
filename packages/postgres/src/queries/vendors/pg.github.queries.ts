import { createHash } from 'node:crypto';
import { keyset, listPage, parseLimit } from '@reference/kit';
import { and, arrayContains, eq, gte, lt, sql } from 'drizzle-orm';
import {
  type GithubIssueDataSelect,
  type GithubPullRequestDataSelect,
  githubCommits,
  githubIssues,
  githubPullRequests,
} from '../../schemas/connector.github.schema.ts';
import type { PostgresDatabase } from '../database.ts';
import { inOwnConnection, type OwnConnection } from '../own-connection.ts';
import type { Page, PageParams } from '../page.ts';
import {
  githubCommitEntity,
  githubFileEntity,
  githubIssueEntity,
  githubPullRequestEntity,
  githubRepositoryEntity,
} from './github.entities.ts';

export const getGithubRepositories = githubRepositoryEntity.get;
export const getGithubRepository = githubRepositoryEntity.getOne;

export const getGithubPullRequests = githubPullRequestEntity.get;
export const getGithubPullRequest = githubPullRequestEntity.getOne;

export const getGithubIssues = githubIssueEntity.get;
export const getGithubIssue = githubIssueEntity.getOne;

export const getGithubCommits = githubCommitEntity.get;
export const getGithubCommit = githubCommitEntity.getOne;

export const getGithubRepositoryFiles = githubFileEntity.get;
export const getGithubRepositoryFile = githubFileEntity.getOne;

/** A pull request in the list of open ones. */
export type OpenGithubPullRequest = Pick<
  GithubPullRequestDataSelect,
  'id' | 'number' | 'title' | 'url' | 'draft' | 'repositoryFullName' | 'prCreatedAt' | 'userData'
>;

const oldestFirst = keyset([
  { column: githubPullRequests.prCreatedAt },
  { column: githubPullRequests.id },
]);

/** Lists open pull requests, the longest open first. */
export async function getOpenGithubPullRequestsByAge(
  db: PostgresDatabase,
  params: PageParams & OwnConnection,
): Promise<Page<OpenGithubPullRequest>> {
  const { items, nextCursor } = await listPage(
    oldestFirst,
    { after: params.cursor, limit: params.limit },
    (seek) =>
      db
        .select({
          id: githubPullRequests.id,
          number: githubPullRequests.number,
          title: githubPullRequests.title,
          url: githubPullRequests.url,
          draft: githubPullRequests.draft,
          repositoryFullName: githubPullRequests.repositoryFullName,
          prCreatedAt: githubPullRequests.prCreatedAt,
          userData: githubPullRequests.userData,
          ...seek.select,
        })
        .from(githubPullRequests)
        .where(
          and(
            inOwnConnection(githubPullRequests.connectorConfigId, params),
            // Text, because a bound parameter would not match the partial index in a generic plan.
            sql`${githubPullRequests.state} = 'open'`,
            seek.where,
          ),
        )
        .orderBy(...seek.orderBy)
        .limit(seek.limit),
  );
  return { items, nextCursor };
}

/** An issue in a list by label. */
export type LabelledGithubIssue = Pick<
  GithubIssueDataSelect,
  | 'id'
  | 'number'
  | 'title'
  | 'url'
  | 'state'
  | 'labelNames'
  | 'repositoryFullName'
  | 'issueUpdatedAt'
>;

const latestFirst = keyset([
  { column: githubIssues.issueUpdatedAt, direction: 'desc' },
  { column: githubIssues.id, direction: 'desc' },
]);

/** Lists issues with a label, the latest changed first, without GitHub's pull requests. */
export async function getGithubIssuesByLabel(
  db: PostgresDatabase,
  params: PageParams & OwnConnection & { readonly label: string },
): Promise<Page<LabelledGithubIssue>> {
  const { items, nextCursor } = await listPage(
    latestFirst,
    { after: params.cursor, limit: params.limit },
    (seek) =>
      db
        .select({
          id: githubIssues.id,
          number: githubIssues.number,
          title: githubIssues.title,
          url: githubIssues.url,
          state: githubIssues.state,
          labelNames: githubIssues.labelNames,
          repositoryFullName: githubIssues.repositoryFullName,
          issueUpdatedAt: githubIssues.issueUpdatedAt,
          ...seek.select,
        })
        .from(githubIssues)
        .where(
          and(
            inOwnConnection(githubIssues.connectorConfigId, params),
            arrayContains(githubIssues.labelNames, [params.label]),
            eq(githubIssues.isPullRequest, false),
            seek.where,
          ),
        )
        .orderBy(...seek.orderBy)
        .limit(seek.limit),
  );
  return { items, nextCursor };
}

/** The number of one author's commits in one week. */
export interface WeeklyCommits {
  /** The week's Monday, `2026-01-05`. */
  readonly week: string;
  readonly authorEmail: string | null;
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
}

/**
 * Counts commits per author and week of a period, the latest week and the busiest author first.
 *
 * @param params.from inclusive
 * @param params.to exclusive
 * @param params.timeZone an IANA name that decides where a week begins; UTC unless given
 * @param params.limit lines at most, 1 to 200; 50 unless given
 */
export async function countGithubCommitsByAuthorAndWeek(
  db: PostgresDatabase,
  params: OwnConnection & {
    readonly from: Date;
    readonly to: Date;
    readonly timeZone?: string | undefined;
    readonly limit?: number | undefined;
  },
): Promise<WeeklyCommits[]> {
  const zoned = sql`${githubCommits.committedAt} at time zone ${params.timeZone ?? 'UTC'}::text`;
  const byAuthor = db
    .select({
      week: sql<string>`date_trunc('week', ${zoned})::date::text`.as('week'),
      authorEmail: githubCommits.authorEmail,
      commits: sql<number>`count(*)::int`.as('commits'),
      additions: sql<number>`coalesce(sum(${githubCommits.additions}), 0)::int`.as('additions'),
      deletions: sql<number>`coalesce(sum(${githubCommits.deletions}), 0)::int`.as('deletions'),
    })
    .from(githubCommits)
    .where(
      and(
        inOwnConnection(githubCommits.connectorConfigId, params),
        gte(githubCommits.committedAt, params.from),
        lt(githubCommits.committedAt, params.to),
      ),
    )
    .groupBy(sql`1`, githubCommits.authorEmail);
  return byAuthor
    .orderBy(sql`1 desc`, sql`3 desc`, githubCommits.authorEmail)
    .limit(parseLimit(params.limit));
}

/**
 * The id of a file's row, because GitHub has none. It is a digest, because a path may be longer
 * than a key.
 */
export function githubRepositoryFileId(file: {
  readonly repositoryId: string;
  readonly branch: string;
  readonly path: string;
}): string {
  const place = JSON.stringify([file.repositoryId, file.branch, file.path]);
  return createHash('sha256').update(place).digest('hex');
}
