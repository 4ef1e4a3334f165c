import type { components } from '@octokit/openapi-types';
import { test } from 'vitest';
import type { z } from 'zod';
import type {
  commitPayload,
  gitCommitPayload,
  issuePayload,
  pullRequestPayload,
  pushCommitPayload,
  repositoryPayload,
} from '../../src/connectors/github/payloads.ts';

type Schemas = Parsed<components['schemas']>;

/** Compiles only if a payload of the published type is one that the schema takes. */
function takes<Schema, Published extends Schema>(_?: [Schema, Published]): void {}

/** As JSON.parse gives it: the types allow a bigint for an id, and JSON has none. */
type Parsed<T> = T extends bigint ? never : T extends object ? { [K in keyof T]: Parsed<T[K]> } : T;

test('whatever GitHub’s published types allow is taken: null, absent, or one of several', () => {
  type Repository = z.input<typeof repositoryPayload>;
  takes<Repository, Schemas['full-repository']>();
  takes<Repository, Schemas['repository']>();
  takes<Repository, Schemas['minimal-repository']>();
  takes<Repository, Schemas['repo-search-result-item']>();
  takes<Repository, Schemas['repository-webhooks']>();

  type PullRequest = z.input<typeof pullRequestPayload>;
  takes<PullRequest, Schemas['pull-request']>();
  takes<PullRequest, Schemas['pull-request-simple']>();
  takes<PullRequest, Schemas['pull-request-webhook']>();
  takes<PullRequest, Schemas['webhooks_pull_request_5']>();
  takes<PullRequest, Schemas['webhook-pull-request-closed']['pull_request']>();
  takes<PullRequest, Schemas['webhook-pull-request-labeled']['pull_request']>();
  takes<PullRequest, Schemas['webhook-pull-request-synchronize']['pull_request']>();

  type Issue = z.input<typeof issuePayload>;
  takes<Issue, Schemas['issue']>();
  takes<Issue | null, Schemas['nullable-issue']>();
  takes<Issue, Schemas['issue-search-result-item']>();
  takes<Issue, Schemas['webhooks_issue']>();
  takes<Issue, Schemas['webhooks_issue_2']>();
  takes<Issue, Schemas['webhook-issues-opened']['issue']>();
  takes<Issue, Schemas['webhook-issues-labeled']['issue']>();
  takes<Issue, Schemas['webhook-issue-comment-created']['issue']>();

  type Commit = z.input<typeof commitPayload>;
  takes<Commit, Schemas['commit']>();
  takes<Commit, Schemas['commit-search-result-item']>();
  takes<Commit, Schemas['webhook-status']['commit']>();
  takes<z.input<typeof gitCommitPayload>, Schemas['git-commit']>();
  takes<Partial<z.input<typeof gitCommitPayload>>, Schemas['file-commit']['commit']>();
  type PushCommit = z.input<typeof pushCommitPayload>;
  takes<PushCommit, Schemas['webhook-push']['commits'][number]>();
  takes<PushCommit | null, Schemas['webhook-push']['head_commit']>();
});
