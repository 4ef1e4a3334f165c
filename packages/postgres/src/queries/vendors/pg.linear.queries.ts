import { linearIssueEntity } from './linear.entities.ts';

export const getLinearIssues = linearIssueEntity.get;
export const getLinearIssue = linearIssueEntity.getOne;
