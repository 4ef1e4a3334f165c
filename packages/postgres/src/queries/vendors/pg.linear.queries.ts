import { linearIssues } from '../../schemas/connector.linear.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

const issues = defineEntity(linearIssues, {
  key: 'id',
  version: 'issueUpdatedAt',
  filters: ['teamId', 'assigneeId', 'projectId'],
});
export const upsertLinearIssues = issues.upsert;
export const getLinearIssues = issues.get;
export const getLinearIssue = issues.getOne;
