import { jiraIssues } from '../../schemas/connector.jira.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

export const jiraIssueEntity = defineEntity(jiraIssues, {
  key: 'id',
  version: 'jiraUpdatedAt',
  heavy: ['fields'],
  filters: ['projectKey', 'assigneeId'],
});
