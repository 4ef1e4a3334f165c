import { linearIssues } from '../../schemas/connector.linear.schema.ts';
import { defineEntity } from '../entity/define-entity.ts';

export const linearIssueEntity = defineEntity(linearIssues, {
  key: 'id',
  version: 'issueUpdatedAt',
  filters: ['teamId', 'assigneeId', 'projectId'],
});
