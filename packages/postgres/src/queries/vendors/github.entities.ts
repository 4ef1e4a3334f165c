import {
  githubCommits,
  githubIssues,
  githubPullRequests,
  githubRepositories,
  githubRepositoryFiles,
} from '../../schemas/connector.github.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

// Shared by the queries and the ingest, which merges deliveries before it stores them.

export const githubRepositoryEntity = defineEntity(githubRepositories, {
  key: 'id',
  version: 'repoUpdatedAt',
  heavy: ['deliveries', 'metadata'],
});

export const githubPullRequestEntity = defineEntity(githubPullRequests, {
  key: 'id',
  version: 'prUpdatedAt',
  heavy: ['deliveries', 'headRepoData', 'baseRepoData'],
  filters: ['repositoryId'],
});

export const githubIssueEntity = defineEntity(githubIssues, {
  key: 'id',
  version: 'issueUpdatedAt',
  heavy: ['deliveries'],
  filters: ['repositoryId'],
});

export const githubCommitEntity = defineEntity(githubCommits, {
  key: 'sha',
  heavy: ['deliveries', 'filesData', 'verification'],
  filters: ['repositoryId'],
});

export const githubFileEntity = defineEntity(githubRepositoryFiles, {
  key: 'id',
  heavy: ['content'],
  filters: ['repositoryId'],
});
