import { instant } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, varchar } from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { short, url, vendorColumns, vendorConstraints } from './columns.ts';

export type LinearPersonData = { id: string; name: string; email?: string };
export type LinearProjectData = { id: string; name: string; [field: string]: unknown };

/** A row is an issue as one connection sees it. */
export const linearIssues = pgTable(
  'linear_issues',
  {
    id: short('id').notNull(),
    identifier: varchar('identifier', { length: 64 }),
    title: varchar('title', { length: 1024 }).notNull(),
    description: text('description'),
    state: varchar('state', { length: 64 }).notNull(),
    priority: integer('priority').notNull().default(0),
    assignee: jsonb('assignee').$type<LinearPersonData>(),
    assigneeId: text('assignee_id').generatedAlwaysAs(sql`assignee ->> 'id'`),
    teamId: short('team_id'),
    team: short('team'),
    project: jsonb('project').$type<LinearProjectData>(),
    projectId: text('project_id').generatedAlwaysAs(sql`project ->> 'id'`),
    url: url('url'),
    labels: text('labels').array().notNull().default([]),
    issueCreatedAt: instant('issue_created_at').notNull(),
    issueUpdatedAt: instant('issue_updated_at').notNull(),
    completedAt: instant('completed_at'),
    ...vendorColumns,
  },
  (t) => [
    ...vendorConstraints('linear_issues', t),
    // Serves getLinearIssues of one team.
    index('linear_issues_team_idx').on(t.connectorConfigId, t.teamId, t.updatedAt, t.id),
    // Serves getLinearIssues of one assignee.
    index('linear_issues_assignee_idx').on(t.connectorConfigId, t.assigneeId, t.updatedAt, t.id),
    // Serves getLinearIssues of one project.
    index('linear_issues_project_idx').on(t.connectorConfigId, t.projectId, t.updatedAt, t.id),
    // Serves the activity feed.
    index('linear_issues_activity_idx').on(t.connectorConfigId, t.issueUpdatedAt, t.id),
  ],
);

export const linearIssueInsertSchema = createInsertSchema(linearIssues);
export const linearIssueSelectSchema = createSelectSchema(linearIssues);
export const linearIssueUpdateSchema = createUpdateSchema(linearIssues);

export type LinearIssueDataTarget = typeof linearIssues.$inferInsert;
export type LinearIssueDataSelect = typeof linearIssues.$inferSelect;
