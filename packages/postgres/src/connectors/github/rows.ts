import type { z } from 'zod';
import type { EntityInput } from '../../queries/entity/define-entity.ts';
import type {
  githubCommits,
  githubIssues,
  githubPullRequests,
  githubRepositories,
} from '../../schemas/connector.github.schema.ts';
import type {
  commitPayload,
  gitCommitPayload,
  issuePayload,
  pullRequestPayload,
  pushCommitPayload,
  RepositoryContext,
  repositoryPayload,
} from './payloads.ts';

export type RepositoryRow = EntityInput<typeof githubRepositories>;
export type PullRequestRow = EntityInput<typeof githubPullRequests>;
export type IssueRow = EntityInput<typeof githubIssues>;
export type CommitRow = EntityInput<typeof githubCommits>;

/** A repository's other fields, without the addresses that follow from its name. */
const metadataFields = [
  'node_id',
  'has_issues',
  'has_projects',
  'has_downloads',
  'has_wiki',
  'has_pages',
  'has_discussions',
  'allow_forking',
  'web_commit_signoff_required',
  'mirror_url',
  'permissions',
  'custom_properties',
];

export function repositoryRow(payload: z.output<typeof repositoryPayload>): RepositoryRow {
  const metadata = metadataFields.filter((field) => field in payload);
  return {
    id: String(payload.id),
    name: payload.name,
    fullName: payload.full_name,
    description: payload.description,
    url: payload.html_url,
    stars: payload.stargazers_count,
    forks: payload.forks_count,
    watchers: payload.watchers_count,
    openIssues: payload.open_issues_count,
    language: payload.language,
    topics: payload.topics,
    visibility: payload.visibility,
    isPrivate: payload.private,
    isFork: payload.fork,
    isArchived: payload.archived,
    isDisabled: payload.disabled,
    isTemplate: payload.is_template,
    defaultBranch: payload.default_branch,
    size: payload.size,
    homepage: payload.homepage,
    license: payload.license === null ? null : (payload.license?.spdx_id ?? payload.license?.key),
    cloneUrl: payload.clone_url,
    sshUrl: payload.ssh_url,
    repoCreatedAt: payload.created_at,
    repoUpdatedAt: payload.updated_at,
    pushedAt: payload.pushed_at,
    ownerData: payload.owner,
    licenseData: payload.license,
    metadata:
      metadata.length > 0
        ? Object.fromEntries(metadata.map((field) => [field, payload[field]]))
        : undefined,
  };
}

export function pullRequestRow(payload: z.output<typeof pullRequestPayload>): PullRequestRow {
  const { head, base } = payload;
  return {
    id: String(payload.id),
    number: payload.number,
    title: payload.title,
    body: payload.body,
    state: payload.state,
    draft: payload.draft,
    locked: payload.locked,
    // Lists leave `merged` out, but never the time.
    merged:
      payload.merged ?? (payload.merged_at === undefined ? undefined : payload.merged_at !== null),
    url: payload.html_url,
    diffUrl: payload.diff_url,
    patchUrl: payload.patch_url,
    mergeCommitSha: payload.merge_commit_sha,
    commits: payload.commits,
    additions: payload.additions,
    deletions: payload.deletions,
    changedFiles: payload.changed_files,
    comments: payload.comments,
    reviewComments: payload.review_comments,
    headRef: head.ref,
    headSha: head.sha,
    baseRef: base.ref,
    baseSha: base.sha,
    repositoryId: String(base.repo.id),
    repositoryName: base.repo.name,
    repositoryFullName: base.repo.full_name,
    mergeableState: payload.mergeable_state,
    authorAssociation: payload.author_association,
    prCreatedAt: payload.created_at,
    prUpdatedAt: payload.updated_at,
    mergedAt: payload.merged_at,
    closedAt: payload.closed_at,
    userData: payload.user,
    assigneesData: payload.assignees,
    reviewersData: payload.requested_reviewers,
    labelsData: payload.labels,
    milestoneData: payload.milestone,
    headRepoData: head.repo,
    baseRepoData: base.repo,
  };
}

export function issueRow(
  payload: z.output<typeof issuePayload>,
  context: RepositoryContext | undefined,
): IssueRow {
  const fullName = payload.repository_url;
  return {
    id: String(payload.id),
    number: payload.number,
    title: payload.title,
    body: payload.body,
    state: payload.state ?? (payload.closed_at ? 'closed' : 'open'),
    stateReason: payload.state_reason,
    locked: payload.locked,
    url: payload.html_url,
    comments: payload.comments,
    repositoryId: context?.full_name === fullName ? String(context.id) : undefined,
    repositoryName: fullName.slice(fullName.indexOf('/') + 1),
    repositoryFullName: fullName,
    isPullRequest: payload.pull_request !== undefined && payload.pull_request !== null,
    labelNames: payload.labels?.flatMap((label) =>
      typeof label === 'string' ? label : (label.name ?? []),
    ),
    issueCreatedAt: payload.created_at,
    issueUpdatedAt: payload.updated_at,
    closedAt: payload.closed_at,
    authorData: payload.user,
    assigneesData: payload.assignees,
    labelsData: payload.labels,
    milestoneData: payload.milestone,
    reactionsData: payload.reactions,
  };
}

export function commitRow(
  payload: z.output<typeof commitPayload>,
  context: RepositoryContext | undefined,
): CommitRow {
  const { commit, stats } = payload;
  return {
    ...gitCommitRow(
      {
        sha: payload.sha,
        url: payload.url,
        html_url: payload.html_url,
        parents: payload.parents,
        message: commit.message,
        // The payload's own author is an account; the commit's author is a signature with a time.
        author: commit.author,
        committer: commit.committer,
        tree: commit.tree,
        verification: commit.verification,
      },
      context,
    ),
    additions: stats?.additions,
    deletions: stats?.deletions,
    total: stats?.total,
    filesData: payload.files,
  };
}

/** The fields that every kind of commit but a push's has. */
export function gitCommitRow(
  payload: Pick<
    z.output<typeof gitCommitPayload>,
    'sha' | 'message' | 'author' | 'committer' | 'url' | 'html_url' | 'verification'
  > & {
    readonly tree?: { readonly sha?: string | undefined } | undefined;
    readonly parents?: readonly { readonly sha?: string | undefined }[] | undefined;
  },
  context: RepositoryContext | undefined,
): CommitRow {
  return {
    sha: payload.sha,
    ...messageOf(payload.message),
    url: payload.html_url ?? payload.url ?? commitUrl(payload.sha, context),
    apiUrl: payload.html_url ? payload.url : undefined,
    authorName: payload.author?.name,
    authorEmail: payload.author?.email,
    authoredAt: payload.author?.date,
    committerName: payload.committer?.name,
    committerEmail: payload.committer?.email,
    // A commit without a committer's date has at least its author's.
    committedAt: payload.committer?.date ?? payload.author?.date,
    tree: payload.tree?.sha,
    parentShas: payload.parents?.flatMap(({ sha }) => sha ?? []),
    ...repositoryOf(payload.url ?? payload.html_url, context),
    verification: payload.verification,
  };
}

export function pushCommitRow(
  payload: z.output<typeof pushCommitPayload>,
  context: RepositoryContext | undefined,
): CommitRow {
  const { added, removed, modified } = payload;
  return {
    sha: payload.id,
    ...messageOf(payload.message),
    url: payload.url ?? commitUrl(payload.id, context),
    authorName: payload.author?.name,
    authorEmail: payload.author?.email,
    committerName: payload.committer?.name,
    committerEmail: payload.committer?.email,
    committedAt: payload.timestamp,
    tree: payload.tree_id,
    ...repositoryOf(payload.url, context),
    filesData: added && removed && modified ? { added, removed, modified } : undefined,
  };
}

/** The first line, and the rest with its line breaks, so that both together are the whole. */
function messageOf(message: string): { message: string; body: string | null } {
  const end = message.indexOf('\n');
  if (end === -1) return { message, body: null };
  return { message: message.slice(0, end), body: message.slice(end + 1) };
}

function repositoryOf(address: string | undefined, context: RepositoryContext | undefined) {
  const fullName = context?.full_name ?? repositoryNameOf(address ?? '');
  return {
    repositoryId: context && String(context.id),
    repositoryName: fullName?.slice(fullName.indexOf('/') + 1),
    repositoryFullName: fullName,
  };
}

const commitUrl = (sha: string, context: RepositoryContext | undefined) =>
  context?.html_url && `${context.html_url}/commit/${sha}`;

/** `owner/name` of an API address, `…/repos/owner/name/…`, or of one on the site. */
function repositoryNameOf(address: string): string | undefined {
  const api = /\/repos\/([^/]+\/[^/]+)/.exec(address);
  const site = /^https?:\/\/[^/]+\/([^/]+\/[^/]+)\/commit\//.exec(address);
  return api?.[1] ?? site?.[1];
}
