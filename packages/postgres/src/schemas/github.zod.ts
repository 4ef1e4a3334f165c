import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import {
  githubCommits,
  githubIssues,
  githubPullRequests,
  githubRepositories,
  githubRepositoryFiles,
} from './connector.github.schema.ts';

export const githubRepositoryInsertSchema = createInsertSchema(githubRepositories);
export const githubRepositorySelectSchema = createSelectSchema(githubRepositories);
export const githubRepositoryUpdateSchema = createUpdateSchema(githubRepositories);

export const githubPullRequestInsertSchema = createInsertSchema(githubPullRequests);
export const githubPullRequestSelectSchema = createSelectSchema(githubPullRequests);
export const githubPullRequestUpdateSchema = createUpdateSchema(githubPullRequests);

export const githubIssueInsertSchema = createInsertSchema(githubIssues);
export const githubIssueSelectSchema = createSelectSchema(githubIssues);
export const githubIssueUpdateSchema = createUpdateSchema(githubIssues);

export const githubCommitInsertSchema = createInsertSchema(githubCommits);
export const githubCommitSelectSchema = createSelectSchema(githubCommits);
export const githubCommitUpdateSchema = createUpdateSchema(githubCommits);

export const githubRepositoryFileInsertSchema = createInsertSchema(githubRepositoryFiles);
export const githubRepositoryFileSelectSchema = createSelectSchema(githubRepositoryFiles);
export const githubRepositoryFileUpdateSchema = createUpdateSchema(githubRepositoryFiles);
