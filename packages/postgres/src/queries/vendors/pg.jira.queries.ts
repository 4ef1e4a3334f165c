import { jiraIssueEntity } from './jira.entities.ts';

export const getJiraIssues = jiraIssueEntity.get;
export const getJiraIssue = jiraIssueEntity.getOne;
