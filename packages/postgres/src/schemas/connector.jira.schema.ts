import { instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { doublePrecision, index, jsonb, pgTable, text, unique, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { short, url, vendorColumns, vendorConstraints } from './columns.ts';

export type JiraPersonData = {
  accountId: string;
  displayName: string;
  emailAddress?: string;
  [field: string]: unknown;
};
export type JiraSprintData = {
  id: number;
  name: string;
  state?: string;
  [field: string]: unknown;
};

/** A row is an issue as one connection sees it. */
export const jiraIssues = pgTable(
  'jira_issues',
  {
    id: short('id').notNull(),
    key: varchar('key', { length: 64 }).notNull(),
    projectKey: varchar('project_key', { length: 32 }).notNull(),
    projectName: short('project_name'),
    issueType: varchar('issue_type', { length: 64 }).notNull(),
    summary: varchar('summary', { length: 1024 }).notNull(),
    description: text('description'),
    status: varchar('status', { length: 64 }).notNull(),
    statusCategory: varchar('status_category', { length: 32 }),
    priority: varchar('priority', { length: 64 }),
    assignee: jsonb('assignee').$type<JiraPersonData>(),
    assigneeId: text('assignee_id').generatedAlwaysAs(sql`assignee ->> 'accountId'`),
    reporter: jsonb('reporter').$type<JiraPersonData>(),
    labels: text('labels').array().notNull().default([]),
    components: text('components').array().notNull().default([]),
    sprint: jsonb('sprint').$type<JiraSprintData>(),
    storyPoints: doublePrecision('story_points'),
    resolution: varchar('resolution', { length: 64 }),
    url: url('url'),
    jiraCreatedAt: instant('jira_created_at').notNull(),
    jiraUpdatedAt: instant('jira_updated_at').notNull(),
    jiraResolvedAt: instant('jira_resolved_at'),
    fields: jsonb('fields').$type<Record<string, unknown>>(),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('jira_issues', t),
    unique('jira_issues_connector_config_id_key_key').on(t.connectorConfigId, t.key),
    // Serves getJiraIssues of one project.
    index('jira_issues_project_idx').on(t.connectorConfigId, t.projectKey, t.updatedAt, t.id),
    // Serves getJiraIssues of one assignee.
    index('jira_issues_assignee_idx').on(t.connectorConfigId, t.assigneeId, t.updatedAt, t.id),
    // Serves the activity feed.
    index('jira_issues_activity_idx').on(t.connectorConfigId, t.jiraUpdatedAt, t.id),
  ],
);

export const jiraIssueInsertSchema = createInsertSchema(jiraIssues);
export const jiraIssueSelectSchema = createSelectSchema(jiraIssues);
export const jiraIssueUpdateSchema = createUpdateSchema(jiraIssues);

export type JiraIssueDataTarget = typeof jiraIssues.$inferInsert;
export type JiraIssueDataSelect = typeof jiraIssues.$inferSelect;
