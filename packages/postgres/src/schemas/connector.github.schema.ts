import { instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { boolean, index, integer, jsonb, pgTable, text, varchar } from 'drizzle-orm/pg-core';
import { short, url, vendorColumns, vendorConstraints } from './columns.ts';
import type {
  GithubActorData,
  GithubDeliveries,
  GithubFilesData,
  GithubLabelData,
  GithubLicenseData,
  GithubMilestoneData,
  GithubReactionsData,
  GithubRepoData,
  GithubReviewerData,
  GithubVerificationData,
} from './github.data.ts';

// No table here has a foreign key to github_repositories, because a pull request may arrive before
// its repository, or from one that the connection may not read.

/** A row is a repository as one connection sees it. */
export const githubRepositories = pgTable(
  'github_repositories',
  {
    id: short('id').notNull(),
    name: short('name').notNull(),
    fullName: short('full_name').notNull(),
    description: text('description'),
    url: url('url'),
    stars: integer('stars').notNull().default(0),
    forks: integer('forks').notNull().default(0),
    watchers: integer('watchers').notNull().default(0),
    openIssues: integer('open_issues').notNull().default(0),
    language: varchar('language', { length: 64 }),
    topics: text('topics').array().notNull().default([]),
    visibility: varchar('visibility', { length: 16 }),
    isPrivate: boolean('is_private').notNull().default(false),
    isFork: boolean('is_fork').notNull().default(false),
    isArchived: boolean('is_archived').notNull().default(false),
    isDisabled: boolean('is_disabled').notNull().default(false),
    isTemplate: boolean('is_template').notNull().default(false),
    defaultBranch: short('default_branch'),
    size: integer('size').notNull().default(0),
    homepage: url('homepage'),
    license: varchar('license', { length: 64 }),
    cloneUrl: url('clone_url'),
    sshUrl: url('ssh_url'),
    repoCreatedAt: instant('repo_created_at'),
    repoUpdatedAt: instant('repo_updated_at'),
    pushedAt: instant('pushed_at'),
    ownerData: jsonb('owner_data').$type<GithubActorData>(),
    licenseData: jsonb('license_data').$type<GithubLicenseData>(),
    metadata: jsonb('metadata').$type<Record<string, unknown>>(),
    deliveries: jsonb('deliveries').$type<GithubDeliveries>(),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('github_repositories', t),
    // Serves the activity feed.
    index('github_repositories_activity_idx').on(t.connectorConfigId, t.pushedAt, t.id),
  ],
);

/** A row is a pull request as one connection sees it. */
export const githubPullRequests = pgTable(
  'github_pull_requests',
  {
    id: short('id').notNull(),
    number: integer('number').notNull(),
    title: varchar('title', { length: 1024 }).notNull(),
    body: text('body'),
    state: varchar('state', { length: 16 }).notNull(),
    draft: boolean('draft').notNull().default(false),
    locked: boolean('locked').notNull().default(false),
    merged: boolean('merged').notNull().default(false),
    url: url('url').notNull(),
    diffUrl: url('diff_url'),
    patchUrl: url('patch_url'),
    mergeCommitSha: varchar('merge_commit_sha', { length: 64 }),
    commits: integer('commits'),
    additions: integer('additions'),
    deletions: integer('deletions'),
    changedFiles: integer('changed_files'),
    comments: integer('comments'),
    reviewComments: integer('review_comments'),
    headRef: short('head_ref').notNull(),
    headSha: varchar('head_sha', { length: 64 }).notNull(),
    baseRef: short('base_ref').notNull(),
    baseSha: varchar('base_sha', { length: 64 }).notNull(),
    repositoryId: short('repository_id').notNull(),
    repositoryName: short('repository_name').notNull(),
    repositoryFullName: short('repository_full_name').notNull(),
    mergeableState: varchar('mergeable_state', { length: 32 }),
    authorAssociation: varchar('author_association', { length: 32 }),
    prCreatedAt: instant('pr_created_at').notNull(),
    prUpdatedAt: instant('pr_updated_at').notNull(),
    mergedAt: instant('merged_at'),
    closedAt: instant('closed_at'),
    userData: jsonb('user_data').$type<GithubActorData>(),
    assigneesData: jsonb('assignees_data').$type<GithubActorData[]>(),
    reviewersData: jsonb('reviewers_data').$type<GithubReviewerData[]>(),
    labelsData: jsonb('labels_data').$type<GithubLabelData[]>(),
    milestoneData: jsonb('milestone_data').$type<GithubMilestoneData>(),
    headRepoData: jsonb('head_repo_data').$type<GithubRepoData>(),
    baseRepoData: jsonb('base_repo_data').$type<GithubRepoData>(),
    deliveries: jsonb('deliveries').$type<GithubDeliveries>(),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('github_pull_requests', t),
    // Serves getGithubPullRequests of one repository.
    index('github_pull_requests_repository_idx').on(
      t.connectorConfigId,
      t.repositoryId,
      t.updatedAt,
      t.id,
    ),
    // Serves getOpenGithubPullRequestsByAge.
    index('github_pull_requests_open_idx')
      .on(t.connectorConfigId, t.prCreatedAt, t.id)
      .where(sql`${t.state} = 'open'`),
    // Serves the activity feed.
    index('github_pull_requests_activity_idx').on(t.connectorConfigId, t.prUpdatedAt, t.id),
  ],
);

/** A row is an issue as one connection sees it; GitHub lists pull requests among them. */
export const githubIssues = pgTable(
  'github_issues',
  {
    id: short('id').notNull(),
    number: integer('number').notNull(),
    title: varchar('title', { length: 1024 }).notNull(),
    body: text('body'),
    state: varchar('state', { length: 16 }).notNull(),
    stateReason: varchar('state_reason', { length: 32 }),
    locked: boolean('locked').notNull().default(false),
    url: url('url').notNull(),
    comments: integer('comments').notNull().default(0),
    repositoryId: short('repository_id'),
    repositoryName: short('repository_name').notNull(),
    repositoryFullName: short('repository_full_name').notNull(),
    isPullRequest: boolean('is_pull_request').notNull().default(false),
    labelNames: text('label_names').array().notNull().default([]),
    issueCreatedAt: instant('issue_created_at').notNull(),
    issueUpdatedAt: instant('issue_updated_at').notNull(),
    closedAt: instant('closed_at'),
    authorData: jsonb('author_data').$type<GithubActorData>(),
    assigneesData: jsonb('assignees_data').$type<GithubReviewerData[]>(),
    labelsData: jsonb('labels_data').$type<Array<GithubLabelData | string>>(),
    milestoneData: jsonb('milestone_data').$type<GithubMilestoneData>(),
    reactionsData: jsonb('reactions_data').$type<GithubReactionsData>(),
    deliveries: jsonb('deliveries').$type<GithubDeliveries>(),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('github_issues', t),
    // Serves getGithubIssues of one repository.
    index('github_issues_repository_idx').on(
      t.connectorConfigId,
      t.repositoryId,
      t.updatedAt,
      t.id,
    ),
    // Serves getGithubIssuesByLabel where the label is rare.
    index('github_issues_label_names_idx').using('gin', t.labelNames),
    // Serves the activity feed, and getGithubIssuesByLabel where the label is common.
    index('github_issues_activity_idx').on(t.connectorConfigId, t.issueUpdatedAt, t.id),
  ],
);

/** A row is a commit as one connection sees it. Its key is the sha, GitHub's id of a commit. */
export const githubCommits = pgTable(
  'github_commits',
  {
    sha: varchar('sha', { length: 64 }).notNull(),
    message: text('message').notNull(),
    body: text('body'),
    url: url('url'),
    apiUrl: url('api_url'),
    authorName: short('author_name'),
    authorEmail: varchar('author_email', { length: 320 }),
    authoredAt: instant('authored_at'),
    committerName: short('committer_name'),
    committerEmail: varchar('committer_email', { length: 320 }),
    committedAt: instant('committed_at'),
    tree: varchar('tree', { length: 64 }),
    parentShas: text('parent_shas').array(),
    additions: integer('additions'),
    deletions: integer('deletions'),
    total: integer('total'),
    repositoryId: short('repository_id'),
    repositoryName: short('repository_name'),
    repositoryFullName: short('repository_full_name'),
    filesData: jsonb('files_data').$type<GithubFilesData>(),
    verification: jsonb('verification').$type<GithubVerificationData>(),
    deliveries: jsonb('deliveries').$type<GithubDeliveries>(),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('github_commits', { ...t, id: t.sha }),
    // Serves getGithubCommits of one repository.
    index('github_commits_repository_idx').on(
      t.connectorConfigId,
      t.repositoryId,
      t.updatedAt,
      t.sha,
    ),
    // Serves the activity feed and countGithubCommitsByAuthorAndWeek.
    index('github_commits_activity_idx').on(t.connectorConfigId, t.committedAt, t.sha),
  ],
);

/** A row is one file of one branch. GitHub names no id for it: see githubRepositoryFileId. */
export const githubRepositoryFiles = pgTable(
  'github_repository_files',
  {
    id: short('id').notNull(),
    repositoryId: short('repository_id').notNull(),
    repositoryFullName: short('repository_full_name').notNull(),
    branch: short('branch').notNull(),
    path: varchar('path', { length: 4096 }).notNull(),
    name: short('name').notNull(),
    sha: varchar('sha', { length: 64 }).notNull(),
    content: text('content'),
    size: integer('size').notNull(),
    language: varchar('language', { length: 64 }),
    extension: varchar('extension', { length: 64 }),
    linesOfCode: integer('lines_of_code'),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('github_repository_files', t),
    // Serves getGithubRepositoryFiles of one repository.
    index('github_repository_files_repository_idx').on(
      t.connectorConfigId,
      t.repositoryId,
      t.updatedAt,
      t.id,
    ),
  ],
);

export type GithubRepositoryDataTarget = typeof githubRepositories.$inferInsert;
export type GithubRepositoryDataSelect = typeof githubRepositories.$inferSelect;
export type GithubPullRequestDataTarget = typeof githubPullRequests.$inferInsert;
export type GithubPullRequestDataSelect = typeof githubPullRequests.$inferSelect;
export type GithubIssueDataTarget = typeof githubIssues.$inferInsert;
export type GithubIssueDataSelect = typeof githubIssues.$inferSelect;
export type GithubCommitDataTarget = typeof githubCommits.$inferInsert;
export type GithubCommitDataSelect = typeof githubCommits.$inferSelect;
export type GithubRepositoryFileDataTarget = typeof githubRepositoryFiles.$inferInsert;
export type GithubRepositoryFileDataSelect = typeof githubRepositoryFiles.$inferSelect;
