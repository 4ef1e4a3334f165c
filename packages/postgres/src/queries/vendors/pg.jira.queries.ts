import { jiraIssues } from '../../schemas/connector.jira.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

const issues = defineEntity(jiraIssues, {
  key: 'id',
  version: 'jiraUpdatedAt',
  heavy: ['fields'],
  filters: ['projectKey', 'assigneeId'],
});
export const upsertJiraIssues = issues.upsert;
export const getJiraIssues = issues.get;
export const getJiraIssue = issues.getOne;
